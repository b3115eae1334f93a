#include "policy/rules_store.h"

#include "pg/error.h"
#include "pg/params.h"

namespace gatehouse::policy {
namespace {

#define GH_RULE_COLUMNS                                                                                    \
  "r.id, r.workspace_id, r.name, r.position, r.state, r.directions, r.condition, r.outcome, r.message,"    \
  " r.redaction, r.stamps, r.version, coalesce((select sum(h.hits) from policy_hits h where"               \
  " h.organization_id = r.organization_id and h.rule_id = r.id and h.day > current_date - 30), 0)::bigint" \
  " as hits_30d, r.created_at, r.updated_at"

constexpr pg::Statement kLock{
    "policies.lock", "select pg_advisory_xact_lock(hashtextextended('policy_rules ' || $1::uuid::text, 0))"};
constexpr pg::Statement kList{"policies.list",
                              "select " GH_RULE_COLUMNS
                              " from policy_rules r where r.organization_id = $1 order by r.position, r.id"};
constexpr pg::Statement kGet{"policies.get",
                             "select " GH_RULE_COLUMNS
                             " from policy_rules r where r.organization_id = $1 and r.id = $2"};
constexpr pg::Statement kInsert{
    "policies.insert",
    "insert into policy_rules as r (organization_id, id, workspace_id, name, position, state, directions,"
    " condition, outcome, message, redaction, stamps, created_by)"
    " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) returning " GH_RULE_COLUMNS};
constexpr pg::Statement kUpdate{
    "policies.update",
    "update policy_rules r set workspace_id = $3, name = $4, state = $5, directions = $6, condition = $7,"
    " outcome = $8, message = $9, redaction = $10, stamps = $11, version = version + 1"
    " where organization_id = $1 and id = $2 returning " GH_RULE_COLUMNS};
constexpr pg::Statement kDelete{"policies.delete",
                                "delete from policy_rules where organization_id = $1 and id = $2"};
constexpr pg::Statement kOrder{
    "policies.order",
    "update policy_rules r set position = wanted.place - 1"
    " from unnest($2::uuid[]) with ordinality as wanted (id, place)"
    " where r.organization_id = $1 and r.id = wanted.id and r.position <> wanted.place - 1"};

#undef GH_RULE_COLUMNS

struct RuleRow {
  RuleId id;
  std::optional<WorkspaceId> workspace_id;
  std::string name;
  std::int64_t position;
  RuleState state;
  std::vector<Direction> directions;
  pg::Json condition;
  Outcome outcome;
  std::string message;
  pg::Json redaction;
  std::vector<Stamp> stamps;
  std::int64_t version;
  std::int64_t hits_30d;
  Timestamp created_at;
  Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(RuleRow, (),
                      (id, workspace_id, name, position, state, directions, condition, outcome, message,
                       redaction, stamps, version, hits_30d, created_at, updated_at))

template <class Wire>
Wire stored_json(const pg::Json& column, const RuleRow& row) {
  auto wire = json::decode_text<Wire>(column.text);
  if (!wire) throw Failure("policy rule " + row.id.to_string() + " is not readable");
  return std::move(*wire);
}

StoredRule to_stored(RuleRow row) {
  auto condition = stored_json<RuleCondition>(row.condition, row);
  auto redaction = stored_json<RuleRedaction>(row.redaction, row);
  return {.rule = {.id = row.id,
                   .version = row.version,
                   .name = std::move(row.name),
                   .position = row.position,
                   .state = row.state,
                   .directions = std::move(row.directions),
                   .condition = to_condition(std::move(condition)),
                   .outcome = row.outcome,
                   .message = std::move(row.message),
                   .redaction = to_redaction(std::move(redaction)),
                   .stamps = std::move(row.stamps)},
          .workspace_id = row.workspace_id,
          .hits_30d = row.hits_30d,
          .created_at = row.created_at,
          .updated_at = row.updated_at};
}

pg::Json condition_of(const Rule& rule) {
  return {json::encode(to_wire(rule.condition))};
}
pg::Json redaction_of(const Rule& rule) {
  return {json::encode(to_wire(rule.redaction))};
}

Task<Result<StoredRule>> write(access::Call& call, pg::Statement statement, pg::Params params) {
  try {
    auto rows = co_await call.write(statement, std::move(params));
    co_return to_stored(rows.one<RuleRow>());
  } catch (const pg::Error& error) {
    if (error.is_unique_violation())
      co_return fail(ErrorCode::already_exists, "There is a rule of this name");
    if (error.is_foreign_key_violation())
      co_return fail(invalid("/workspace_id", "not_found", "is none of the workspaces"));
    throw;
  }
}

}  // namespace

RuleView view_of(const StoredRule& stored) {
  const Rule& rule = stored.rule;
  return {.id = rule.id,
          .name = rule.name,
          .position = rule.position,
          .state = rule.state,
          .directions = rule.directions,
          .condition = to_wire(rule.condition),
          .outcome = rule.outcome,
          .message = rule.message,
          .redaction = to_wire(rule.redaction),
          .stamps = rule.stamps,
          .workspace_id = stored.workspace_id,
          .version = rule.version,
          .hits_30d = stored.hits_30d,
          .created_at = stored.created_at,
          .updated_at = stored.updated_at};
}

void add_select_rules(pg::Batch& batch, OrganizationId organization) {
  batch.add(kList, pg::params(organization));
}

void add_select_rule(pg::Batch& batch, OrganizationId organization, RuleId id) {
  batch.add(kGet, pg::params(organization, id));
}

std::vector<StoredRule> read_rules(const pg::Rows& rows) {
  std::vector<StoredRule> rules;
  for (auto& row : rows.as<RuleRow>()) rules.push_back(to_stored(std::move(row)));
  return rules;
}

Task<std::vector<StoredRule>> lock_rules(access::Call& call) {
  pg::Batch batch(kLock, pg::params(call.organization()));
  batch.add(kList, pg::params(call.organization()));
  auto rows = co_await call.write(std::move(batch));
  co_return read_rules(rows[1]);
}

Task<Result<StoredRule>> insert_rule(access::Call& call, StoredRule stored) {
  const Rule& rule = stored.rule;
  co_return co_await write(
      call, kInsert,
      pg::params(call.organization(), rule.id, stored.workspace_id, rule.name,
                 static_cast<int>(rule.position), rule.state, rule.directions, condition_of(rule),
                 rule.outcome, rule.message, redaction_of(rule), rule.stamps, call.user()));
}

Task<Result<StoredRule>> update_rule(access::Call& call, StoredRule stored) {
  const Rule& rule = stored.rule;
  co_return co_await write(
      call, kUpdate,
      pg::params(call.organization(), rule.id, stored.workspace_id, rule.name, rule.state, rule.directions,
                 condition_of(rule), rule.outcome, rule.message, redaction_of(rule), rule.stamps));
}

Task<void> delete_rule(access::Call& call, RuleId id) {
  co_await call.write(kDelete, pg::params(call.organization(), id));
}

Task<void> update_order(access::Call& call, std::vector<RuleId> ids) {
  co_await call.write(kOrder, pg::params(call.organization(), ids));
}

}  // namespace gatehouse::policy
