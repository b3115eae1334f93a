// A whole node in one coroutine: one region's databases, operations behind a server, and a provider that the
// test scripts. For *_pgtest.cpp of models/ and chat/; not part of the server.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "access/dispatcher.h"
#include "access/reactor.h"
#include "audit/appender.h"
#include "http/server.h"
#include "json/codec.h"
#include "models/demo_models.h"
#include "models/models_api.h"
#include "pg/testing.h"
#include "policy/rules_demo.h"
#include "vault/key_hierarchy.h"
#include "vault/master_key.h"

namespace gatehouse::models::testing {

using namespace std::chrono_literals;

/// An organization with two people, in one workspace of their own each and one shared.
struct Tenant {
  OrganizationId id = OrganizationId::make();
  UserId admin = UserId::make();
  UserId colleague = UserId::make();
  WorkspaceId workspace = WorkspaceId::make();
};

struct Databases {
  std::string superuser, app, platform, audit, audit_reader;

  static const Databases& instance() {
    static Databases made;
    return made;
  }

 private:
  Databases() {
    superuser = pg::testing::owned_database("product");
    auto audit_database = pg::testing::owned_database("audit");
    app = pg::testing::as_role(superuser, "gatehouse_app");
    platform = pg::testing::as_role(superuser, "gatehouse_platform");
    audit = pg::testing::as_role(audit_database, "gatehouse_audit");
    audit_reader = pg::testing::as_role(audit_database, "gatehouse_app");
  }
};

struct Answer {
  int status = 0;
  http::Headers headers;
  std::string body;

  json::Value json() const { return json::parse(body).value(); }
};

/// Believes what the request says of its caller.
class Callers final : public access::Authenticator {
 public:
  Task<Result<access::Principal>> authenticate(access::Reactor&, const http::Request& request) override {
    access::Principal who{.type = audit::ActorType::user, .region = Region::us};
    who.user = UserId::parse(request.headers.get("x-test-user")).value_or(UserId{});
    who.organization =
        OrganizationId::parse(request.headers.get("x-test-organization")).value_or(OrganizationId{});
    who.default_workspace =
        WorkspaceId::parse(request.headers.get("x-test-workspace")).value_or(WorkspaceId{});
    who.role = request.headers.get("x-test-role") == "OA" ? RoleCode::OA : RoleCode::UR;
    co_return who;
  }
  Task<Result<access::Principal>> renew(access::Reactor&, access::Principal who) override { co_return who; }
};

class Stack {
 public:
  /// The provider's side: what came, and what is answered.
  std::function<Task<void>(http::Exchange&)> provider;
  int provider_calls = 0;

  /// Runs `test` against a node; `add` registers more operations.
  static void run(std::function<Task<void>(Stack&)> test,
                  std::function<void(access::Operations&, Gateway&)> add = {}) {
    pg::testing::run([](auto work, auto more) -> Task<void> {
      Executor executor = co_await asio::this_coro::executor;
      Stack stack(executor, std::move(more));
      std::exception_ptr failure;
      try {
        co_await work(stack);
      } catch (...) {
        failure = std::current_exception();
      }
      co_await stack.close();
      if (failure) std::rethrow_exception(failure);
    }(std::move(test), std::move(add)));
  }

  Gateway& gateway() { return *gateway_; }
  access::Reactor& reactor() { return *reactor_; }
  audit::Appender& appender() { return *appender_; }
  std::string provider_url() const { return "http://127.0.0.1:" + std::to_string(upstream_->port()) + "/v1"; }

  Task<Tenant> tenant(DataMode mode = DataMode::full_content) {
    Tenant made;
    auto slug = "t" + made.id.to_string().substr(24);
    co_await as_superuser(
        "insert into organizations (id, name, slug, region, data_mode) values ($1, $2, $2, "
        "'us', $3::data_mode_enum)",
        pg::params(made.id, slug, pg::label(mode)));
    for (auto [user, role] : {std::pair(made.admin, "OA"), std::pair(made.colleague, "UR")}) {
      co_await as_superuser("insert into users (id, email, name) values ($1, $2, 'Somebody')",
                            pg::params(user, user.to_string() + "@" + slug + ".test"));
      co_await as_superuser(
          "insert into memberships (organization_id, user_id, role_code) values ($1, $2, $3::role_code_enum)",
          pg::params(made.id, user, role));
    }
    co_await as_superuser(
        "insert into workspaces (organization_id, id, name, workspace_type, is_default) "
        "values ($1, $2, 'OrgWorkspace', 'FUNCTIONAL', true)",
        pg::params(made.id, made.workspace));
    for (auto user : {made.admin, made.colleague})
      co_await as_superuser(
          "insert into workspace_users (organization_id, id, workspace_id, user_id) values ($1, $2, $3, $4)",
          pg::params(made.id, Uuid::v7(), made.workspace, user));
    auto rows = co_await reactor_->region(Region::us).keyring->new_organization_key(made.id);
    insert_demo_provider(rows, made.id);
    policy::insert_demo_rules(rows, made.id);
    co_await reactor_->region(Region::us).platform->run(std::move(rows), pg::within(10s));
    co_return made;
  }

  /// Adds the scripted provider as `mock`, with the model `mock/m`.
  Task<void> add_provider(Tenant tenant) {
    auto answer = co_await post(tenant.admin, tenant, "/api/providers",
                                R"({"name":"mock","base_url":")" + provider_url() +
                                    R"(","api_key":"sk-test-0123456789abcd","models":[{"name":"m"}]})");
    if (answer.status != 201) throw Failure("the provider was refused: " + answer.body);
  }

  Task<Result<http::ClientResponse>> send(http::Method method, UserId user, Tenant tenant, std::string path,
                                          std::string body, http::Headers headers = {}) {
    headers.set("x-test-user", user.to_string());
    headers.set("x-test-organization", tenant.id.to_string());
    headers.set("x-test-workspace", tenant.workspace.to_string());
    headers.set("x-test-role", user == tenant.admin ? "OA" : "UR");
    headers.set("content-type", "application/json");
    co_return co_await browser_->send({.method = method,
                                       .endpoint = {.host = "127.0.0.1", .port = server_->port()},
                                       .target = std::move(path),
                                       .headers = std::move(headers),
                                       .body = std::move(body)});
  }
  Task<Answer> ask(http::Method method, UserId user, Tenant tenant, std::string path, std::string body = {},
                   http::Headers headers = {}) {
    auto response = co_await send(method, user, tenant, std::move(path), std::move(body), std::move(headers));
    if (!response) throw Failure("no answer: " + response.error().detail);
    Answer answer{.status = response->status(), .headers = response->headers()};
    auto text = co_await response->read_all(16 << 20);
    answer.body = text ? *text : "cut: " + text.error().detail;
    co_return answer;
  }
  Task<Answer> post(UserId user, Tenant tenant, std::string path, std::string body) {
    return ask(http::Method::post, user, tenant, std::move(path), std::move(body));
  }
  Task<Answer> get(UserId user, Tenant tenant, std::string path) {
    return ask(http::Method::get, user, tenant, std::move(path));
  }

  Task<pg::Rows> as_superuser(std::string sql, pg::Params params = {}) {
    co_return co_await once(*superuser_, std::move(sql), std::move(params));
  }
  /// One organization's chained events, oldest first, as `action/outcome/decision`. Nothing drains the outbox
  /// here: those of model calls and reads alone.
  Task<std::vector<std::string>> events(OrganizationId organization) {
    auto rows = co_await once(*audit_,
                              "select action || '/' || outcome || '/' || coalesce(decision, '-') from "
                              "audit_events where org_id = $1 order by org_sequence",
                              pg::params(organization));
    co_return rows.as<std::string>();
  }
  Task<std::string> event_bytes(OrganizationId organization) {
    auto rows =
        co_await once(*audit_,
                      "select coalesce(string_agg(encode(record, 'escape'), ' '), '') from audit_events "
                      "where org_id = $1",
                      pg::params(organization));
    co_return rows.one<std::string>();
  }
  /// Outcomes, once no call is left with its intent.
  Task<std::vector<std::string>> metered(OrganizationId organization) {
    co_await until([&]() -> Task<bool> { co_return co_await intents(organization) == 0; });
    auto rows = co_await as_superuser(
        "select outcome::text from metering_events where organization_id = $1 order by created_at",
        pg::params(organization));
    co_return rows.as<std::string>();
  }
  Task<std::int64_t> intents(OrganizationId organization) {
    auto rows = co_await as_superuser("select count(*) from model_calls where organization_id = $1",
                                      pg::params(organization));
    co_return rows.one<std::int64_t>();
  }
  /// Waits for what happens after the client was answered; a limit keeps a failure from hanging.
  Task<void> until(std::function<Task<bool>()> holds) {
    for (int i = 0; i < 2000; ++i) {
      if (co_await holds()) co_return;
      co_await sleep_for(5ms);
    }
    throw Failure("what the test waits for does not happen");
  }

 private:
  Stack(Executor executor, std::function<void(access::Operations&, Gateway&)> add) {
    const auto& at = Databases::instance();
    appender_ = std::make_unique<audit::Appender>(
        executor, audit::AppenderOptions{.region = Region::us, .database = {.dsn = at.audit}});
    auto keys = vault::MasterKeys::parse(vault::MasterKeys::generate_text());
    wrapper_ = std::make_unique<vault::MasterKeyWrapper>(std::move(keys.value()));
    auto pool = [&](const std::string& dsn) {
      return std::make_unique<pg::Pool>(executor, pg::Config{.dsn = dsn}, pg::PoolOptions{.name = "test"});
    };
    superuser_ = pool(at.superuser);
    audit_ = pool(at.audit);
    std::vector<access::RegionAccess> regions;
    access::RegionAccess region{.region = Region::us};
    region.app = pool(at.app);
    region.platform = pool(at.platform);
    region.audit = pool(at.audit_reader);
    region.appender = appender_.get();
    region.keyring = std::make_unique<vault::Keyring>(*wrapper_, *region.platform);
    regions.push_back(std::move(region));
    auto secrets = std::make_shared<access::NodeSecrets>();
    secrets->page_tokens = crypto::Secret::random(32);
    http::ClientConfig client;
    client.egress.allowed_hosts = {"127.0.0.1"};
    browser_ = std::make_unique<http::Client>(executor, client);
    reactor_ = std::make_unique<access::Reactor>(executor.context(), std::move(regions), pool(at.platform),
                                                 std::make_unique<http::Client>(executor, client), secrets);
    GatewayOptions options{.writer = executor, .node = "test", .demo_pace = 5ms};
    options.regions[Region::us] = {.database = {.dsn = at.platform}, .appender = appender_.get()};
    options.egress = client.egress;
    gateway_ = std::make_unique<Gateway>(std::move(options));
    models::add_operations(operations_, *gateway_);
    if (add) add(operations_, *gateway_);
    dispatcher_ = std::make_unique<access::Dispatcher>(operations_, callers_, access::DispatcherOptions{});
    http::ServerConfig listen;
    listen.limits.body_limit = [this](http::Method method, std::string_view path) {
      return operations_.body_limit(method, path);
    };
    server_ = std::make_unique<http::Server>(executor.context(), listen,
                                             [this](http::Exchange& exchange) -> Task<void> {
                                               co_await dispatcher_->handle(*reactor_, exchange);
                                             });
    upstream_ = std::make_unique<http::Server>(executor.context(), http::ServerConfig{},
                                               [this](http::Exchange& exchange) -> Task<void> {
                                                 ++provider_calls;
                                                 co_await provider(exchange);
                                               });
  }

  static Task<pg::Rows> once(pg::Pool& pool, std::string sql, pg::Params params) {
    pg::Batch batch;
    batch.add_adhoc(std::move(sql), std::move(params));
    auto rows = co_await pool.run(std::move(batch), pg::within(10s));
    co_return std::move(rows.back());
  }

  Task<void> close() {
    co_await gateway_->close(pg::within(10s));
    browser_.reset();
    server_.reset();
    upstream_.reset();
    co_await appender_->close(pg::within(10s));
    for (auto* pool : {superuser_.get(), audit_.get(), reactor_->region(Region::us).app.get(),
                       reactor_->region(Region::us).platform.get(), reactor_->region(Region::us).audit.get(),
                       &reactor_->control()})
      co_await pool->drain(pg::within(10s));
  }

  std::unique_ptr<audit::Appender> appender_;
  std::unique_ptr<vault::KeyWrapper> wrapper_;
  std::unique_ptr<pg::Pool> superuser_, audit_;
  std::unique_ptr<http::Client> browser_;
  std::unique_ptr<access::Reactor> reactor_;
  std::unique_ptr<Gateway> gateway_;
  access::Operations operations_;
  Callers callers_;
  std::unique_ptr<access::Dispatcher> dispatcher_;
  std::unique_ptr<http::Server> server_, upstream_;
};

}  // namespace gatehouse::models::testing
