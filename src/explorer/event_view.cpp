#include "explorer/event_view.h"

#include <map>
#include <set>

#include "audit/record.h"
#include "crypto/encoding.h"
#include "json/value.h"
#include "pg/params.h"

namespace gatehouse::explorer {
namespace {

// Row-level security shows the organization's own people and keys, whatever ids are asked for.
constexpr pg::Statement kNames{
    "audit.actor_names",
    "select u.id, u.name from users u join memberships m on m.user_id = u.id"
    " where m.organization_id = $1 and u.id = any ($2)"
    " union all select k.id, k.name from api_keys k where k.organization_id = $1 and k.id = any ($2)"};

struct NameRow {
  Uuid id;
  std::string name;
};
BOOST_DESCRIBE_STRUCT(NameRow, (), (id, name))

using Names = std::map<Uuid, std::string>;

Task<Names> names_of(access::Call& call, std::set<Uuid> ids) {
  Names names;
  if (ids.empty()) co_return names;
  auto rows =
      co_await call.read(kNames, pg::params(call.organization(), std::vector<Uuid>(ids.begin(), ids.end())));
  for (auto& row : rows.as<NameRow>()) names[row.id] = std::move(row.name);
  co_return names;
}

std::optional<std::string> text_member(const json::Value& object, std::string_view key) {
  auto* members = object.if_object();
  auto* member = members ? members->if_contains(key) : nullptr;
  auto* text = member ? member->if_string() : nullptr;
  return text ? std::optional(std::string(*text)) : std::nullopt;
}

AuditEventView view_of(const audit::StoredEvent& stored) {
  auto type = audit::parse_actor_type(stored.actor_type);
  auto outcome = audit::parse_event_outcome(stored.outcome);
  auto payload = json::parse(stored.payload_json);
  if (!type || !outcome || !payload || !payload->is_object())
    throw Failure("audit event " + stored.id.to_string() + " is not readable: run a verification");
  AuditEventView view{.id = AuditEventId{stored.id},
                      .sequence = stored.org_sequence,
                      .recorded_at = stored.ts,
                      .sealed_at = stored.sealed_at,
                      .actor_type = *type,
                      .actor_id = stored.actor_id,
                      .action = stored.action,
                      .resource_type = stored.resource_type,
                      .resource_id = stored.resource_id,
                      .outcome = *outcome,
                      .decision = stored.decision,
                      .request_id = stored.request_id,
                      .payload = std::move(payload->as_object()),
                      .hash = crypto::to_hex(stored.hash),
                      .prev_hash = crypto::to_hex(stored.prev_hash)};
  if (stored.workspace_id) view.workspace_id = WorkspaceId{*stored.workspace_id};
  return view;
}

}  // namespace

Task<json::Value> unseal(vault::Keyring& keyring, audit::Event event) {
  if (event.personal.empty() || !event.person || !event.organization) co_return json::Value();
  auto key = co_await keyring.person_key(*event.organization, UserId{*event.person});
  if (!key) co_return json::Value();
  auto sealed = vault::Sealed::from_bytes(crypto::Bytes(event.personal.begin(), event.personal.end()));
  if (!sealed) co_return json::Value();
  auto opened = vault::open_field(*key,
                                  {.organization = event.organization->value,
                                   .table = "audit_events",
                                   .row = event.id.to_string(),
                                   .field = "personal"},
                                  *sealed);
  if (!opened) co_return json::Value();
  auto fields = json::parse(opened->reveal());
  co_return fields ? std::move(*fields) : json::Value();
}

Task<std::vector<AuditEventView>> views_of(access::Call& call, std::vector<audit::StoredEvent> events) {
  std::set<Uuid> actors;
  for (const auto& event : events)
    if (event.actor_id) actors.insert(*event.actor_id);
  auto names = co_await names_of(call, std::move(actors));
  std::vector<AuditEventView> views;
  for (const auto& event : events) {
    auto& view = views.emplace_back(view_of(event));
    if (event.actor_id)
      if (auto name = names.find(*event.actor_id); name != names.end()) view.actor_name = name->second;
    if (auto record = audit::parse_record(event.record)) {
      auto personal =
          co_await unseal(*call.reactor().region(call.region()).keyring, std::move(record->event));
      view.ip = text_member(personal, "ip");
      view.user_agent = text_member(personal, "user_agent");
    }
  }
  co_return views;
}

audit::RunBatch reader_of(access::Call& call) {
  return [&call](pg::Batch batch) -> Task<pg::Rows> {
    auto rows = co_await call.read_audit(std::move(batch));
    co_return std::move(rows.back());
  };
}

}  // namespace gatehouse::explorer
