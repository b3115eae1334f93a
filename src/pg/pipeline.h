// Several callers' one-shot batches on few connections: each batch is sent at once, behind those still
// unanswered, with a Sync of its own, so that neither we nor the server wait for each other's round trips.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "base/task.h"
#include "pg/pool.h"

namespace gatehouse::pg {

/// Borrows up to `lanes` connections while there is work and gives them back when there is none. A batch is a
/// transaction of its own and its failure is nobody else's; a slow one holds up those behind it. When a
/// caller leaves (deadline, cancellation), its connection takes no more work and is closed when the others on
/// it are served. A lost connection fails all on it, as their outcome is unknown. One reactor.
class Pipeline : public std::enable_shared_from_this<Pipeline> {
 public:
  using Acquire = std::function<Task<Lease>(Deadline)>;

  Pipeline(Executor, Acquire, std::size_t lanes, std::size_t max_waiting);

  /// As Pool::run.
  Task<std::vector<Rows>> run(Batch, Deadline);
  /// Refuses new batches and those not yet sent; those under way are finished.
  void close();

 private:
  struct Call;
  struct Lane;

  Task<std::vector<Rows>> run_once(std::shared_ptr<Call>);
  void submit(const std::shared_ptr<Call>&);
  void open_lane();
  void leave(const std::shared_ptr<Call>&);
  Task<void> drive(std::shared_ptr<Lane>, Deadline);
  void send_waiting(const std::shared_ptr<Lane>&);
  static void send(const std::shared_ptr<Lane>&, const std::shared_ptr<Call>&);
  static void fail(std::deque<std::shared_ptr<Call>>&, std::exception_ptr);

  Executor executor_;
  Acquire acquire_;
  std::size_t max_lanes_;
  std::size_t max_waiting_;
  std::vector<std::shared_ptr<Lane>> lanes_;
  std::deque<std::shared_ptr<Call>> waiting_;
  bool closed_ = false;
};

}  // namespace gatehouse::pg
