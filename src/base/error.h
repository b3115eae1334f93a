// Failures that a caller can act on: one ErrorCode each, one table to HTTP status and title.
//
// Input-dependent failures are returned (`Result<T>`); infrastructure failures (database down, disk
// full, bug) are thrown and become `internal`, with their text logged and never sent.
#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse {

enum class ErrorCode {
  // 400: the request itself is malformed
  bad_request,
  malformed_json,
  malformed_http,
  invalid_page_token,
  workspace_required,
  unsupported_grant_type,
  invalid_scope,
  // 401
  unauthenticated,
  invalid_credentials,
  session_expired,
  second_factor_required,
  // 402
  plan_limit_reached,
  // 403
  forbidden,
  csrf_failed,
  policy_blocked,
  tenant_suspended,
  tenant_cancelled,
  not_a_member,
  second_factor_missing,
  password_sign_in_off,
  sign_up_closed,
  origin_refused,
  egress_refused,
  // 404, 405, 406
  not_found,
  model_not_found,
  method_not_allowed,
  // 408, 409, 412, 413, 414, 421, 422, 429, 431
  request_timeout,
  conflict,
  already_exists,
  idempotency_in_flight,
  organization_switched,
  stream_in_progress,
  precondition_failed,
  precondition_required,
  payload_too_large,
  uri_too_long,
  wrong_region,
  validation_failed,
  idempotency_mismatch,
  invalid_code,
  invalid_link,
  rate_limited,
  headers_too_large,
  // 5xx
  internal,
  upstream_failed,
  upstream_timeout,
  overloaded,
  shutting_down,
};

struct ErrorInfo {
  ErrorCode code;
  std::string_view name;  // the wire's `code`, stable
  int http_status;
  std::string_view title;  // the wire's `title`, English, a sentence without a full stop
  std::string_view cause;  // for the documentation: what brings it about; Markdown
};

/// The row of the one table. Every enumerator has one (checked by a test).
const ErrorInfo& info(ErrorCode);
std::string_view to_string(ErrorCode);
/// All rows, for documentation and tests.
const std::vector<ErrorInfo>& error_catalogue();

/// One bad field. `pointer` is a JSON pointer into the body (`/name`), or `?limit`, `{chat_id}` for
/// query and path parameters. `code` is machine-readable (`required`, `too_long`, `unknown_field`, …).
struct FieldError {
  std::string pointer;
  std::string code;
  std::string message;
  bool operator==(const FieldError&) const = default;
};

struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string detail;  // for the caller; never internal text
  std::vector<FieldError> fields = {};
  std::optional<std::chrono::seconds> retry_after = std::nullopt;
  /// One more member of the problem: its name, and its value as JSON text (`decision` of policy_blocked).
  std::string extension_name = {};
  std::string extension_json = {};
};

template <class T = void>
using Result = std::expected<T, Error>;

/// `return fail(ErrorCode::not_found, "no such chat");`
inline std::unexpected<Error> fail(ErrorCode code, std::string detail = {}) {
  return std::unexpected(Error{.code = code, .detail = std::move(detail)});
}
inline std::unexpected<Error> fail(Error error) {
  return std::unexpected(std::move(error));
}

/// validation_failed; told in words too if it is one field alone.
Error invalid(std::vector<FieldError> fields);
/// `return fail(invalid("/name", "too_long", "must be at most 255 bytes"));`
Error invalid(std::string pointer, std::string_view code, std::string message);

/// An infrastructure failure: nothing the caller sent can mend it.
class Failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace gatehouse

// GH_TRY(auto x, f());  unwraps a Result or returns its error; GH_CO_TRY is the same in a coroutine.
// The declaration may be left out for Result<void>: GH_CO_CHECK(co_await g());
#define GH_CONCAT_(a, b) a##b
#define GH_CONCAT(a, b) GH_CONCAT_(a, b)
#define GH_TRY_IMPL_(ret, tmp, decl, ...)                \
  auto tmp = (__VA_ARGS__);                              \
  if (!tmp) ret std::unexpected(std::move(tmp).error()); \
  decl = std::move(*tmp)
#define GH_TRY(decl, ...) GH_TRY_IMPL_(return, GH_CONCAT(gh_try_, __LINE__), decl, __VA_ARGS__)
#define GH_CO_TRY(decl, ...) GH_TRY_IMPL_(co_return, GH_CONCAT(gh_try_, __LINE__), decl, __VA_ARGS__)
#define GH_CHECK(...) \
  if (auto gh_check = (__VA_ARGS__); !gh_check) return std::unexpected(std::move(gh_check).error())
#define GH_CO_CHECK(...) \
  if (auto gh_check = (__VA_ARGS__); !gh_check) co_return std::unexpected(std::move(gh_check).error())
