// The one way of a model call, for `/v1` and for chats:
//
//   clear     policy judges the final outbound document; a block ends it here: no intent, no call
//   begin     the intent is durable
//   open      the provider has answered with its head; before that, tries may be repeated
//   next …    the answer, through policy, piece by piece
//   settle    the audit event is durable, with all that is metered; only then may the last byte go out
//
// After begin(), settle() has to be reached whatever happens; if it is not (the process dies, the databases
// fail), the intent stays and is recorded as `unknown` by Journal::recover.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "access/call.h"
#include "access/quota.h"
#include "audit/event.h"
#include "base/error.h"
#include "base/task.h"
#include "json/value.h"
#include "models/answer_filter.h"
#include "models/call_stop.h"
#include "models/catalogue.h"
#include "models/demo_provider.h"
#include "models/gateway.h"
#include "models/journal.h"
#include "models/openai_provider.h"
#include "policy/cleared.h"

namespace gatehouse::models {

/// What is asked of which model.
struct Order {
  std::shared_ptr<const Route> route;
  /// A chat-completions request. `model`, `stream` and `stream_options.include_usage` are set here.
  json::Value document;
  bool stream = true;
  AnswerOptions answer;
  std::optional<ChatId> chat;
  std::optional<MessageId> message;  // the answer's
  /// Whose rules hold and who pays; the call's own if nil.
  WorkspaceId workspace;
};

/// Not thread-safe: the reactor of its access::Call, which outlives it.
class ModelCall {
 public:
  /// The tenant's route for a model name. Errors: model_not_found.
  static Task<Result<std::shared_ptr<const Route>>> find_route(access::Call&, std::string_view model);

  /// Errors: plan_limit_reached with the member `quota`, before policy is asked; policy_blocked with the
  /// member `decision` (a policy::DecisionView); the call's audit note then says what was refused, and the
  /// dispatcher records the denial.
  static Task<Result<std::unique_ptr<ModelCall>>> clear(access::Call&, Gateway&, Order);
  ~ModelCall();

  const policy::Cleared& cleared() const { return *cleared_; }
  /// cleared().text(), beside the reactor if it is long.
  Task<std::optional<std::string>> text_to_keep(std::string made) const;
  const policy::Decision& prompt_decision() const { return cleared_->decision(); }

  /// From here on the call's audit event is this object's. Throws if the intent could not be made durable.
  Task<void> begin();
  /// False: the provider could not be reached or refused; failure() tells.
  Task<bool> open();
  /// Appends what may go to the client. False at the end, of whatever kind: see outcome() and failure().
  Task<bool> next(ClearedAnswer& out);
  /// More of the answer is at hand, so that writing can wait for it.
  bool has_more() const;
  /// The caller does not want it any more; on this reactor, at any time.
  void stop() { stop_.stop(); }
  /// Something else failed (storing the answer): no success is recorded.
  void fail_with(Error error);

  /// Throws if it could not be made durable: then the client must not see the end of the answer. While the
  /// audit database does not answer, the event goes to the product database's outbox.
  Task<void> settle();
  /// After the client has everything: makes the upstream connection reusable.
  Task<void> release();

  CallOutcome outcome() const { return outcome_; }
  /// What the caller is told if the outcome is failed or blocked.
  const std::optional<Error>& failure() const { return failure_; }
  /// Final after next() has returned false.
  policy::Decision response_decision() const { return filter_->decision(); }
  /// The stronger of both.
  policy::Outcome decision() const;
  /// The provider's count, or our estimate of what was sent and received.
  Usage usage() const;
  bool provider_usage() const { return filter_->usage().has_value(); }
  std::int64_t cost() const;
  std::int64_t latency_ms() const;
  const Route& route() const { return *order_.route; }

 private:
  using Clock = std::chrono::steady_clock;
  ModelCall(access::Call&, Gateway&, Order, policy::Cleared, access::Quota::Ticket);
  /// The caller would not be admitted any more.
  void refuse(Error);
  bool end_stopped();
  bool end(CallOutcome);
  /// What `step` lets out of `bytes` of the answer, beside the reactor if they are many.
  template <class Step>
  Task<void> judge(std::size_t bytes, Step step, ClearedAnswer& out);
  void fail_upstream(UpstreamError);
  CallIdentity identity() const;
  Settlement settlement() const;
  json::Object payload(const Settlement&) const;

  access::Call& call_;
  Gateway& gateway_;
  Order order_;
  std::shared_ptr<const policy::Cleared> cleared_;
  std::shared_ptr<AnswerFilter> filter_;
  ModelCallId id_ = ModelCallId::make();
  audit::Event event_;
  CallStop stop_;
  access::Quota::Ticket ticket_;
  bool refused_ = false;
  std::variant<std::monostate, DemoAnswer, OpenAiAnswer> answer_;
  std::optional<Gateway::Running> running_;
  CallOutcome outcome_ = CallOutcome::completed;
  std::optional<Error> failure_;
  bool ended_ = false;
  Clock::time_point started_ = Clock::now();
  std::optional<Clock::time_point> first_byte_;
  std::optional<Clock::time_point> ended_at_;
};

/// The error of a blocked prompt or answer, with its `decision` member.
Error blocked_error(const policy::Decision&, policy::Direction);

}  // namespace gatehouse::models
