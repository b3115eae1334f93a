// What went wrong in the database, precisely enough to answer with a code of our own.
#pragma once

#include <string>
#include <string_view>

#include <libpq-fe.h>

#include "base/error.h"

namespace gatehouse::pg {

/// Thrown by everything in pg/ that speaks with a server. A store turns the violations its caller can act
/// on into a `Result`; everything else propagates and becomes `internal`.
///
/// `what()` names statement, SQLSTATE, constraint and message, and never a value: it may be logged.
/// `message()` may quote a value (class 22): do not log or send it.
class Error : public Failure {
 public:
  struct Fields {
    std::string sqlstate;  // five characters; of our own making: 08006 connection lost, 57014 deadline passed
    std::string message;
    std::string statement;  // name of the statement, empty outside one
    std::string constraint;
    std::string schema;
    std::string table;
    std::string column;
    bool timeout = false;
  };

  explicit Error(Fields fields);
  /// From a result with status PGRES_FATAL_ERROR.
  static Error from_result(const PGresult*, std::string_view statement);
  /// The connection failed or was closed under us. After COMMIT was sent, the outcome is unknown.
  static Error connection_lost(std::string_view detail, std::string_view statement = {});
  /// The caller's deadline passed; the connection is closed.
  static Error deadline_passed(std::string_view statement = {});
  /// The same, naming the statement that was under way.
  Error in_statement(std::string_view statement) const;

  const std::string& sqlstate() const { return fields_.sqlstate; }
  const std::string& message() const { return fields_.message; }
  const std::string& statement() const { return fields_.statement; }
  const std::string& constraint() const { return fields_.constraint; }
  const std::string& table() const { return fields_.table; }
  const std::string& column() const { return fields_.column; }

  bool is_unique_violation() const { return is("23505"); }
  bool is_foreign_key_violation() const { return is("23503"); }
  bool is_check_violation() const { return is("23514"); }
  bool is_not_null_violation() const { return is("23502"); }
  bool is_exclusion_violation() const { return is("23P01"); }
  /// Also raised when a row breaks a row-level security policy's WITH CHECK.
  bool is_insufficient_privilege() const { return is("42501"); }
  /// Serialization failure or deadlock: the same transaction may succeed when it is run again.
  bool is_serialization_failure() const { return is("40001") || is("40P01"); }
  bool is_lock_timeout() const { return is("55P03"); }
  /// Text that the database cannot hold: a NUL character or invalid UTF-8.
  bool is_invalid_text() const { return is("22021") || is("22P05"); }
  /// No connection, or it was lost (class 08, server shutting down, starting up or crashed).
  bool is_connection() const;
  /// Our deadline, or the server's statement_timeout behind it.
  bool is_timeout() const { return fields_.timeout || is("57014"); }
  /// What another try may not meet again.
  bool may_pass() const {
    return is_connection() || is_timeout() || is_serialization_failure() || is_lock_timeout();
  }
  /// A code raised by our own triggers: `raise exception … using errcode = 'GH001'`.
  bool is_raised_by_us() const { return sqlstate().starts_with("GH"); }

 private:
  bool is(std::string_view state) const { return fields_.sqlstate == state; }

  Fields fields_;
};

}  // namespace gatehouse::pg
