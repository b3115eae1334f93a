#include "access/database_error.h"

namespace gatehouse::access {

Error to_error(const pg::Error& error) {
  if (error.is_unique_violation()) return {.code = ErrorCode::already_exists};
  // A foreign id and an absent one look the same: composite keys cannot point into another tenant.
  if (error.is_foreign_key_violation() || error.is_insufficient_privilege())
    return {.code = ErrorCode::not_found};
  if (error.is_check_violation() || error.is_invalid_text()) return {.code = ErrorCode::validation_failed};
  if (error.sqlstate() == "GH009")
    return {.code = ErrorCode::forbidden,
            .detail = "What you may do was changed just now: " + error.message()};
  if (error.sqlstate() == "GH004")
    return {.code = ErrorCode::plan_limit_reached, .detail = "The plan allows no more users"};
  // What our own triggers say is written for people and quotes nothing.
  if (error.is_raised_by_us()) return {.code = ErrorCode::conflict, .detail = error.message()};
  if (error.is_exclusion_violation()) return {.code = ErrorCode::conflict};
  if (error.is_serialization_failure() || error.is_lock_timeout())
    return {.code = ErrorCode::conflict, .detail = "Another change got in between; try again"};
  if (error.is_connection() || error.is_timeout())
    return {.code = ErrorCode::overloaded,
            .detail = "The database does not answer",
            .fields = {},
            .retry_after = std::chrono::seconds(1)};
  return {.code = ErrorCode::internal};
}

}  // namespace gatehouse::access
