#include "tenancy/demo_seed.h"

#include <array>

#include "audit/event.h"
#include "base/error.h"
#include "crypto/token.h"
#include "pg/params.h"
#include "pg/statement.h"
#include "tenancy/email_directory.h"
#include "tenancy/provisioning.h"
#include "tenancy/provisioning_store.h"

namespace gatehouse::tenancy {
namespace {

using namespace std::chrono_literals;

constexpr auto kDeadline = 10s;
constexpr std::string_view kKeyName = "Demo key";

constexpr std::array kAccounts = {
    DemoAccount{"operator@gatehouse.test", "operator-demo-2026", "Olivia Operator", "", RoleCode::MS},
    DemoAccount{"admin@acme.test", "admin-demo-2026", "Ada Admin", "acme", RoleCode::OA},
    DemoAccount{"manager@acme.test", "manager-demo-2026", "Marco Manager", "acme", RoleCode::WM},
    DemoAccount{"user@acme.test", "user-demo-2026", "Uma User", "acme", RoleCode::UR},
    DemoAccount{"admin@borealis.test", "borealis-demo-2026", "Bruno Borealis", "borealis", RoleCode::OA},
};

struct DemoTenant {
  std::string_view name, slug;
  Region region;
  DataMode data_mode;
};
constexpr std::array kTenants = {
    DemoTenant{"Acme", "acme", Region::us, DataMode::full_content},
    DemoTenant{"Borealis", "borealis", Region::eu, DataMode::metadata_only},
};

constexpr pg::Statement kRevokeDemoKeys{"demo.revoke_keys",
                                        "update api_keys set revoked_at = now() where organization_id = $1"
                                        " and name = $2 and revoked_at is null"};
constexpr pg::Statement kInsertDemoKey{
    "demo.insert_key",
    "insert into api_keys (organization_id, id, workspace_id, user_id, name, key_hash, last_four)"
    " values ($1, $2, $3, $4, $5, $6, $7)"};

template <class T>
T require(Result<T> result) {
  if (!result)
    throw Failure("the demo cannot be set up: " + std::string(to_string(result.error().code)) + " " +
                  result.error().detail);
  return std::move(*result);
}

Task<void> record(access::Reactor& reactor, Region region, OrganizationId organization, std::string action,
                  std::string type, std::string id) {
  auto event = audit::make_event(std::move(action));
  event.organization = organization;
  event.actor_type = audit::ActorType::system;
  event.resource_type = std::move(type);
  event.resource_id = std::move(id);
  event.payload = json::Object{{"demo", true}};
  co_await reactor.region(region).appender->append(std::move(event));
}

/// Hashing takes its time, so only a person who is not there yet is given a password.
Task<NewPerson> person_of(access::Reactor& reactor, crypto::PasswordHasher& hasher, Region region,
                          DemoAccount account) {
  NewPerson person{
      .email = std::string(account.email), .name = std::string(account.name), .is_confirmed = true};
  if (!co_await find_person(reactor, region, person.email))
    person.password_hash = require(co_await hasher.hash(crypto::Secret::copy_of(account.password)));
  co_return person;
}

Task<std::string> make_key(access::Reactor& reactor, DemoOrganization organization) {
  auto id = ApiKeyId::make();
  auto key = crypto::issue_token({.kind = crypto::TokenKind::api_key,
                                  .region = std::string(to_string(organization.region)),
                                  .organization = organization.id.value,
                                  .id = id.value});
  pg::Batch batch;
  batch.add(kRevokeDemoKeys, pg::params(organization.id, kKeyName))
      .add(kInsertDemoKey, pg::params(organization.id, id, organization.org_workspace, organization.owner,
                                      kKeyName, key.stored, key.text.last_four()));
  co_await reactor.region(organization.region).platform->run(std::move(batch), pg::within(kDeadline));
  co_await record(reactor, organization.region, organization.id, "api_key.create", "api_key", id.to_string());
  co_return std::string(key.text.reveal());
}

Task<DemoOrganization> seed(access::Reactor& reactor, crypto::PasswordHasher& hasher, PlanId plan,
                            DemoTenant tenant, bool has_key) {
  DemoOrganization made{.slug = std::string(tenant.slug), .region = tenant.region};
  for (const auto& account : kAccounts) {
    if (account.organization != tenant.slug) continue;
    auto person = co_await person_of(reactor, hasher, tenant.region, account);
    if (made.id.is_nil()) {
      // The first account of each is its owner.
      auto organization = require(co_await provision_organization(reactor, {.name = std::string(tenant.name),
                                                                            .slug = made.slug,
                                                                            .region = tenant.region,
                                                                            .data_mode = tenant.data_mode,
                                                                            .plan = plan,
                                                                            .owner = std::move(person)}));
      made.id = organization.id;
      made.owner = organization.owner;
      made.org_workspace = organization.org_workspace;
      made.created = organization.created;
      if (made.created)
        co_await record(reactor, made.region, made.id, "organization.create", "organization",
                        made.id.to_string());
      continue;
    }
    auto member = require(co_await add_member(
        reactor,
        {.organization = made.id, .region = made.region, .person = std::move(person), .role = account.role}));
    if (member.created)
      co_await record(reactor, made.region, made.id, "member.create", "user", member.user.to_string());
  }
  if (!has_key) made.new_api_key = co_await make_key(reactor, made);
  co_return made;
}

}  // namespace

std::span<const DemoAccount> demo_accounts() {
  return kAccounts;
}

Task<DemoResult> seed_identity_and_tenancy(access::Reactor& reactor, crypto::PasswordHasher& hasher,
                                           std::map<std::string, std::string> known_api_keys) {
  DemoResult result;
  auto plan = co_await ensure_unlimited_plan(reactor);
  for (const auto& tenant : kTenants) {
    bool has_key = known_api_keys.contains(std::string(tenant.slug));
    result.organizations.push_back(co_await seed(reactor, hasher, plan, tenant, has_key));
  }
  co_return result;
}

}  // namespace gatehouse::tenancy
