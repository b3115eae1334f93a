#include "pg/error.h"

namespace gatehouse::pg {
namespace {

std::string describe(const Error::Fields& f) {
  std::string text = f.statement.empty() ? "postgres" : f.statement;
  text += ": " + f.sqlstate;
  // Class 22 (data exceptions) quotes the value that was refused, and this text is logged.
  if (!f.sqlstate.starts_with("22")) text += " " + f.message;
  if (!f.constraint.empty()) text += " (constraint " + f.constraint + ")";
  return text;
}

std::string field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text ? text : "";
}

}  // namespace

Error::Error(Fields fields) : Failure(describe(fields)), fields_(std::move(fields)) {}

Error Error::from_result(const PGresult* result, std::string_view statement) {
  Fields fields{.sqlstate = field(result, PG_DIAG_SQLSTATE),
                .message = field(result, PG_DIAG_MESSAGE_PRIMARY),
                .statement = std::string(statement),
                .constraint = field(result, PG_DIAG_CONSTRAINT_NAME),
                .schema = field(result, PG_DIAG_SCHEMA_NAME),
                .table = field(result, PG_DIAG_TABLE_NAME),
                .column = field(result, PG_DIAG_COLUMN_NAME)};
  // libpq's own failures (a cut connection) carry no SQLSTATE.
  if (fields.sqlstate.empty()) return connection_lost(PQresultErrorMessage(result), statement);
  return Error(std::move(fields));
}

Error Error::connection_lost(std::string_view detail, std::string_view statement) {
  while (detail.ends_with('\n')) detail.remove_suffix(1);
  return Error({.sqlstate = "08006", .message = std::string(detail), .statement = std::string(statement)});
}

Error Error::deadline_passed(std::string_view statement) {
  return Error({.sqlstate = "57014",
                .message = "no answer before the deadline",
                .statement = std::string(statement),
                .timeout = true});
}

Error Error::in_statement(std::string_view statement) const {
  Fields fields = fields_;
  fields.statement = statement;
  return Error(std::move(fields));
}

bool Error::is_connection() const {
  return sqlstate().starts_with("08") || is("57P01") || is("57P02") || is("57P03") || is("57P05") ||
         is("53300");
}

}  // namespace gatehouse::pg
