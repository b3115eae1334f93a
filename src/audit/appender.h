// Appends events to the chains of a region's audit database. Needs no leader: any number of processes may
// append.
//
// Events are given sequences and hashes and committed in batches (pg/group_commit.h). If nobody else appended
// meanwhile, a batch is one round trip and one fsync; else it locks the region's head first (two).
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "audit/chain_writer.h"
#include "audit/event.h"
#include "base/task.h"
#include "domain/terms.h"
#include "pg/group_commit.h"

namespace gatehouse::audit {

struct AppenderOptions {
  Region region = Region::us;
  pg::Config database;                      // the region's audit database, as gatehouse_audit
  std::size_t max_batch = 512;              // events
  std::size_t max_queued = 16'384;          // events
  std::size_t max_queued_bytes = 64 << 20;  // of records
  std::chrono::milliseconds deadline{10'000};
};

/// One a process and region. `append` and `append_all` may be called from any reactor and resume there.
class Appender {
 public:
  /// The writer runs on `writer` until `close` or destruction.
  Appender(Executor writer, AppenderOptions);
  /// Returns when the event is durable and chained. An event whose id is chained already is not chained
  /// again: that is success. Does not listen to cancellation, because its outcome would be unknown.
  /// Throws Failure if the event breaks a limit of event.h, the queue is full, the appender is closed, or the
  /// event could not be made durable within the deadline (it may still turn out to be: its id stays good for
  /// another try), or if the region's head or the chain's is gone or lies before what this process appended.
  Task<void> append(Event);
  /// The same for up to 4,096 events that share one fate. They are chained in this order.
  Task<void> append_all(std::vector<Event>);

  /// The payloads of those of these events that are chained, as canonical JSON. For recovery after a crash:
  /// on a connection of its own. Throws what pg/ throws.
  Task<std::unordered_map<AuditEventId, std::string>> find_payloads(std::vector<AuditEventId>, pg::Deadline);

  /// Refuses new events and waits for those submitted. False if some were left at the deadline.
  Task<bool> close(pg::Deadline);

  /// Where the heads of the chains that it makes longer are to be had.
  std::shared_ptr<FreshMarks> fresh_marks() const { return marks_; }

 private:
  /// Events that share one fate.
  using Together = std::vector<Prepared>;

  AppenderOptions options_;
  std::shared_ptr<FreshMarks> marks_ = std::make_shared<FreshMarks>();
  pg::GroupCommit<Together> writer_;
};

}  // namespace gatehouse::audit
