#include "models/model_call.h"

#include "base/beside.h"
#include "base/failpoint.h"
#include "base/log.h"
#include "base/metrics.h"
#include "json/codec.h"
#include "models/decision_note.h"
#include "policy/decision_api.h"
#include "policy/rule_sets.h"

namespace gatehouse::models {
namespace {

struct CallMetrics {
  metrics::Histogram& first_byte =
      metrics::histogram("gatehouse_provider_first_byte_seconds", "From a call's start to its first event");
  metrics::Gauge& under_way = metrics::gauge("gatehouse_model_calls", "Model calls under way");

  metrics::Counter& call(ProviderKind kind, CallOutcome outcome) { return *calls.at({kind, outcome}); }
  metrics::Counter& decision(std::string_view direction, policy::Outcome outcome) {
    return *decisions.at({direction, outcome});
  }

  CallMetrics() {
    for (auto kind : {ProviderKind::demo, ProviderKind::openai_compatible})
      for (auto outcome : {CallOutcome::completed, CallOutcome::stopped, CallOutcome::blocked,
                           CallOutcome::failed, CallOutcome::unknown})
        calls[{kind, outcome}] =
            &metrics::counter("gatehouse_provider_calls_total", "Model calls by how they ended",
                              {{"kind", json::name_of(kind)}, {"outcome", to_string(outcome)}});
    for (std::string_view direction : {"prompt", "response"})
      for (auto outcome : {policy::Outcome::allow, policy::Outcome::warn, policy::Outcome::redact,
                           policy::Outcome::require_approval, policy::Outcome::block})
        decisions[{direction, outcome}] =
            &metrics::counter("gatehouse_policy_decisions_total", "Decisions of the policy engine",
                              {{"direction", direction}, {"outcome", policy::to_string(outcome)}});
  }
  std::map<std::pair<ProviderKind, CallOutcome>, metrics::Counter*> calls;
  std::map<std::pair<std::string_view, policy::Outcome>, metrics::Counter*> decisions;
};

CallMetrics& measured() {
  static CallMetrics metrics;
  return metrics;
}

audit::EventOutcome event_outcome(CallOutcome outcome) {
  switch (outcome) {
    case CallOutcome::completed:
    case CallOutcome::stopped:
      return audit::EventOutcome::success;
    case CallOutcome::blocked:
      return audit::EventOutcome::denied;
    case CallOutcome::failed:
      return audit::EventOutcome::failed;
    case CallOutcome::unknown:
      return audit::EventOutcome::unknown;
  }
  return audit::EventOutcome::unknown;
}

// Judging a text takes time in proportion to it, and a hostile one a thousand times as long as prose: what
// could hold up the reactor's other callers is judged beside it.
constexpr std::size_t kLargeText = 64 << 10;

std::int64_t milliseconds(std::chrono::steady_clock::duration duration) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
}

}  // namespace

Error blocked_error(const policy::Decision& decision, policy::Direction direction) {
  const auto* rule = decision.deciding();
  Error error{.code = ErrorCode::policy_blocked,
              .detail = rule && !rule->message.empty() ? rule->message : std::string(),
              .extension_name = "decision",
              .extension_json = json::encode(policy::view_of(decision, direction))};
  if (!error.detail.empty()) return error;
  if (!rule)
    error.detail = "Blocked by a policy";
  else
    error.detail = (rule->rule_id.is_nil() ? "Blocked: " : "Blocked by the rule: ") + rule->name;
  return error;
}

Task<Result<std::shared_ptr<const Route>>> ModelCall::find_route(access::Call& call, std::string_view model) {
  auto catalogue = co_await call.tenant().part<Catalogue>();
  if (auto route = catalogue->find(model)) co_return route;
  co_return fail(Error{.code = ErrorCode::model_not_found,
                       .detail = "Your organization has no model of this name",
                       .fields = {{"/model", "unknown_model", "is none of the organization's models"}}});
}

Task<Result<std::unique_ptr<ModelCall>>> ModelCall::clear(access::Call& call, Gateway& gateway, Order order) {
  GH_CO_TRY(auto ticket, co_await access::pass_gates(call.tenant()));
  auto& document = order.document.as_object();
  document["model"] = order.route->upstream_name;
  if (order.stream) {
    document["stream"] = true;
    auto& options = document["stream_options"];
    if (!options.is_object()) options = json::Object{};
    options.as_object()["include_usage"] = true;
  }
  if (order.workspace.is_nil()) order.workspace = call.workspace();
  auto rules = co_await policy::rules_for(call.tenant(), order.workspace);
  bool is_large = text_bytes(order.document) > kLargeText;
  auto judge = [document = std::move(order.document), rules = std::move(rules),
                subject = policy::Subject{.role = std::string(to_string(call.principal().role)),
                                          .workspace = order.workspace.value},
                owner =
                    policy::Owner{.tenant = call.organization().value, .principal = call.principal().actor()},
                target =
                    policy::Target{.provider = order.route->provider, .model = order.route->name}]() mutable {
    return policy::clear(std::move(document), std::move(subject), owner, std::move(target), std::move(rules));
  };
  auto clearance = is_large ? co_await run_beside(std::move(judge)) : judge();
  measured().decision("prompt", clearance.decision.outcome).add();
  gateway.decided(call.organization(), clearance.decision);

  auto& note = call.audit();
  note.resource_type = order.chat ? "chat" : "model";
  note.resource_id = order.chat ? order.chat->to_string() : order.route->name;
  if (!clearance.cleared) {
    note.decision = std::string(policy::to_string(clearance.decision.outcome));
    note.payload["model"] = order.route->name;
    note.payload["provider"] = order.route->provider;
    if (order.chat) note.payload["chat_id"] = order.chat->to_string();
    note.payload["rule_set_version"] = clearance.decision.rule_set_version;
    note.payload["prompt"] = decision_note(clearance.decision);
    call.headers().set("gatehouse-decision", *note.decision);
    if (auto ids = rules_header(clearance.decision); !ids.empty()) call.headers().set("gatehouse-rules", ids);
    co_return fail(blocked_error(clearance.decision, policy::Direction::prompt));
  }
  co_return std::unique_ptr<ModelCall>(
      new ModelCall(call, gateway, std::move(order), std::move(*clearance.cleared), std::move(ticket)));
}

ModelCall::ModelCall(access::Call& call, Gateway& gateway, Order order, policy::Cleared cleared,
                     access::Quota::Ticket ticket)
    : call_(call),
      gateway_(gateway),
      order_(std::move(order)),
      cleared_(std::make_shared<const policy::Cleared>(std::move(cleared))),
      filter_(std::make_shared<AnswerFilter>(*cleared_, order_.answer)),
      stop_(call.reactor().executor()),
      ticket_(std::move(ticket)) {}

ModelCall::~ModelCall() {
  if (running_) measured().under_way.add(-1);
}

Task<std::optional<std::string>> ModelCall::text_to_keep(std::string made) const {
  if (made.size() <= kLargeText) co_return cleared_->text(std::move(made));
  co_return co_await run_beside([cleared = cleared_, made = std::move(made)] { return cleared->text(made); });
}

CallIdentity ModelCall::identity() const {
  const auto& who = call_.principal();
  return {.organization = who.organization,
          .id = id_,
          .workspace = order_.workspace,
          .actor_type = who.type,
          .actor = who.actor(),
          .chat = order_.chat,
          .model = order_.route->name,
          .provider = order_.route->provider};
}

Task<void> ModelCall::begin() {
  // Made now, though it is finished later: what is sealed in it needs a key, and without one there is no
  // call.
  event_ = co_await call_.make_event(audit::EventOutcome::success);
  if (!order_.workspace.is_nil()) event_.workspace = order_.workspace;
  running_.emplace(gateway_.enter(id_, call_.reactor().executor(),
                                  {.stop = [this] { stop(); },
                                   .refuse = [this](Error error) { refuse(std::move(error)); },
                                   .standing = &call_.standing()}));
  measured().under_way.add(1);
  auto pending = gateway_.journal(call_.region())
                     .begin(call_.reactor().executor(),
                            {.call = identity(),
                             .event = event_.id,
                             .message = order_.message,
                             .request_id = call_.request().request_id,
                             .decision_json = json::write(decision_note(cleared_->decision())),
                             .lease = ticket_.spend()});
  co_await pending.wait();
  call_.mark_audited();
  GH_FAILPOINT("models.after_intent");
}

Task<bool> ModelCall::open() {
  if (stop_.stopped()) co_return end_stopped();
  if (order_.route->kind == ProviderKind::demo) {
    answer_.emplace<DemoAnswer>(*cleared_, order_.stream, gateway_.options().demo_pace, stop_);
    co_return true;
  }
  auto opened =
      co_await OpenAiAnswer::open(call_.reactor(), call_.region(), *order_.route, *cleared_, order_.stream,
                                  gateway_.options().upstream, call_.request().trace, stop_);
  if (opened) {
    answer_.emplace<OpenAiAnswer>(std::move(*opened));
    co_return true;
  }
  if (stop_.stopped()) co_return end_stopped();
  fail_upstream(std::move(opened).error());
  co_return false;
}

void ModelCall::fail_upstream(UpstreamError upstream) {
  failure_ = std::move(upstream.error);
  if (!upstream.message.empty())
    if (auto message = filter_->clear_message(upstream.message); !message.empty())
      failure_->detail += ": " + message;
  end(CallOutcome::failed);
}

bool ModelCall::end(CallOutcome outcome) {
  if (ended_) return false;
  ended_ = true;
  ended_at_ = Clock::now();
  outcome_ = outcome;
  return false;
}

void ModelCall::refuse(Error error) {
  if (ended_ || stop_.stopped()) return;
  failure_ = std::move(error);
  refused_ = true;
  stop();
}

bool ModelCall::end_stopped() {
  return end(refused_ ? CallOutcome::failed : CallOutcome::stopped);
}

void ModelCall::fail_with(Error error) {
  failure_ = std::move(error);
  end(CallOutcome::failed);
  outcome_ = CallOutcome::failed;
}

bool ModelCall::has_more() const {
  const auto* upstream = std::get_if<OpenAiAnswer>(&answer_);
  return !ended_ && upstream && upstream->has_more();
}

template <class Step>
Task<void> ModelCall::judge(std::size_t bytes, Step step, ClearedAnswer& out) {
  if (bytes <= kLargeText) {
    step(*filter_, out);
    co_return;
  }
  auto cleared = co_await run_beside([filter = filter_, step = std::move(step)] {
    ClearedAnswer made;
    step(*filter, made);
    return made;
  });
  out.frames += cleared.frames;
  out.text += cleared.text;
  out.reasoning += cleared.reasoning;
}

Task<bool> ModelCall::next(ClearedAnswer& out) {
  if (ended_) co_return false;
  Result<std::optional<std::string>> event = std::nullopt;
  if (auto* demo = std::get_if<DemoAnswer>(&answer_))
    event = co_await demo->next();
  else
    event = co_await std::get<OpenAiAnswer>(answer_).next();

  if (stop_.stopped()) {
    // What policy held back stays held: nobody waits for it.
    co_return end_stopped();
  }
  if (!event) {
    failure_ = std::move(event).error();
    co_return end(CallOutcome::failed);
  }
  const bool is_last = !*event;
  if (!is_last) {
    if (!first_byte_) {
      first_byte_ = Clock::now();
      measured().first_byte.observe(std::chrono::duration<double>(*first_byte_ - started_).count());
    }
    const std::size_t bytes = (*event)->size();
    auto step = [is_event = order_.stream, data = **std::move(event)](AnswerFilter& filter,
                                                                      ClearedAnswer& cleared) {
      is_event ? filter.push(data, cleared) : filter.whole(data, cleared);
    };
    co_await judge(bytes, std::move(step), out);
  } else if (order_.stream) {
    const auto* upstream = std::get_if<OpenAiAnswer>(&answer_);
    if (upstream && !upstream->complete() && !filter_->finished()) {
      failure_ = Error{.code = ErrorCode::upstream_failed, .detail = "The provider's answer ended early"};
      co_return end(CallOutcome::failed);
    }
    auto step = [](AnswerFilter& filter, ClearedAnswer& cleared) { filter.finish(cleared); };
    co_await judge(filter_->held_bytes(), step, out);
  }
  if (filter_->failure()) {
    failure_ = filter_->failure();
    co_return end(CallOutcome::failed);
  }
  if (filter_->blocked()) {
    failure_ = blocked_error(filter_->decision(), policy::Direction::response);
    co_return end(CallOutcome::blocked);
  }
  if (is_last) co_return end(CallOutcome::completed);
  co_return true;
}

policy::Outcome ModelCall::decision() const {
  return std::max(cleared_->decision().outcome, filter_->decision().outcome);
}

Usage ModelCall::usage() const {
  if (filter_->usage()) return *filter_->usage();
  Usage estimate{.output_tokens = estimate_tokens(filter_->answer_bytes())};
  // A provider that could not be reached, or that refused, has read nothing that anyone pays for.
  if (answer_.index() != 0) {
    const auto* messages = cleared_->document().as_object().if_contains("messages");
    if (messages) estimate.input_tokens = estimate_tokens(text_bytes(*messages));
  }
  return estimate;
}

std::int64_t ModelCall::cost() const {
  auto used = usage();
  return cost_of(used.input_tokens, used.output_tokens, order_.route->prices);
}

std::int64_t ModelCall::latency_ms() const {
  return milliseconds(ended_at_.value_or(Clock::now()) - started_);
}

Settlement ModelCall::settlement() const {
  auto used = usage();
  return {.call = identity(),
          .input_tokens = used.input_tokens,
          .output_tokens = used.output_tokens,
          .is_estimated = !filter_->usage().has_value(),
          .cost = cost(),
          .first_byte_ms =
              first_byte_ ? std::optional(static_cast<std::int32_t>(milliseconds(*first_byte_ - started_)))
                          : std::nullopt,
          .latency_ms = static_cast<std::int32_t>(latency_ms()),
          .outcome = outcome_};
}

json::Object ModelCall::payload(const Settlement& settlement) const {
  json::Object payload{{"model", order_.route->name},
                       {"provider", order_.route->provider},
                       {"model_call_id", id_.to_string()},
                       {"stream", order_.stream},
                       {"rule_set_version", cleared_->rule_set_version()},
                       {"prompt", decision_note(cleared_->decision())}};
  put_settlement(payload, settlement);
  if (answer_.index() != 0) payload["response"] = decision_note(filter_->decision());
  if (order_.chat) payload["chat_id"] = order_.chat->to_string();
  if (order_.message) payload["message_id"] = order_.message->to_string();
  if (failure_) payload["error"] = to_string(failure_->code);
  return payload;
}

Task<void> ModelCall::settle() {
  end_stopped();
  auto response = filter_->decision();
  measured().call(order_.route->kind, outcome_).add();
  measured().decision("response", response.outcome).add();
  gateway_.decided(call_.organization(), response);
  GH_FAILPOINT("models.before_append");
  auto settlement = this->settlement();
  event_.outcome = event_outcome(outcome_);
  event_.decision = std::string(policy::to_string(decision()));
  event_.payload = payload(settlement);
  auto& journal = gateway_.journal(call_.region());
  bool chained = true;
  try {
    co_await call_.reactor().region(call_.region()).appender->append(event_);
  } catch (const Failure& failure) {
    log::error("models.event_not_chained", {{"request_id", event_.request_id}, {"error", failure.what()}});
    chained = false;
  }
  GH_FAILPOINT("models.after_append");
  if (chained) {
    journal.settle(std::move(settlement));
  } else {
    // The audit database does not answer: the outbox keeps the event until it does.
    auto pending = journal.settle(call_.reactor().executor(), std::move(settlement), event_);
    co_await pending.wait();
  }
  running_.reset();
  measured().under_way.add(-1);
}

Task<void> ModelCall::release() {
  if (auto* upstream = std::get_if<OpenAiAnswer>(&answer_)) co_await upstream->release();
}

}  // namespace gatehouse::models
