// The journal of model calls: the intent of a call is durable before its first byte goes upstream. At its end
// the audit event is (before the last byte goes to the client), and then a metering event takes the intent's
// place. As long as the intent is there the call is not forgotten: recover() does what is left to do.
//
// Calls share their commits (pg/group_commit.h). The journal writes for many tenants at once, as
// gatehouse_platform.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "audit/appender.h"
#include "audit/event.h"
#include "base/task.h"
#include "domain/ids.h"
#include "domain/terms.h"
#include "models/settlement.h"
#include "pg/group_commit.h"

namespace gatehouse::models {

/// `event` is the id of the audit event that will tell the outcome; fixed here, so that recovery after a
/// crash and the call itself can never both record one.
struct Intent {
  CallIdentity call;
  AuditEventId event;
  std::optional<MessageId> message;
  std::string request_id;
  std::string decision_json;  // an object; names, ids and counts
  std::optional<Uuid> lease;  // of the monthly quota, which the call is counted by (access/quota.h)
};

struct JournalOptions {
  Region region = Region::us;
  pg::Config database;  // the region's product database, as gatehouse_platform
  /// Names this server among those that share the database; see recover().
  std::string node;
  std::size_t max_batch = 512;
  std::size_t max_queued = 16'384;
  std::chrono::milliseconds deadline{10'000};
};

/// Thread-safe: submit from any reactor, and resume there.
class Journal {
 public:
  /// The writer runs on `writer` until `close` or destruction.
  Journal(Executor writer, JournalOptions);
  /// Fails what still waits.
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  /// Throws Failure if the queue is full or the journal is closed: nothing was submitted.
  pg::Pending begin(Executor caller, Intent);

  /// Removes the intent and writes the metering event in one transaction, along with a later batch: nobody
  /// has to wait, because what a crash or a full queue leaves undone recover() does from the audit event. A
  /// call whose intent is gone writes nothing, so a repeat is harmless.
  void settle(Settlement);
  /// The same, now, and with the audit event, which goes to the outbox: for a call whose event could not be
  /// chained. Throws as `begin`.
  pg::Pending settle(Executor caller, Settlement, const audit::Event&);

  /// Settles what earlier processes of this node left, what this process left more than kForgottenAfter ago
  /// and is not among `under_way`, and what any node left more than kAbandonedAfter ago. A call whose audit
  /// event is chained is metered as that says. Any other is recorded as `unknown` under the event id of its
  /// intent (so that a call is never recorded twice), and the chat's answer becomes `unknown` if it was still
  /// streaming. Call it at start before the first request, and again now and then. Safe to run on several
  /// nodes at once and to run again after any failure. Returns how many were settled. Throws what pg/ and the
  /// appender throw.
  Task<std::size_t> recover(audit::Appender& appender, std::vector<ModelCallId> under_way = {});

  /// Refuses new submissions and waits for those made. False if some were left at the deadline.
  Task<bool> close(pg::Deadline);

  /// Longer than any call may take.
  static constexpr std::chrono::hours kAbandonedAfter{2};
  /// Longer than a settlement may wait to be written.
  static constexpr std::chrono::minutes kForgottenAfter{1};

 private:
  struct Recorded {
    Settlement settlement;
    audit::Event event;
  };
  using Entry = std::variant<Intent, Settlement, Recorded>;
  struct State;
  std::shared_ptr<State> state_;
  pg::GroupCommit<Entry> writer_;
};

}  // namespace gatehouse::models
