#include "server/system_api.h"

#include "access/error_document.h"
#include "access/operation.h"
#include "base/metrics.h"
#include "pg/params.h"

namespace gatehouse::server {
namespace {

using access::Call;
using access::Input;
using access::None;
using access::Permission;
using access::Streamed;

constexpr pg::Statement kPing{"system.ping", "select 1"};

struct Health {
  std::string status;
};
BOOST_DESCRIBE_STRUCT(Health, (), (status))

struct SystemInfo {
  std::string name;
  std::string version;
  bool demo;
  bool mail;  // whether it sends any: links for forgotten passwords, codes, invitations
  identity::SignUpMode sign_up;
  std::vector<std::string> regions;  // that this node serves
  std::vector<DemoAccount> demo_accounts;
};
BOOST_DESCRIBE_STRUCT(SystemInfo, (), (name, version, demo, mail, sign_up, regions, demo_accounts))

Task<Result<Streamed>> send(Call& call, std::string_view content_type, std::string body) {
  http::Response response;
  response.headers.add("content-type", content_type);
  response.headers.add("cache-control", "no-cache");
  response.body = std::move(body);
  co_await call.exchange().respond(std::move(response));
  co_return Streamed{};
}

Task<bool> answers(pg::Pool& pool) {
  try {
    co_await pool.run(pg::Batch(kPing, pg::params()), pg::within(std::chrono::seconds(2)));
    co_return true;
  } catch (const Failure&) {
    co_return false;
  }
}

}  // namespace

void add_system_operations(access::Operations& operations, SystemState& state) {
  using http::Method;
  operations.add({.method = Method::get,
                  .path = "/healthz",
                  .id = "getHealth",
                  .summary = "Whether the process lives",
                  .tag = "system",
                  .permission = Permission::anyone,
                  .rate = access::RateClass::read},
                 [](Call&, Input<>) -> Task<Result<Health>> { co_return Health{"ok"}; });
  operations.add({.method = Method::get,
                  .path = "/readyz",
                  .id = "getReadiness",
                  .summary = "Whether it can serve: the databases answer and it is not stopping",
                  .tag = "system",
                  .permission = Permission::anyone,
                  .rate = access::RateClass::read,
                  .failures = {ErrorCode::shutting_down, ErrorCode::overloaded}},
                 [&state](Call& call, Input<>) -> Task<Result<Health>> {
                   if (state.stopping) co_return fail(ErrorCode::shutting_down);
                   bool good = co_await answers(call.reactor().control());
                   for (auto& region : call.reactor().regions())
                     good = co_await answers(*region.app) && co_await answers(*region.audit) && good;
                   if (!good) co_return fail(ErrorCode::overloaded, "A database does not answer");
                   co_return Health{"ready"};
                 });
  operations.add({.method = Method::get,
                  .path = "/metrics",
                  .id = "getMetrics",
                  .summary = "Prometheus metrics",
                  .tag = "system",
                  .permission = Permission::anyone,
                  .rate = access::RateClass::read,
                  .streams = {"text/plain"}},
                 [](Call& call, Input<>) -> Task<Result<Streamed>> {
                   co_return co_await send(call, "text/plain; version=0.0.4", metrics::render());
                 });
  operations.add({.method = Method::get,
                  .path = "/api/openapi.json",
                  .id = "getOpenApi",
                  .summary = "This document",
                  .tag = "system",
                  .permission = Permission::anyone,
                  .rate = access::RateClass::read,
                  .streams = {"application/json"}},
                 [&state](Call& call, Input<>) -> Task<Result<Streamed>> {
                   co_return co_await send(call, "application/json", state.openapi);
                 });
  operations.add({.method = Method::get,
                  .path = "/docs/errors",
                  .id = "getErrorDocumentation",
                  .summary = "Every error code and what it means",
                  .tag = "system",
                  .permission = Permission::anyone,
                  .rate = access::RateClass::read,
                  .streams = {"text/html"}},
                 [](Call& call, Input<>) -> Task<Result<Streamed>> {
                   co_return co_await send(call, "text/html; charset=utf-8", access::error_page());
                 });
  operations.add({.method = Method::get,
                  .path = "/api/info",
                  .id = "getInfo",
                  .summary = "What this server is; in the demo also its accounts",
                  .tag = "system",
                  .permission = Permission::anyone,
                  .rate = access::RateClass::read},
                 [&state](Call& call, Input<>) -> Task<Result<SystemInfo>> {
                   std::vector<std::string> regions;
                   for (auto& served : call.reactor().regions())
                     regions.emplace_back(to_string(served.region));
                   co_return SystemInfo{.name = "Gatehouse",
                                        .version = state.version,
                                        .demo = state.demo,
                                        .mail = state.mail,
                                        .sign_up = state.sign_up,
                                        .regions = std::move(regions),
                                        .demo_accounts = state.demo_accounts};
                 });
}

}  // namespace gatehouse::server
