#include "server/services.h"

#include "access/openapi.h"
#include "base/log.h"
#include "base/vital_loop.h"
#include "chat/chat_api.h"
#include "explorer/explorer_api.h"
#include "grants/grants_api.h"
#include "identity/identity_api.h"
#include "identity/operators.h"
#include "models/demo_models.h"
#include "models/models_api.h"
#include "pg/params.h"
#include "policy/normalize.h"
#include "policy/rule_sets.h"
#include "policy/rules_api.h"
#include "policy/rules_demo.h"
#include "scim/scim_api.h"
#include "server/commands.h"
#include "server/node_settings.h"
#include "simulator/new_organization.h"
#include "simulator/simulator_api.h"
#include "sso/sso_api.h"
#include "tenancy/demo_seed.h"
#include "tenancy/directory.h"
#include "tenancy/operator_api.h"
#include "tenancy/tenancy_api.h"
#include "tenancy/usage_api.h"

namespace gatehouse::server {
namespace {

using namespace std::chrono_literals;

constexpr pg::Statement kEnsurePartitions{"server.ensure_partitions", "call ensure_partitions(3)"};
constexpr pg::Statement kForgetAnswers{
    "server.forget_answers", "delete from idempotency_keys where created_at < now() - interval '24 hours'"};
// Twice as long as a signed request is good for.
constexpr pg::Statement kForgetSignatures{
    "server.forget_signatures",
    "delete from request_signatures where created_at < now() - interval '20 minutes'"};
constexpr pg::Statement kForgetSessions{"server.forget_sessions",
                                        "delete from sessions where expires_at < now() - interval '30 days'"};

constexpr pg::Statement kReclaimLeases{"server.reclaim_leases", "select reclaim_leases(null)"};
constexpr pg::Statement kCloseDays{"server.close_days", "select close_usage_days()"};
constexpr pg::Statement kForgetWrites{"server.forget_writes",
                                      "delete from write_counts where hour < now() - interval '1 day'"};
constexpr pg::Statement kForgetResets{
    "server.forget_resets", "delete from password_resets where expires_at < now() - interval '1 day'"};
// What was given up stays a week for who looks into why; what nobody sends any more goes as well.
constexpr pg::Statement kForgetMail{"server.forget_mail",
                                    "delete from mail_outbox where created_at < now() - interval '7 days'"};

std::string base_url(const Installation& installation) {
  const auto& section = *installation.config.server;
  if (!(*section.base_url).empty()) return *section.base_url;
  return fmt::format("{}://{}:{}", installation.config.tls ? "https" : "http", *section.address,
                     static_cast<std::int64_t>(*section.port));
}

/// What belongs to every new organization besides tenancy's own.
std::vector<tenancy::ProvisioningPart> new_organization_parts(const Installation& installation) {
  std::vector<tenancy::ProvisioningPart> parts = {simulator::insert_default_stages};
  // Where the demo models are offered, each organization has them from its first moment.
  if (*installation.config.demo->enabled) parts.emplace_back(models::insert_demo_provider);
  return parts;
}

identity::IdentityOptions identity_options(const Installation& installation) {
  identity::IdentityOptions options;
  options.signing_key = installation.signing_key;
  options.issuer = base_url(installation);
  options.secure_cookies = options.issuer.starts_with("https:");
  options.demo = *installation.config.demo->enabled;
  options.base_urls = base_urls(installation);
  options.mail = installation.mail.has_value();
  options.sign_up = *installation.config.sign_up->mode;
  options.founding = new_organization_parts(installation);
  return options;
}

sso::SsoOptions sso_options(const Installation& installation) {
  sso::SsoOptions options{.egress = egress_policy(installation.config)};
  const std::string& server = *installation.config.server->dns_server;
  if (server.empty()) return options;
  options.dns_server = sso::DnsServer::parse(server);
  if (!options.dns_server) throw Failure("server.dns_server: " + server + " is no IPv4 address with a port");
  return options;
}

models::GatewayOptions gateway_options(const Installation& installation, Executor background,
                                       const std::map<Region, std::unique_ptr<audit::Appender>>& appenders,
                                       policy::HitCounter& hits) {
  models::GatewayOptions options{.writer = background, .node = *installation.config.server->node};
  for (const auto& [region, appender] : appenders)
    options.regions[region] = {.database = {.dsn = installation.regions.at(region).platform},
                               .appender = appender.get()};
  options.egress = egress_policy(installation.config);
  options.demo_pace =
      std::chrono::milliseconds(static_cast<std::int64_t>(*installation.config.demo->pace_ms));
  options.on_decision = [&hits](OrganizationId organization, const policy::Decision& decision) {
    hits.record(organization, decision);
  };
  return options;
}

/// What a database needs done now and then, in every region.
Task<void> keep_house(access::Reactor& reactor) {
  for (;;) {
    for (auto& region : reactor.regions()) {
      try {
        auto deadline = pg::within(60s);
        co_await region.platform->run(pg::Batch(kForgetAnswers, {}), deadline);
        co_await region.platform->run(pg::Batch(kForgetSessions, {}), deadline);
        co_await region.platform->run(pg::Batch(kForgetSignatures, {}), deadline);
        co_await region.platform->run(pg::Batch(kEnsurePartitions, {}), deadline);
        co_await region.platform->run(pg::Batch(kReclaimLeases, {}), deadline);
        co_await region.platform->run(pg::Batch(kCloseDays, {}), deadline);
        co_await region.platform->run(pg::Batch(kForgetWrites, {}), deadline);
        co_await sso::SingleSignOn::forget_old(reactor, region.region);
        co_await region.platform->run(pg::Batch(kForgetResets, {}), deadline);
        co_await region.platform->run(pg::Batch(kForgetMail, {}), deadline);
        co_await tenancy::settle_plans(reactor, region.region);
      } catch (const std::exception& failure) {
        log::warn("server.housekeeping_failed",
                  {{"region", to_string(region.region)}, {"error", failure.what()}});
      }
    }
    try {
      co_await tenancy::settle_reservations(reactor);
    } catch (const std::exception& failure) {
      log::warn("server.housekeeping_failed", {{"region", "-"}, {"error", failure.what()}});
    }
    co_await sleep_for(1h);
  }
}

}  // namespace

Services::Services(const Installation& installation, Executor background,
                   const std::map<Region, std::unique_ptr<audit::Appender>>& appenders)
    : identity(identity_options(installation)),
      tenants{.passwords = identity.passwords(), .parts = new_organization_parts(installation)},
      sso(identity, sso_options(installation)),
      gateway(gateway_options(installation, background, appenders, hits)) {
  policy::prepare_fold();
  if (installation.mail) postman = std::make_unique<mail::Postman>(*installation.mail);
  system.version = kVersion;
  system.mail = installation.mail.has_value();
  system.sign_up = *installation.config.sign_up->mode;
  system.demo = *installation.config.demo->enabled;
  if (system.demo)
    for (const auto& account : tenancy::demo_accounts())
      system.demo_accounts.push_back({std::string(account.email), std::string(account.password),
                                      std::string(account.organization),
                                      std::string(to_string(account.role))});
  add_system_operations(operations, system);
  identity::add_operations(operations, identity);
  sso::add_operations(operations, sso);
  scim::add_operations(operations, identity);
  tenancy::add_operations(operations);
  grants::add_operations(operations);
  tenancy::add_usage_operations(operations);
  tenancy::add_dashboard_operations(operations);
  tenancy::add_checklist_operations(operations);
  tenancy::add_operator_operations(operations, tenants);
  models::add_operations(operations, gateway);
  chat::add_operations(operations, gateway, chats);
  simulator::add_operations(operations, gateway);
  policy::add_operations(operations);
  explorer::add_operations(operations);
  system.openapi = access::openapi_document(operations, kVersion);
}

Task<void> Services::recover(access::Reactor&) {
  co_await gateway.recover();
}

void Services::start_loops(access::Reactor& reactor) {
  run_vital(reactor.executor(), "access.plans", plans.follow(reactor));
  run_vital(reactor.executor(), "gateway.sweep", gateway.sweep());
  run_vital(reactor.executor(), "access.grant_uses", grant_uses.flush_loop(reactor));
  run_vital(reactor.executor(), "policy.hits", hits.flush_loop(reactor));
  run_vital(reactor.executor(), "server.keep_house", keep_house(reactor));
  if (postman)
    for (auto& region : reactor.regions())
      run_vital(reactor.executor(), "mail.postman", postman->run(reactor, region.region));
}

Task<void> Services::flush_counts(access::Reactor& reactor) {
  co_await hits.flush(reactor);
  co_await grant_uses.flush(reactor);
}

Task<void> Services::stop(pg::Deadline deadline) {
  if (!co_await gateway.close(deadline)) log::warn("server.calls_left_unsettled");
}

Task<SeededDemo> Services::seed_demo(access::Reactor& reactor,
                                     std::map<std::string, std::string> known_api_keys) {
  SeededDemo seeded{.accounts = system.demo_accounts, .new_api_keys = {}};
  for (const auto& account : tenancy::demo_accounts()) {
    if (account.role != RoleCode::MS) continue;
    auto made = co_await identity::create_operator(reactor, identity.passwords(), std::string(account.email),
                                                   std::string(account.name),
                                                   crypto::Secret::copy_of(account.password));
    if (!made && made.error().code != ErrorCode::already_exists)
      throw Failure("the operator: " + made.error().detail);
  }
  auto result =
      co_await tenancy::seed_identity_and_tenancy(reactor, identity.passwords(), std::move(known_api_keys));
  for (auto& organization : result.organizations) {
    if (organization.new_api_key)
      seeded.new_api_keys[organization.slug] = std::move(*organization.new_api_key);
    // Both change nothing where there are rows, so a start that was cut short is made good by the next.
    pg::Batch rows;
    policy::insert_demo_rules(rows, organization.id);
    models::insert_demo_provider(rows, organization.id);
    simulator::insert_default_stages(rows, organization.id);
    co_await reactor.region(organization.region).platform->run(std::move(rows), pg::within(30s));
  }
  co_return seeded;
}

}  // namespace gatehouse::server
