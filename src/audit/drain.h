// Moves events from the product database's outbox into the chains.
//
// A cycle deletes a batch of rows in an open transaction (SKIP LOCKED, so that several processes drain side
// by side), appends the events, and commits the deletion only when they are durable and chained. A crash in
// between leaves rows that the appender recognises by their ids.
//
// It also writes down, about once a second and when it stops, how far the appender's chains have come
// (marks.h).
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>

#include "audit/appender.h"
#include "base/task.h"
#include "domain/terms.h"
#include "pg/connection.h"

namespace gatehouse::audit {

struct DrainOptions {
  Region region = Region::us;
  pg::Config database;  // a product database of the region, as gatehouse_audit
  std::size_t batch = 1000;
  std::chrono::milliseconds busy_poll{20};   // after a cycle that found something
  std::chrono::milliseconds idle_poll{250};  // the pause grows to this
  std::chrono::milliseconds gather{4};       // after a hint, so that a commit of ours is not a batch of one
};

/// One a process and product database. A row that is not an event of its organization is chained as
/// `audit.unreadable_row` with its bytes in base64, and leaves the queue. Metrics:
/// gatehouse_audit_outbox_rows, gatehouse_audit_outbox_lag_seconds (age of the oldest row, whole seconds),
/// gatehouse_audit_commit_to_chained_seconds.
class Drain {
 public:
  /// Runs on `reactor`, the reactor that also destroys it; `appender` must outlive it.
  Drain(Executor reactor, DrainOptions, Appender& appender);
  ~Drain();
  Drain(const Drain&) = delete;
  Drain& operator=(const Drain&) = delete;

  /// A transaction of this process has committed an event. From any thread, cheap, never throws.
  void notify_local() noexcept;

  /// Returns true when a poll found the outbox empty, false at the deadline. From any reactor.
  Task<bool> flush(pg::Deadline);

  /// Ends the loop after its cycle. On the drain's reactor.
  Task<void> stop();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace gatehouse::audit
