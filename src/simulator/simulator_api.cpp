#include "simulator/simulator_api.h"

#include <charconv>

#include "access/page.h"
#include "simulator/simulator.h"

namespace gatehouse::simulator {
namespace {

using access::Call;
using access::Input;
using access::None;
using access::Page;
using access::Permission;
using access::Whole;

struct OrganizationPath {
  OrganizationId organization_id;
};
BOOST_DESCRIBE_STRUCT(OrganizationPath, (), (organization_id))

struct VersionsQuery {
  Stage stage;
  access::PageLimit limit = 50;
  access::PageToken page_token;
};
BOOST_DESCRIBE_STRUCT(VersionsQuery, (), (stage, limit, page_token))

struct ExecutionsQuery {
  std::optional<Stage> stage;
  access::PageLimit limit = 50;
  access::PageToken page_token;
};
BOOST_DESCRIBE_STRUCT(ExecutionsQuery, (), (stage, limit, page_token))

struct ConfigureStage {
  Stage stage;
  json::Int<1, 1'000'000'000> based_on;  // the version that was edited
  StageConfig config;
};
BOOST_DESCRIBE_STRUCT(ConfigureStage, (), (stage, based_on, config))

Task<Result<StageVersion>> configure(Call& call, ConfigureStage body) {
  auto made = co_await insert_version(call, body.stage, body.based_on, std::move(body.config));
  if (!made)
    co_return fail(ErrorCode::precondition_failed,
                   "Another version came in between: read it, and change that one");
  call.audit().resource_id = pg::label(made->stage);
  call.audit().payload["version"] = made->version;
  co_return std::move(*made);
}

Task<Result<Page<StageVersion>>> versions(Call& call, VersionsQuery query) {
  std::optional<std::int64_t> before;
  if (query.page_token) {
    GH_CO_TRY(auto cursor, access::open_page_token(call, *query.page_token));
    std::int64_t at = 0;
    if (std::from_chars(cursor.data(), cursor.data() + cursor.size(), at).ec != std::errc{})
      co_return fail(ErrorCode::invalid_page_token);
    before = at;
  }
  auto limit = query.limit->value();
  Page<StageVersion> page{.data = co_await list_versions(call, query.stage, before, limit + 1)};
  if (page.data.size() > static_cast<std::size_t>(limit)) {
    page.data.resize(static_cast<std::size_t>(limit));
    page.next_page_token = access::make_page_token(call, std::to_string(page.data.back().version));
  }
  call.audit().payload["count"] = page.data.size();
  co_return page;
}

Task<Result<Page<ExecutionView>>> executions(Call& call, ExecutionsQuery query) {
  std::optional<ExecutionId> before;
  if (query.page_token) {
    GH_CO_TRY(auto cursor, access::open_page_token(call, *query.page_token));
    before = ExecutionId::parse(cursor);
  }
  auto limit = query.limit->value();
  Page<ExecutionView> page{.data = co_await list_executions(call, query.stage, before, limit + 1)};
  if (page.data.size() > static_cast<std::size_t>(limit)) {
    page.data.resize(static_cast<std::size_t>(limit));
    page.next_page_token = access::make_page_token(call, page.data.back().id.to_string());
  }
  call.audit().payload["count"] = page.data.size();
  co_return page;
}

}  // namespace

void add_operations(access::Operations& operations, models::Gateway& gateway) {
  operations.add(
      {.method = http::Method::post,
       .path = "/api/tenants/{organization_id}/test",
       .id = "runSimulator",
       .summary = "One turn of the engine at a stage; also a stopped organization gets a reply",
       .tag = "execution",
       .permission = Permission::simulator_run,
       .audit_action = "simulator.run",
       .rate = access::RateClass::model,
       .despite_status = true,
       .failures = {ErrorCode::policy_blocked, ErrorCode::model_not_found}},
      [&gateway](Call& call, Input<OrganizationPath, None, RunTurn> in) -> Task<Result<TurnReply>> {
        if (in.path.organization_id != call.organization()) co_return fail(ErrorCode::not_found);
        co_return co_await run_turn(call, gateway, std::move(in.body));
      });
  operations.add({.method = http::Method::get,
                  .path = "/api/stages",
                  .id = "listStages",
                  .summary = "The configuration in force at each stage",
                  .tag = "stage",
                  .permission = Permission::stages_read,
                  .audit_action = "stage.list",
                  .rate = access::RateClass::read},
                 [](Call& call, Input<> /*in*/) -> Task<Result<Whole<StageVersion>>> {
                   co_return Whole<StageVersion>{co_await list_current(call)};
                 });
  operations.add(
      {.method = http::Method::put,
       .path = "/api/stages",
       .id = "configureStage",
       .summary = "Put a new version of one stage's configuration in force",
       .tag = "stage",
       .permission = Permission::stages_manage,
       .audit_action = "stage.configure",
       .rate = access::RateClass::write,
       .failures = {ErrorCode::precondition_failed}},
      [](Call& call, Input<None, None, ConfigureStage> in) { return configure(call, std::move(in.body)); });
  operations.add(
      {.method = http::Method::get,
       .path = "/api/stages/versions",
       .id = "listStageVersions",
       .summary = "All versions of a stage's configuration, newest first",
       .tag = "stage",
       .permission = Permission::stages_read,
       .audit_action = "stage.version.list",
       .rate = access::RateClass::read},
      [](Call& call, Input<None, VersionsQuery> in) { return versions(call, std::move(in.query)); });
  operations.add(
      {.method = http::Method::get,
       .path = "/api/simulator/executions",
       .id = "listExecutions",
       .summary = "Turns of the engine, newest first",
       .tag = "execution",
       .permission = Permission::stages_read,
       .audit_action = "simulator.execution.list",
       .rate = access::RateClass::read},
      [](Call& call, Input<None, ExecutionsQuery> in) { return executions(call, std::move(in.query)); });
}

}  // namespace gatehouse::simulator
