// One PostgreSQL connection on one reactor.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/task.h"
#include "pg/batch.h"
#include "pg/error.h"
#include "pg/rows.h"

namespace gatehouse::pg {

using Deadline = std::chrono::steady_clock::time_point;

inline Deadline within(std::chrono::steady_clock::duration duration) {
  return std::chrono::steady_clock::now() + duration;
}

struct Config {
  std::string dsn;  // libpq keywords or URI
  std::string application_name = "gatehouse";
  // Behind our own deadlines: what ends a statement whose client has gone. Zero means none.
  std::chrono::milliseconds statement_timeout{35'000};
  std::chrono::milliseconds idle_in_transaction_timeout{60'000};
};

class Session;

/// Runs one batch at a time; calling `run` while another is under way is a bug and throws Failure.
/// Everything is non-blocking. Not thread-safe: use it on the reactor that opened it.
class Connection {
 public:
  /// Resolves, connects and authenticates without blocking the reactor. Throws Error (`is_connection`,
  /// `is_timeout`, or the server's refusal).
  static Task<Connection> connect(Config, Deadline);

  Connection(Connection&&) noexcept = default;
  Connection& operator=(Connection&&) noexcept = default;
  ~Connection();

  /// Sends the whole batch with one Sync and reads while it sends: one round trip for any size. Outside a
  /// transaction the batch is one: the first error rolls back what went before, skips the rest, and is
  /// thrown as Error naming its statement. Gives one Rows for each statement, in order.
  ///
  /// Statements are prepared on first use, in the same round trip. If the deadline passes, the task is
  /// cancelled or anything else interrupts the reading, the connection is closed.
  Task<std::vector<Rows>> run(Batch, Deadline);
  /// A batch of one.
  Task<Rows> query(Statement, Params, Deadline);
  /// Several statements in one text, without parameters (simple protocol): migrations and set-up.
  Task<void> execute_script(std::string sql, Deadline);

  /// False once closed or broken; such a connection is never good again.
  bool is_open() const;
  /// Whether a transaction is open, sound or failed.
  bool in_transaction() const;
  /// Whether it is open, idle and outside a transaction, so that another may use it.
  bool is_reusable() const;
  /// Reads what came while idle. False if the server has closed the connection.
  bool check_idle();
  /// As 150020 for 15.20.
  int server_version() const;
  int backend_pid() const;
  std::chrono::steady_clock::time_point opened_at() const;
  void close();

 private:
  friend class Pipeline;
  explicit Connection(std::shared_ptr<Session> session) : session_(std::move(session)) {}

  std::shared_ptr<Session> session_;
};

}  // namespace gatehouse::pg
