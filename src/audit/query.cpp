#include "audit/query.h"

#include <limits>

#include "base/error.h"
#include "json/canonical.h"
#include "pg/statement.h"

namespace gatehouse::audit {
namespace {

constexpr std::int64_t kFirst = 0;
constexpr std::int64_t kLast = std::numeric_limits<std::int64_t>::max();
constexpr int kMaxLimit = 1000;

#define GH_AUDIT_COLUMNS                                                                                    \
  "region_sequence, org_sequence, org_id, id, ts, sealed_at, actor_type, actor_id, action, resource_type, " \
  "resource_id, resource, outcome, decision, workspace_id, request_id, payload_json, prev_hash, hash, "     \
  "record "

// A period becomes two bounds of the sequence, found by one probe each: whatever else is filtered, the
// chain's own index gives the order. $2 and $3 are the period, $4 and $5 bounds of the sequence, $6 the
// limit.
#define GH_AUDIT_PERIOD(chain)                                                                           \
  " and ($2::timestamptz is null or org_sequence >= coalesce((select e.org_sequence from audit_events e" \
  " where e." chain                                                                                      \
  " and e.sealed_at >= $2 order by e.sealed_at, e.org_sequence limit 1), 9223372036854775807))"          \
  " and ($3::timestamptz is null or org_sequence <= coalesce((select e.org_sequence from audit_events e" \
  " where e." chain                                                                                      \
  " and e.sealed_at < $3 order by e.sealed_at desc, e.org_sequence desc limit 1), 0))"                   \
  " and org_sequence > $4 and org_sequence <= $5"

#define GH_AUDIT_FILTERS                                                                    \
  " and ($7::uuid is null or actor_id = $7)"                                                \
  " and ($8::text is null or action = $8 or starts_with(action, $8 || '.'))"                \
  " and ($9::text is null or resource_type = $9) and ($10::text is null or resource = $10)" \
  " and ($11::text is null or outcome = $11) and ($12::text is null or decision = $12)"     \
  " and (not $13::bool or outcome <> 'success' or action !~ '\\.(read|list)$')"

#define GH_AUDIT_SELECT(chain, lead, order)                                                                \
  "select " GH_AUDIT_COLUMNS "from audit_events where " chain lead GH_AUDIT_PERIOD(chain) GH_AUDIT_FILTERS \
      " order by org_sequence " order " limit $6"

// $1 must be used by the platform's statements too, whose chain has no id.
#define GH_AUDIT_PLATFORM "org_id is null"
#define GH_AUDIT_TENANT "org_id = $1"
#define GH_AUDIT_NO_TENANT " and $1::uuid is null"

// One statement for each filter that has an index, so that its plan does not depend on which others are
// there.
constexpr pg::Statement kList{"audit.list", GH_AUDIT_SELECT(GH_AUDIT_TENANT, "", "desc")};
constexpr pg::Statement kListByActor{"audit.list_by_actor",
                                     GH_AUDIT_SELECT(GH_AUDIT_TENANT, " and actor_id = $7", "desc")};
constexpr pg::Statement kListByAction{"audit.list_by_action",
                                      GH_AUDIT_SELECT(GH_AUDIT_TENANT, " and action = $8", "desc")};
constexpr pg::Statement kListByResource{"audit.list_by_resource",
                                        GH_AUDIT_SELECT(GH_AUDIT_TENANT, " and resource = $10", "desc")};
constexpr pg::Statement kListByOutcome{
    "audit.list_by_outcome",
    GH_AUDIT_SELECT(GH_AUDIT_TENANT, " and outcome = $11 and outcome <> 'success'", "desc")};
constexpr pg::Statement kListPlatform{"audit.list_platform",
                                      GH_AUDIT_SELECT(GH_AUDIT_PLATFORM, GH_AUDIT_NO_TENANT, "desc")};
constexpr pg::Statement kWalk{"audit.walk", GH_AUDIT_SELECT(GH_AUDIT_TENANT, "", "asc")};
constexpr pg::Statement kWalkPlatform{"audit.walk_platform",
                                      GH_AUDIT_SELECT(GH_AUDIT_PLATFORM, GH_AUDIT_NO_TENANT, "asc")};

constexpr pg::Statement kWalkRegion{"audit.walk_region",
                                    "select " GH_AUDIT_COLUMNS
                                    "from audit_events where region_sequence > $1 and region_sequence <= $2"
                                    " order by region_sequence limit $3"};
constexpr pg::Statement kGet{"audit.get",
                             "select " GH_AUDIT_COLUMNS "from audit_events where id = $1 and org_id = $2"};
constexpr pg::Statement kGetPlatform{
    "audit.get_platform",
    "select " GH_AUDIT_COLUMNS "from audit_events where id = $1 and org_id is null and $2::uuid is null"};
constexpr pg::Statement kChainHead{"audit.chain_head",
                                   "select org_sequence, hash from audit_chain_heads where org_id = $1"};

#undef GH_AUDIT_COLUMNS
#undef GH_AUDIT_PERIOD
#undef GH_AUDIT_FILTERS
#undef GH_AUDIT_SELECT
#undef GH_AUDIT_PLATFORM
#undef GH_AUDIT_TENANT
#undef GH_AUDIT_NO_TENANT

void check_limit(int limit) {
  if (limit < 1 || limit > kMaxLimit) throw Failure("audit: a page has 1 to 1000 events");
}

pg::Params filter_params(std::optional<OrganizationId> organization, const EventFilter& filter,
                         std::int64_t after, std::int64_t last, int limit) {
  check_limit(limit);
  if (filter.resource_id && !filter.resource_type)
    throw Failure("audit: resource_id without resource_type is no filter");
  std::optional<std::string> resource;
  if (filter.resource_id) resource = *filter.resource_type + ":" + *filter.resource_id;
  std::optional<std::string> outcome;
  if (filter.outcome) outcome = to_string(*filter.outcome);
  return pg::params(organization, filter.from, filter.to, after, last, limit, filter.actor_id, filter.action,
                    filter.resource_type, resource, outcome, filter.decision, filter.without_reads);
}

const pg::Statement& list_statement(bool platform, const EventFilter& filter) {
  if (platform) return kListPlatform;
  if (filter.resource_id) return kListByResource;
  if (filter.actor_id) return kListByActor;
  if (filter.action && filter.action->contains('.')) return kListByAction;
  if (filter.outcome && *filter.outcome != EventOutcome::success) return kListByOutcome;
  return kList;
}

std::string bytes(const pg::Field& field) {
  auto view = field.binary();
  return {reinterpret_cast<const char*>(view.data()), view.size()};
}

std::string bytes(const Hash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

template <class Tag>
std::optional<Uuid> plain(const std::optional<StrongId<Tag>>& id) {
  return id ? std::optional(id->value) : std::nullopt;
}

StoredEvent read_event(const pg::Row& row) {
  StoredEvent event;
  std::size_t at = 0;
  auto take = [&]<class T>(T& into) { into = row.get<T>(at++); };
  take(event.region_sequence);
  take(event.org_sequence);
  take(event.org_id);
  take(event.id);
  take(event.ts);
  take(event.sealed_at);
  take(event.actor_type);
  take(event.actor_id);
  take(event.action);
  take(event.resource_type);
  take(event.resource_id);
  take(event.resource);
  take(event.outcome);
  take(event.decision);
  take(event.workspace_id);
  take(event.request_id);
  event.payload_json = row[at++].json();
  event.prev_hash = bytes(row[at++]);
  event.hash = bytes(row[at++]);
  event.record = bytes(row[at++]);
  return event;
}

}  // namespace

StoredEvent as_stored(const Record& record, std::string_view record_bytes) {
  const Event& event = record.event;
  return {
      .region_sequence = record.place.region_sequence,
      .org_sequence = record.place.org_sequence,
      .org_id = plain(event.organization),
      .id = event.id.value,
      .ts = event.recorded_at,
      .sealed_at = record.place.sealed_at,
      .actor_type = std::string(to_string(event.actor_type)),
      .actor_id = event.actor_id,
      .action = event.action,
      .resource_type = event.resource_type,
      .resource_id = event.resource_id,
      .resource = event.resource_type + ":" + event.resource_id,
      .outcome = std::string(to_string(event.outcome)),
      .decision = event.decision,
      .workspace_id = plain(event.workspace),
      .request_id = event.request_id,
      .payload_json = json::canonical(event.payload),
      .prev_hash = bytes(record.place.prev_hash),
      .hash = bytes(hash_record(record_bytes)),
      .record = std::string(record_bytes),
  };
}

void add_list(pg::Batch& batch, std::optional<OrganizationId> organization, const EventFilter& filter,
              std::optional<std::int64_t> before, int limit) {
  batch.add(list_statement(!organization, filter),
            filter_params(organization, filter, kFirst, before ? *before - 1 : kLast, limit));
}

void add_walk(pg::Batch& batch, std::optional<OrganizationId> organization, const EventFilter& filter,
              std::int64_t after, std::int64_t last, int limit) {
  batch.add(organization ? kWalk : kWalkPlatform, filter_params(organization, filter, after, last, limit));
}

void add_walk_region(pg::Batch& batch, std::int64_t after, std::int64_t last, int limit) {
  check_limit(limit);
  batch.add(kWalkRegion, pg::params(after, last, limit));
}

void add_get(pg::Batch& batch, std::optional<OrganizationId> organization, AuditEventId id) {
  batch.add(organization ? kGet : kGetPlatform, pg::params(id, organization));
}

std::vector<StoredEvent> read_events(const pg::Rows& rows) {
  std::vector<StoredEvent> events;
  events.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) events.push_back(read_event(rows[i]));
  return events;
}

void add_chain_head(pg::Batch& batch, std::optional<OrganizationId> organization) {
  batch.add(kChainHead, pg::params(organization.value_or(OrganizationId{})));
}

std::optional<ChainHead> read_chain_head(const pg::Rows& rows) {
  if (rows.empty()) return std::nullopt;
  return ChainHead{rows.at(0, 0).integer(), bytes(rows.at(0, 1))};
}

}  // namespace gatehouse::audit
