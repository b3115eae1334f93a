#include "models/journal.h"

#include "base/log.h"
#include "base/metrics.h"
#include "json/value.h"
#include "models/journal_store.h"

namespace gatehouse::models {
namespace {

constexpr std::chrono::seconds kRecoveryDeadline{30};

audit::Event unknown_event(const Intent& intent) {
  auto event = audit::make_event(intent.call.chat ? "chat.message.create" : "model.call");
  event.id = intent.event;
  event.organization = intent.call.organization;
  event.actor_type = intent.call.actor_type;
  event.actor_id = intent.call.actor;
  event.resource_type = intent.call.chat ? "chat" : "model";
  event.resource_id = intent.call.chat ? intent.call.chat->to_string() : intent.call.model;
  event.outcome = audit::EventOutcome::unknown;
  event.workspace = intent.call.workspace;
  event.request_id = intent.request_id;
  json::Object payload{{"model", intent.call.model},
                       {"provider", intent.call.provider},
                       {"model_call_id", intent.call.id.to_string()}};
  if (intent.message) payload["message_id"] = intent.message->to_string();
  if (auto decision = json::parse(intent.decision_json); decision && decision->is_object()) {
    if (const auto* outcome = decision->as_object().if_contains("outcome"); outcome && outcome->is_string())
      event.decision = std::string(outcome->as_string());
    payload["prompt"] = *std::move(decision);
  }
  event.payload = std::move(payload);
  return event;
}

Settlement unknown(const Intent& intent) {
  return {.call = intent.call, .is_estimated = true, .outcome = CallOutcome::unknown};
}

Settlement settlement_of(const Intent& intent, std::string_view payload) {
  auto told = json::parse(payload);
  auto settlement =
      told && told->is_object() ? read_settlement(intent.call, told->as_object()) : std::nullopt;
  return settlement ? *std::move(settlement) : unknown(intent);
}

Task<void> settle_at_once(pg::Connection& connection, audit::Appender& appender,
                          std::span<const Intent> intents) {
  auto deadline = pg::within(kRecoveryDeadline);
  std::vector<AuditEventId> ids;
  ids.reserve(intents.size());
  for (const Intent& intent : intents) ids.push_back(intent.event);
  auto told = co_await appender.find_payloads(std::move(ids), deadline);
  // The event first: a crash in between finds the intent again, and then the event.
  std::vector<audit::Event> events;
  std::vector<Settlement> settlements;
  settlements.reserve(intents.size());
  for (const Intent& intent : intents) {
    auto payload = told.find(intent.event);
    if (payload == told.end()) events.push_back(unknown_event(intent));
    settlements.push_back(payload == told.end() ? unknown(intent) : settlement_of(intent, payload->second));
  }
  co_await appender.append_all(std::move(events));
  std::vector<const Settlement*> pointers;
  pointers.reserve(settlements.size());
  for (const Settlement& settlement : settlements) pointers.push_back(&settlement);
  pg::Batch settle;
  add_mark_messages_unknown(settle, intents);
  add_settlements(settle, pointers);
  co_await connection.run(std::move(settle), deadline);
}

/// How many were settled. What a database refuses is logged and left, and takes no other call with it.
Task<std::size_t> settle_abandoned(pg::Connection& connection, audit::Appender& appender,
                                   std::span<const Intent> intents) {
  try {
    co_await settle_at_once(connection, appender, intents);
    co_return intents.size();
  } catch (const pg::Error& error) {
    if (error.may_pass()) throw;
    if (intents.size() == 1) {
      log::error("models.call_not_settled",
                 {{"model_call_id", intents[0].call.id.to_string()}, {"error", error.what()}});
      co_return 0;
    }
  }
  std::size_t settled = 0;
  for (std::size_t i = 0; i < intents.size(); ++i)
    settled += co_await settle_abandoned(connection, appender, intents.subspan(i, 1));
  co_return settled;
}

}  // namespace

struct Journal::State {
  explicit State(JournalOptions chosen)
      : options(std::move(chosen)),
        commits(metrics::counter("gatehouse_journal_commits_total", "Transactions of the journal",
                                 {{"region", to_string(options.region)}})) {}

  Task<void> write(std::vector<const Entry*> entries, pg::Deadline deadline) {
    std::vector<const Intent*> intents;
    std::vector<const Settlement*> settlements;
    std::vector<CallEvent> events;
    for (const Entry* entry : entries) {
      if (const auto* intent = std::get_if<Intent>(entry)) {
        intents.push_back(intent);
      } else if (const auto* settlement = std::get_if<Settlement>(entry)) {
        settlements.push_back(settlement);
      } else {
        const auto& recorded = std::get<Recorded>(*entry);
        settlements.push_back(&recorded.settlement);
        events.push_back({recorded.settlement.call.id, &recorded.event});
      }
    }
    pg::Batch statements;
    if (!intents.empty()) add_intents(statements, intents, options.node, boot);
    if (!events.empty()) add_outbox_events(statements, events);
    if (!settlements.empty()) add_settlements(statements, settlements);
    if (!connection || !connection->is_reusable()) {
      connection.reset();
      connection.emplace(co_await open(options.database, deadline));
    }
    co_await connection->run(std::move(statements), deadline);
    commits.add();
  }

  static Task<pg::Connection> open(pg::Config database, pg::Deadline deadline) {
    auto connection = co_await pg::Connection::connect(std::move(database), deadline);
    co_await connection.execute_script(kJournalSession, deadline);
    co_return connection;
  }

  JournalOptions options;
  const Uuid boot = Uuid::v7();
  metrics::Counter& commits;
  std::optional<pg::Connection> connection;  // the writer's
};

Journal::Journal(Executor writer, JournalOptions options)
    : state_(std::make_shared<State>(std::move(options))),
      writer_(
          writer,
          {.name = "models.journal",
           .max_batch = state_->options.max_batch,
           .max_queued = state_->options.max_queued,
           .deadline = state_->options.deadline},
          {.queue = metrics::gauge("gatehouse_journal_queue", "Intents and settlements waiting to be durable",
                                   {{"region", to_string(state_->options.region)}}),
           .seconds = metrics::histogram("gatehouse_journal_seconds", "From submission to durable",
                                         {{"region", to_string(state_->options.region)}})},
          [state = state_](std::vector<const Entry*> entries, bool, pg::Deadline deadline) {
            return state->write(std::move(entries), deadline);
          }) {}

Journal::~Journal() = default;

pg::Pending Journal::begin(Executor caller, Intent intent) {
  pg::Weight weight{.bytes = sizeof(Intent) + intent.decision_json.size()};
  return writer_.submit(caller, std::move(intent), weight);
}

void Journal::settle(Settlement settlement) {
  writer_.submit_later(std::move(settlement));
}

pg::Pending Journal::settle(Executor caller, Settlement settlement, const audit::Event& event) {
  return writer_.submit(caller, Recorded{std::move(settlement), event});
}

Task<std::size_t> Journal::recover(audit::Appender& appender, std::vector<ModelCallId> under_way) {
  auto connection = co_await State::open(state_->options.database, pg::within(kRecoveryDeadline));
  std::size_t recovered = 0;
  Abandoned which{.node = state_->options.node,
                  .boot = state_->boot,
                  .forgotten_before = now() - kForgottenAfter,
                  .abandoned_before = now() - kAbandonedAfter,
                  .under_way = std::move(under_way),
                  .after_organization = {},
                  .after = {}};
  for (;;) {
    pg::Batch find;
    add_find_abandoned(find, which);
    auto rows = co_await connection.run(std::move(find), pg::within(kRecoveryDeadline));
    auto intents = read_abandoned(rows[0]);
    if (intents.empty()) break;
    which.after_organization = intents.back().call.organization;
    which.after = intents.back().call.id;
    recovered += co_await settle_abandoned(connection, appender, intents);
  }
  if (recovered)
    log::warn("models.recovered", {{"region", to_string(state_->options.region)}, {"calls", recovered}});
  co_return recovered;
}

Task<bool> Journal::close(pg::Deadline deadline) {
  return writer_.close(deadline);
}

}  // namespace gatehouse::models
