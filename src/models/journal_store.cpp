#include "models/journal_store.h"

#include <ranges>

namespace gatehouse::models {
namespace {

constexpr pg::Statement kBegin{
    "models.begin_calls",
    "insert into model_calls (organization_id, id, event_id, node, boot, workspace_id, actor_type, actor_id,"
    " chat_id, message_id, model, provider, request_id, decision, lease_id)"
    " select organization_id, id, event_id, $1, $2, workspace_id, actor_type, actor_id,"
    " nullif(chat_id, '00000000-0000-0000-0000-000000000000'),"
    " nullif(message_id, '00000000-0000-0000-0000-000000000000'), model, provider, request_id, "
    "decision::jsonb, nullif(lease_id, '00000000-0000-0000-0000-000000000000')"
    " from unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::uuid[], $9::uuid[],"
    " $10::uuid[], $11::text[], $12::text[], $13::text[], $14::text[], $15::uuid[])"
    " as t (organization_id, id, event_id, workspace_id, actor_type, actor_id, chat_id, message_id, model,"
    " provider, request_id, decision, lease_id) on conflict do nothing"};

// Only what still has an intent is metered: that makes a repeat harmless. Whose call it was, the intent says.
constexpr pg::Statement kSettle{
    "models.settle_calls",
    "with settled as (delete from model_calls c using unnest($1::uuid[], $2::uuid[], $3::int8[], $4::int8[],"
    " $5::bool[], $6::int8[], $7::int4[], $8::int4[], $9::text[]) as s (organization_id, id, input_tokens,"
    " output_tokens, is_estimated, cost, first_byte_ms, latency_ms, outcome)"
    " where c.organization_id = s.organization_id and c.id = s.id"
    " returning c.organization_id, c.id, c.workspace_id, c.actor_type, c.actor_id, c.chat_id, c.model, "
    "c.provider, c.lease_id,"
    " s.input_tokens, s.output_tokens, s.is_estimated, s.cost, s.first_byte_ms, s.latency_ms, s.outcome)"
    " insert into metering_events (organization_id, id, workspace_id, actor_type, actor_id, chat_id, model,"
    " provider, lease_id, input_tokens, output_tokens, is_estimated, cost, first_byte_ms, latency_ms, "
    "outcome)"
    " select organization_id, id, workspace_id, actor_type, actor_id, chat_id, model, provider, lease_id,"
    " input_tokens, output_tokens, is_estimated, cost, nullif(first_byte_ms, -1), latency_ms, outcome from "
    "settled"};

constexpr pg::Statement kFindAbandoned{
    "models.find_abandoned",
    "select organization_id, id, event_id, workspace_id, actor_type, actor_id, chat_id, message_id, model,"
    " provider, request_id, decision from model_calls"
    " where ((node = $1 and boot <> $2) or (boot = $2 and created_at < $3) or created_at < $4)"
    " and id <> all ($5) and (organization_id, id) > ($6, $7) order by organization_id, id limit 500"};

constexpr pg::Statement kOutboxEvents{
    "models.outbox_events",
    "insert into audit_outbox (id, organization_id, recorded_at, event)"
    " select e.id, c.organization_id, e.recorded_at, e.event"
    " from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::bytea[])"
    " as e (organization_id, call_id, id, recorded_at, event)"
    " join model_calls c on c.organization_id = e.organization_id and c.id = e.call_id"};

constexpr pg::Statement kMarkUnknown{
    "models.mark_messages_unknown",
    "update messages m set status = 'unknown' from unnest($1::uuid[], $2::uuid[]) as t (organization_id, id)"
    " where m.organization_id = t.organization_id and m.id = t.id and m.status = 'streaming'"};

template <class List, class Get>
auto column(const List& list, Get get) {
  std::vector<std::remove_cvref_t<decltype(get(*list[0]))>> values;
  values.reserve(list.size());
  for (const auto* one : list) values.push_back(get(*one));
  return values;
}

template <class Id>
Uuid or_nil(const std::optional<Id>& id) {
  return id ? id->value : Uuid{};
}

}  // namespace

void add_intents(pg::Batch& batch, std::span<const Intent* const> intents, const std::string& node,
                 Uuid boot) {
  auto of = [&](auto get) { return column(intents, get); };
  batch.add(kBegin,
            pg::params(node, boot, of([](const Intent& i) { return i.call.organization.value; }),
                       of([](const Intent& i) { return i.call.id.value; }),
                       of([](const Intent& i) { return i.event.value; }),
                       of([](const Intent& i) { return i.call.workspace.value; }),
                       of([](const Intent& i) { return audit::to_string(i.call.actor_type); }),
                       of([](const Intent& i) { return i.call.actor; }),
                       of([](const Intent& i) { return or_nil(i.call.chat); }),
                       of([](const Intent& i) { return or_nil(i.message); }),
                       of([](const Intent& i) { return std::string_view(i.call.model); }),
                       of([](const Intent& i) { return std::string_view(i.call.provider); }),
                       of([](const Intent& i) { return std::string_view(i.request_id).substr(0, 64); }),
                       of([](const Intent& i) { return std::string_view(i.decision_json); }),
                       of([](const Intent& i) { return i.lease.value_or(Uuid{}); })));
}

void add_settlements(pg::Batch& batch, std::span<const Settlement* const> settlements) {
  auto of = [&](auto get) { return column(settlements, get); };
  batch.add(kSettle, pg::params(of([](const Settlement& s) { return s.call.organization.value; }),
                                of([](const Settlement& s) { return s.call.id.value; }),
                                of([](const Settlement& s) { return s.input_tokens; }),
                                of([](const Settlement& s) { return s.output_tokens; }),
                                of([](const Settlement& s) { return s.is_estimated; }),
                                of([](const Settlement& s) { return s.cost; }),
                                of([](const Settlement& s) { return s.first_byte_ms.value_or(-1); }),
                                of([](const Settlement& s) { return s.latency_ms; }),
                                of([](const Settlement& s) { return to_string(s.outcome); })));
}

void add_outbox_events(pg::Batch& batch, std::span<const CallEvent> events) {
  std::vector<Uuid> organizations, calls, ids;
  std::vector<Timestamp> times;
  std::vector<std::vector<std::uint8_t>> records;
  for (const auto& [call, event] : events) {
    organizations.push_back(event->organization.value_or(OrganizationId{}).value);
    calls.push_back(call.value);
    ids.push_back(event->id.value);
    times.push_back(event->recorded_at);
    auto bytes = audit::encode_event(*event);
    records.emplace_back(bytes.begin(), bytes.end());
  }
  batch.add(kOutboxEvents, pg::params(organizations, calls, ids, times, records));
}

void add_find_abandoned(pg::Batch& batch, const Abandoned& which) {
  batch.add(kFindAbandoned, pg::params(which.node, which.boot, which.forgotten_before, which.abandoned_before,
                                       which.under_way, which.after_organization, which.after));
}

std::vector<Intent> read_abandoned(const pg::Rows& rows) {
  std::vector<Intent> intents;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto row = rows[i];
    intents.push_back({.call = {.organization = row.get<OrganizationId>("organization_id"),
                                .id = row.get<ModelCallId>("id"),
                                .workspace = row.get<WorkspaceId>("workspace_id"),
                                .actor_type = audit::parse_actor_type(row.get<std::string>("actor_type"))
                                                  .value_or(audit::ActorType::system),
                                .actor = row.get<Uuid>("actor_id"),
                                .chat = row.get<std::optional<ChatId>>("chat_id"),
                                .model = row.get<std::string>("model"),
                                .provider = row.get<std::string>("provider")},
                       .event = row.get<AuditEventId>("event_id"),
                       .message = row.get<std::optional<MessageId>>("message_id"),
                       .request_id = row.get<std::string>("request_id"),
                       .decision_json = row.get<pg::Json>("decision").text});
  }
  return intents;
}

void add_mark_messages_unknown(pg::Batch& batch, std::span<const Intent> intents) {
  std::vector<Uuid> organizations, messages;
  for (const Intent& intent : intents)
    if (intent.message) {
      organizations.push_back(intent.call.organization.value);
      messages.push_back(intent.message->value);
    }
  batch.add(kMarkUnknown, pg::params(organizations, messages));
}

}  // namespace gatehouse::models
