// A bounded set of connections for one reactor, lent first come first served.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/task.h"
#include "pg/connection.h"

namespace gatehouse::pg {

struct PoolOptions {
  std::string name;  // label `pool` of the metrics: a bounded set, as `us.app`
  std::size_t size = 4;
  std::size_t max_waiting = 256;
  std::chrono::milliseconds connect_timeout{5'000};
  /// Older connections are replaced when they come back, so that a backend's caches do not grow for ever.
  std::chrono::minutes max_age{30};
  /// Of `size`, how many connections carry `run` batches of several callers at once. 0: each borrows its own.
  std::size_t shared = 0;
};

/// No connection could be lent: answer 503 with `retry-after`.
class PoolExhausted : public Failure {
 public:
  enum class Reason { queue_full, deadline, closed };
  explicit PoolExhausted(Reason);
  Reason reason() const { return reason_; }

 private:
  Reason reason_;
};

struct PoolState;
class Pipeline;

/// A borrowed connection; gives it back when it dies. One with an open transaction is rolled back first, a
/// broken or abandoned one is dropped and replaced when needed.
class Lease {
 public:
  Lease(Lease&&) noexcept;
  Lease& operator=(Lease&&) noexcept;
  ~Lease();

  Connection& operator*() { return *connection_; }
  Connection* operator->() { return &*connection_; }

 private:
  friend class Pool;
  Lease(std::shared_ptr<PoolState>, Connection);
  void give_back() noexcept;

  std::shared_ptr<PoolState> pool_;
  std::optional<Connection> connection_;
};

/// Opens connections when they are needed, one attempt at a time after a failure and with growing pauses
/// (50 ms to 5 s); callers wait in order until their deadline. A refused password or a missing database
/// fails every waiting caller at once with its Error. Not thread-safe: one reactor.
class Pool {
 public:
  Pool(Executor, Config, PoolOptions);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  /// Throws PoolExhausted, or Error if the server refuses us for good.
  Task<Lease> acquire(Deadline);

  /// A batch that is a transaction of its own, on a shared connection if the pool has them. The way to read:
  /// session context and query in one round trip. Throws as `acquire` and `Connection::run` do; a statement
  /// that opens a transaction or sets a session-wide setting must not be in it.
  Task<std::vector<Rows>> run(Batch, Deadline);

  /// Refuses new callers and those who wait, closes idle connections; borrowed ones close when they return.
  void close();
  /// `close()`, then waits for the borrowed ones. False if some were still out at the deadline.
  Task<bool> drain(Deadline);

  std::size_t in_use() const;
  std::size_t idle() const;
  std::size_t waiting() const;

 private:
  static Task<Lease> acquire_from(std::shared_ptr<PoolState>, Deadline);

  std::shared_ptr<PoolState> state_;
  std::shared_ptr<Pipeline> pipeline_;
};

}  // namespace gatehouse::pg
