#include "simulator/simulator_store.h"

#include "pg/error.h"
#include "pg/params.h"
#include "pg/statement.h"
#include "simulator/new_organization.h"

namespace gatehouse::simulator {
namespace {

#define GH_VERSION "stage::text, version::bigint, config, created_by, created_at"
constexpr pg::Statement kCurrent{"stages.current", "select distinct on (stage) " GH_VERSION
                                                   " from stage_configs where organization_id = $1"
                                                   " order by stage, version desc"};
constexpr pg::Statement kVersions{
    "stages.versions", "select " GH_VERSION
                       " from stage_configs where organization_id = $1 and stage = $2::text::stage_enum"
                       " and ($3::bigint is null or version < $3) order by version desc limit $4"};
constexpr pg::Statement kInsert{
    "stages.insert",
    "insert into stage_configs (organization_id, stage, version, config, created_by)"
    " select $1, $2::text::stage_enum, $3::bigint + 1, $4::jsonb, $5 where $3 = (select max(version)"
    " from stage_configs where organization_id = $1 and stage = $2::text::stage_enum) returning " GH_VERSION};
#undef GH_VERSION
constexpr pg::Statement kInsertDefault{
    "stages.insert_default",
    "insert into stage_configs (organization_id, stage, version, config)"
    " select $1, s.stage, 1, $2::jsonb from unnest(enum_range(null::stage_enum)) s (stage)"
    " where not exists (select from stage_configs c where c.organization_id = $1 and c.stage = s.stage)"};
constexpr pg::Statement kInsertExecution{"executions.insert",
                                         "insert into execution_logs (organization_id, id, request_id, "
                                         "stage, config_version, workspace_id, actor_type,"
                                         " actor_id, outcome, reason, next_best_action, confidence, model, "
                                         "input_tokens, output_tokens, cost, latency_ms,"
                                         " message, reply) values ($1, $2, $3, $4::text::stage_enum, $5, $6, "
                                         "$7, $8, $9, $10, $11, $12, $13, $14, $15,"
                                         " $16, $17, $18, $19)"};
constexpr pg::Statement kExecutions{
    "executions.list",
    "select id, request_id, stage::text, config_version::bigint, actor_type, actor_id, outcome, reason,"
    " next_best_action, confidence::float8, model, input_tokens, output_tokens, cost, latency_ms, message, "
    "reply,"
    " created_at from execution_logs where organization_id = $1 and ($2::text is null or stage::text = $2)"
    " and ($3::uuid is null or id < $3) order by id desc limit $4"};

struct VersionRow {
  Stage stage;
  std::int64_t version;
  pg::Json config;
  std::optional<UserId> created_by;
  Timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(VersionRow, (), (stage, version, config, created_by, created_at))

StageVersion to_version(VersionRow row) {
  auto config = json::decode_text<StageConfig>(row.config.text);
  if (!config) throw Failure("a stage's configuration is not readable");
  return {.stage = row.stage,
          .version = row.version,
          .config = std::move(*config),
          .created_by = row.created_by,
          .created_at = row.created_at};
}

std::vector<StageVersion> to_versions(const pg::Rows& rows) {
  std::vector<StageVersion> versions;
  for (auto& row : rows.as<VersionRow>()) versions.push_back(to_version(std::move(row)));
  return versions;
}

}  // namespace

const StageVersion& StageConfigs::of(Stage stage) const {
  auto found = std::ranges::find(current, stage, &StageVersion::stage);
  if (found == current.end()) throw Failure("an organization lacks a stage");
  return *found;
}

Task<std::shared_ptr<StageConfigs>> StageConfigs::load(const access::TenantSnapshot& tenant) {
  auto rows = co_await tenant.read(pg::Batch(kCurrent, pg::params(tenant.tenant().id)));
  co_return std::make_shared<StageConfigs>(StageConfigs{to_versions(rows[0])});
}

Task<std::vector<StageVersion>> list_current(access::Call& call) {
  auto rows = co_await call.read(kCurrent, pg::params(call.organization()));
  co_return to_versions(rows);
}

Task<std::vector<StageVersion>> list_versions(access::Call& call, Stage stage,
                                              std::optional<std::int64_t> before, std::int64_t limit) {
  auto rows = co_await call.read(kVersions, pg::params(call.organization(), stage, before, limit));
  co_return to_versions(rows);
}

Task<std::optional<StageVersion>> insert_version(access::Call& call, Stage stage, std::int64_t based_on,
                                                 StageConfig config) {
  try {
    auto rows = co_await call.write(
        kInsert, pg::params(call.organization(), stage, based_on, json::encode(config), call.user()));
    auto row = rows.find_one<VersionRow>();
    if (!row) co_return std::nullopt;
    co_return to_version(std::move(*row));
  } catch (const pg::Error& error) {
    // Two at once: the other was first.
    if (error.is_unique_violation()) co_return std::nullopt;
    throw;
  }
}

void insert_default_stages(pg::Batch& batch, OrganizationId organization) {
  batch.add(kInsertDefault, pg::params(organization, json::encode(StageConfig{})));
}

Task<void> insert_execution(access::Call& call, ExecutionView one) {
  std::optional<WorkspaceId> workspace;
  if (!call.workspace().is_nil()) workspace = call.workspace();
  co_await call.write(kInsertExecution,
                      pg::params(call.organization(), one.id, one.request_id, one.stage, one.config_version,
                                 workspace, one.actor_type, one.actor_id, one.outcome, one.reason,
                                 one.next_best_action, one.confidence, one.model, one.input_tokens,
                                 one.output_tokens, one.cost, one.latency_ms, one.message, one.reply));
}

Task<std::vector<ExecutionView>> list_executions(access::Call& call, std::optional<Stage> stage,
                                                 std::optional<ExecutionId> before, std::int64_t limit) {
  auto name = stage.transform([](Stage one) { return std::string(pg::label(one)); });
  auto rows = co_await call.read(kExecutions, pg::params(call.organization(), name, before, limit));
  co_return rows.as<ExecutionView>();
}

}  // namespace gatehouse::simulator
