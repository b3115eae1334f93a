// The journal of model calls: the intent of a call is durable before its first byte goes upstream, and its
// metering event takes the intent's place before the last byte goes to the client.
//
// One writer coroutine a process and region takes what was submitted from every reactor and commits it as one
// transaction; while that commit is under way the next batch gathers, so that calls share their fsyncs. It
// writes for many tenants at once, as gatehouse_platform.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <boost/describe/enum.hpp>

#include "audit/appender.h"
#include "audit/event.h"
#include "base/task.h"
#include "domain/ids.h"
#include "domain/terms.h"
#include "pg/connection.h"

namespace gatehouse::models {

/// How a model call ended. `stopped`: by the caller, who left or asked. `unknown`: the process died.
enum class CallOutcome { completed, stopped, blocked, failed, unknown };
BOOST_DESCRIBE_ENUM(CallOutcome, completed, stopped, blocked, failed, unknown)
std::string_view to_string(CallOutcome);

/// Who makes the call, of what: the columns that intent and metering event share.
struct CallIdentity {
  OrganizationId organization;
  ModelCallId id;
  WorkspaceId workspace;
  audit::ActorType actor_type = audit::ActorType::user;
  Uuid actor;
  std::optional<ChatId> chat;
  std::string model;  // as the caller named it
  std::string provider;
};

/// `event` is the id of the audit event that will tell the outcome; fixed here, so that recovery after a
/// crash and the call itself can never both record one.
struct Intent {
  CallIdentity call;
  AuditEventId event;
  std::optional<MessageId> message;
  std::string request_id;
  std::string decision_json;  // an object; names, ids and counts
};

struct Settlement {
  CallIdentity call;
  std::int64_t input_tokens = 0;
  std::int64_t output_tokens = 0;
  bool is_estimated = false;  // the provider sent no usage; tokens are counted by us
  std::int64_t cost = 0;      // microdollars
  std::optional<std::int32_t> first_byte_ms;
  std::int32_t latency_ms = 0;
  CallOutcome outcome = CallOutcome::completed;
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

/// Something submitted and not yet known to be durable. Move only; waited for on the reactor that submitted
/// it, at most once. Dropping it changes nothing: the writing goes on.
class Pending {
 public:
  struct State;
  explicit Pending(std::shared_ptr<State> state) : state_(std::move(state)) {}
  Pending(Pending&&) noexcept = default;
  Pending& operator=(Pending&&) noexcept = default;

  /// Returns when it is durable. Does not listen to cancellation, because the outcome would be unknown.
  /// Throws Failure if it could not be made durable within the deadline (it may still turn out to be).
  Task<void> wait();

 private:
  std::shared_ptr<State> state_;
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

  /// Throw Failure if the queue is full or the journal is closed: nothing was submitted.
  Pending begin(Executor caller, Intent);
  /// Removes the intent and writes the metering event in one transaction. A call whose intent is gone
  /// (settled before, or recovered as unknown) writes nothing, so a repeat after an uncertain commit is
  /// harmless.
  Pending settle(Executor caller, Settlement);

  /// Settles as `unknown` what earlier processes of this node left, and what any node left more than
  /// kAbandonedAfter ago: an audit event with the intent's id goes to `appender` (which leaves out ids that
  /// it knows), the chat's answer becomes `unknown` if it was still streaming, then the intent gives way to a
  /// metering event. Call it at start before the first request, and again now and then. Safe to run on
  /// several nodes at once and to run again after any failure. Returns how many were settled. Throws what pg/
  /// and the appender throw.
  Task<std::size_t> recover(audit::Appender& appender);

  /// Refuses new submissions and waits for those made. False if some were left at the deadline.
  Task<bool> close(pg::Deadline);

  /// Longer than any call may take.
  static constexpr std::chrono::hours kAbandonedAfter{2};

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace gatehouse::models
