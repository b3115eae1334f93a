// Provisioning against real databases, and what row-level security then lets each person see.
#include <gtest/gtest.h>

#include "crypto/token.h"
#include "tenancy/demo_seed.h"
#include "tenancy/email_directory.h"
#include "tenancy/testing.h"

namespace gatehouse::tenancy {
namespace {

using access::Reactor;
using access::SessionContext;
using testing::as_app;
using testing::as_platform;
using testing::organization;
using testing::person;
using testing::unique;

/// gtest's fatal assertions return, which a coroutine cannot; tests give a value and judge it outside.
template <class T>
T in_world(std::function<Task<T>(Reactor&)> body, std::vector<Region> regions = {Region::us, Region::eu}) {
  return testing::World::instance().run<T>(std::move(body), std::move(regions));
}

SessionContext context(OrganizationId organization, UserId user, RoleCode role, Reach reach) {
  return {.organization = organization, .user = user, .role = role, .reach = reach};
}

struct Company {
  OrganizationId id;
  UserId owner, manager, member, outsider;
};

/// An owner, a manager and a member who share OrgWorkspace, and an outsider who lost access to it.
Task<Company> company(Reactor& reactor, std::string slug) {
  auto made = co_await organization(reactor, slug);
  Company all{.id = made.id, .owner = made.owner};
  auto add = [&](std::string name, RoleCode role) -> Task<UserId> {
    auto added = co_await add_member(
        reactor, {.organization = made.id, .person = person(name + "@" + slug + ".test"), .role = role});
    co_return added.value().user;
  };
  all.manager = co_await add("manager", RoleCode::WM);
  all.member = co_await add("member", RoleCode::UR);
  all.outsider = co_await add("outsider", RoleCode::UR);
  co_await as_platform(reactor, Region::us,
                       "update workspace_users set is_active = false where organization_id = $1"
                       " and user_id = $2 and workspace_id = $3",
                       pg::params(made.id, all.outsider, made.org_workspace));
  co_return all;
}

Task<std::int64_t> count(Reactor& reactor, SessionContext who, std::string table) {
  auto rows = co_await as_app(reactor, Region::us, who, "select count(*) from " + table);
  co_return rows[0].get<std::int64_t>(std::size_t{0});
}

TEST(Provisioning, MakesAnOrganizationWithEverythingThatBelongsToIt) {
  auto slug = unique("whole");
  auto ok = in_world<bool>([&](Reactor& reactor) -> Task<bool> {
    auto made = co_await organization(reactor, slug, Region::eu);
    EXPECT_TRUE(made.created);
    auto key = co_await reactor.region(Region::eu).keyring->organization_key(made.id);
    EXPECT_EQ(key->version(), 1U);
    auto rows = co_await as_platform(
        reactor, Region::eu,
        "select w.name, w.workspace_type::text, w.is_default, w.visibility, x.user_id from workspaces w"
        " join workspace_users x on x.organization_id = w.organization_id and x.workspace_id = w.id"
        " where w.organization_id = $1 order by w.name",
        pg::params(made.id));
    EXPECT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].get<std::string>("name"), "MyWorkspace");
    EXPECT_EQ(rows[0].get<std::string>("visibility"), "private");
    EXPECT_EQ(rows[1].get<std::string>("name"), "OrgWorkspace");
    EXPECT_EQ(rows[1].get<std::string>("visibility"), "public");
    EXPECT_TRUE(rows[1].get<bool>("is_default"));
    EXPECT_EQ(rows[1].get<UserId>("user_id"), made.owner);
    auto regions =
        co_await regions_of_email(reactor, email_hash(reactor.secrets(), "owner@" + slug + ".test"));
    EXPECT_EQ(regions, std::vector<Region>{Region::eu});
    co_return true;
  });
  EXPECT_TRUE(ok);
}

TEST(Provisioning, ChangesNothingTheSecondTime) {
  auto slug = unique("twice");
  auto pair = in_world<std::pair<ProvisionedOrganization, ProvisionedOrganization>>(
      [&](Reactor& reactor) -> Task<std::pair<ProvisionedOrganization, ProvisionedOrganization>> {
        auto first = co_await organization(reactor, slug);
        auto second = co_await organization(reactor, slug);
        co_return std::pair(first, second);
      });
  EXPECT_TRUE(pair.first.created);
  EXPECT_FALSE(pair.second.created);
  EXPECT_EQ(pair.first.id, pair.second.id);
  EXPECT_EQ(pair.first.owner, pair.second.owner);
  EXPECT_EQ(pair.first.org_workspace, pair.second.org_workspace);
}

TEST(Provisioning, TakesUpAReservationThatWasNotConfirmed) {
  auto slug = unique("crashed");
  auto id = OrganizationId::make();
  auto made = in_world<ProvisionedOrganization>([&](Reactor& reactor) -> Task<ProvisionedOrganization> {
    pg::Batch reserve;
    reserve.add_adhoc(
        "insert into directory (organization_id, slug, region, state) values ($1, $2, 'us', 'reserved')",
        pg::params(id, slug));
    co_await reactor.control().run(std::move(reserve), pg::within(std::chrono::seconds(10)));
    co_return co_await organization(reactor, slug);
  });
  EXPECT_EQ(made.id, id);
  EXPECT_TRUE(made.created);
}

TEST(Provisioning, KeepsASlugToItsRegion) {
  auto slug = unique("pinned");
  auto code = in_world<ErrorCode>([&](Reactor& reactor) -> Task<ErrorCode> {
    co_await organization(reactor, slug, Region::us);
    auto again = co_await provision_organization(
        reactor,
        {.name = "Other", .slug = slug, .region = Region::eu, .owner = person("owner@" + slug + ".test")});
    co_return again ? ErrorCode::internal : again.error().code;
  });
  EXPECT_EQ(code, ErrorCode::already_exists);
}

TEST(Provisioning, RefusesWhatIsMalformedAndRegionsItDoesNotServe) {
  auto codes = in_world<std::vector<ErrorCode>>(
      [&](Reactor& reactor) -> Task<std::vector<ErrorCode>> {
        auto bad = co_await provision_organization(
            reactor, {.name = "", .slug = "Not A Slug", .owner = person("nobody")});
        EXPECT_EQ(bad.error().fields.size(), 3U);
        auto far = co_await provision_organization(
            reactor,
            {.name = "Far", .slug = unique("far"), .region = Region::eu, .owner = person("far@far.test")});
        co_return std::vector{bad.error().code, far.error().code};
      },
      {Region::us});
  EXPECT_EQ(codes, (std::vector{ErrorCode::validation_failed, ErrorCode::wrong_region}));
}

TEST(Members, AreTheSamePersonWithTheSamePasswordInEveryRegion) {
  auto here = unique("here"), there = unique("there");
  auto same = in_world<bool>([&](Reactor& reactor) -> Task<bool> {
    auto us = co_await organization(reactor, here, Region::us);
    auto eu = co_await organization(reactor, there, Region::eu);
    auto added = co_await add_member(reactor, {.organization = eu.id,
                                               .region = Region::eu,
                                               .person = person("OWNER@" + here + ".test", "another one"),
                                               .role = RoleCode::UR});
    EXPECT_TRUE(added.value().created);
    EXPECT_EQ(added->user, us.owner);
    auto sql = "select password_hash from users where id = $1";
    auto first = co_await as_platform(reactor, Region::us, sql, pg::params(us.owner));
    auto second = co_await as_platform(reactor, Region::eu, sql, pg::params(us.owner));
    co_return first[0].get<std::string>(std::size_t{0}) == second[0].get<std::string>(std::size_t{0});
  });
  EXPECT_TRUE(same);
}

TEST(Members, KeepTheirRoleWhenAddedAgain) {
  auto slug = unique("again");
  auto role = in_world<RoleCode>([&](Reactor& reactor) -> Task<RoleCode> {
    auto all = co_await company(reactor, slug);
    auto again = co_await add_member(
        reactor,
        {.organization = all.id, .person = person("member@" + slug + ".test"), .role = RoleCode::OA});
    EXPECT_FALSE(again.value().created);
    auto rows = co_await as_platform(reactor, Region::us,
                                     "select role_code::text from memberships where organization_id = $1"
                                     " and user_id = $2",
                                     pg::params(all.id, all.member));
    co_return rows[0].get<RoleCode>(std::size_t{0});
  });
  EXPECT_EQ(role, RoleCode::UR);
}

TEST(RowLevelSecurity, ShowsNothingOfAnotherOrganization) {
  auto ok = in_world<bool>([](Reactor& reactor) -> Task<bool> {
    auto ours = co_await company(reactor, unique("ours"));
    auto theirs = co_await company(reactor, unique("theirs"));
    auto admin = context(ours.id, ours.owner, RoleCode::OA, Reach::organization);
    for (std::string table : {"memberships", "workspaces", "workspace_users", "api_keys", "sessions"}) {
      auto rows = co_await as_app(reactor, Region::us, admin,
                                  "select count(*) from " + table + " where organization_id = $1",
                                  pg::params(theirs.id));
      EXPECT_EQ(rows[0].get<std::int64_t>(std::size_t{0}), 0) << table;
    }
    EXPECT_EQ(co_await count(reactor, admin, "organizations"), 1);
    auto people =
        co_await as_app(reactor, Region::us, admin, "select count(*) from users where id = any ($1)",
                        pg::params(std::vector{theirs.owner, theirs.manager, theirs.member}));
    EXPECT_EQ(people[0].get<std::int64_t>(std::size_t{0}), 0);
    co_return true;
  });
  EXPECT_TRUE(ok);
}

TEST(RowLevelSecurity, ShowsNothingWithoutAContext) {
  auto ok = in_world<bool>([](Reactor& reactor) -> Task<bool> {
    co_await company(reactor, unique("quiet"));
    for (std::string table : {"organizations", "users", "memberships", "workspaces", "workspace_users",
                              "tenant_versions", "sessions", "api_keys"}) {
      pg::Batch batch;
      batch.add_adhoc(table == "users"      ? "select count(id) from users"
                      : table == "sessions" ? "select count(id) from sessions"
                      : table == "api_keys" ? "select count(id) from api_keys"
                                            : "select count(*) from " + table);
      auto rows = co_await reactor.region(Region::us)
                      .app->run(std::move(batch), pg::within(std::chrono::seconds(10)));
      EXPECT_EQ(rows[0][0].get<std::int64_t>(std::size_t{0}), 0) << table;
    }
    co_return true;
  });
  EXPECT_TRUE(ok);
}

TEST(RowLevelSecurity, ReachesAsFarAsThePermissionInsideAnOrganization) {
  auto ok = in_world<bool>([](Reactor& reactor) -> Task<bool> {
    auto all = co_await company(reactor, unique("inside"));
    auto admin = context(all.id, all.owner, RoleCode::OA, Reach::organization);
    auto manager = context(all.id, all.manager, RoleCode::WM, Reach::workspaces);
    auto member = context(all.id, all.member, RoleCode::UR, Reach::own);
    auto outsider = context(all.id, all.outsider, RoleCode::UR, Reach::workspaces);
    EXPECT_EQ(co_await count(reactor, admin, "memberships"), 4);
    EXPECT_EQ(co_await count(reactor, manager, "memberships"), 3) << "those who share a workspace";
    EXPECT_EQ(co_await count(reactor, member, "memberships"), 1) << "one's own";
    EXPECT_EQ(co_await count(reactor, outsider, "memberships"), 1);
    EXPECT_EQ(co_await count(reactor, admin, "workspaces"), 5);
    EXPECT_EQ(co_await count(reactor, manager, "workspaces"), 2) << "one's own and the organization's";
    EXPECT_EQ(co_await count(reactor, outsider, "workspaces"), 2)
        << "one's own, and the public one to know of";
    co_return true;
  });
  EXPECT_TRUE(ok);
}

TEST(RowLevelSecurity, LetsNoTenantRequestWriteWhoBelongsWhere) {
  auto states = in_world<std::vector<std::string>>([](Reactor& reactor) -> Task<std::vector<std::string>> {
    auto all = co_await company(reactor, unique("fixed"));
    auto admin = context(all.id, all.owner, RoleCode::OA, Reach::organization);
    std::vector<std::string> seen;
    for (std::string sql : {"update memberships set user_id = user_id", "delete from memberships",
                            "update users set name = 'x'", "update organizations set status = 'active'",
                            "update workspace_users set user_id = user_id", "select password_hash from users",
                            "select key_hash from api_keys", "select token_hash from sessions"}) {
      try {
        co_await as_app(reactor, Region::us, admin, sql);
        seen.push_back("allowed: " + sql);
      } catch (const pg::Error& error) {
        seen.push_back(error.sqlstate());
      }
    }
    co_return seen;
  });
  EXPECT_EQ(states, std::vector<std::string>(8, "42501"));
}

TEST(TenantVersions, MoveWhenAPersonIsShutOut) {
  auto moved = in_world<bool>([](Reactor& reactor) -> Task<bool> {
    auto all = co_await company(reactor, unique("shut"));
    auto sql = "select version from tenant_versions where organization_id = $1";
    auto before = co_await as_platform(reactor, Region::us, sql, pg::params(all.id));
    co_await as_platform(reactor, Region::us, "update users set is_active = false where id = $1",
                         pg::params(all.member));
    auto after = co_await as_platform(reactor, Region::us, sql, pg::params(all.id));
    co_return after[0].get<std::int64_t>(std::size_t{0}) > before[0].get<std::int64_t>(std::size_t{0});
  });
  EXPECT_TRUE(moved);
}

TEST(DemoSeed, MakesTheDemoOnceAndChangesNothingAfterwards) {
  crypto::PasswordHasher hasher({.threads = 1, .cost = testing::kCheap});
  auto results = in_world<std::vector<DemoResult>>([&](Reactor& reactor) -> Task<std::vector<DemoResult>> {
    std::vector<DemoResult> all;
    all.push_back(co_await seed_identity_and_tenancy(reactor, hasher, {}));
    std::map<std::string, std::string> known;
    for (auto& made : all[0].organizations) known[made.slug] = made.new_api_key.value_or("");
    all.push_back(co_await seed_identity_and_tenancy(reactor, hasher, known));
    known.erase("acme");
    all.push_back(co_await seed_identity_and_tenancy(reactor, hasher, known));
    auto live = co_await as_platform(reactor, Region::us,
                                     "select count(*) from api_keys where organization_id = $1"
                                     " and revoked_at is null",
                                     pg::params(all[0].organizations[0].id));
    EXPECT_EQ(live[0].get<std::int64_t>(std::size_t{0}), 1) << "a lost key is replaced, not doubled";
    auto roles =
        co_await as_platform(reactor, Region::us,
                             "select m.role_code::text from memberships m join users u on u.id = m.user_id"
                             " where m.organization_id = $1 order by u.email",
                             pg::params(all[0].organizations[0].id));
    EXPECT_EQ(roles.as<RoleCode>(), (std::vector{RoleCode::OA, RoleCode::WM, RoleCode::UR}));
    co_return all;
  });
  ASSERT_EQ(results[0].organizations.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    const auto& first = results[0].organizations[i];
    const auto& second = results[1].organizations[i];
    EXPECT_TRUE(first.created);
    EXPECT_FALSE(second.created);
    EXPECT_EQ(first.id, second.id);
    ASSERT_TRUE(first.new_api_key);
    EXPECT_FALSE(second.new_api_key);
    auto parsed = crypto::parse_token(crypto::TokenKind::api_key, *first.new_api_key);
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->address.organization, first.id.value);
  }
  EXPECT_EQ(results[0].organizations[1].region, Region::eu);
  EXPECT_TRUE(results[2].organizations[0].new_api_key);
  EXPECT_NE(results[2].organizations[0].new_api_key, results[0].organizations[0].new_api_key);
}

}  // namespace
}  // namespace gatehouse::tenancy
