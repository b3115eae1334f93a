// What the database keeps of a directory's word, whoever writes it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/password.h"
#include "pg/error.h"
#include "pg/params.h"
#include "scim/attributes.h"
#include "scim/users_store.h"
#include "tenancy/testing.h"

namespace gatehouse::scim {
namespace {

using namespace tenancy::testing;
using testing::ElementsAre;

struct Somebody {
  OrganizationId organization;
  UserId id;
  std::string email;
};

access::SessionContext directory_of(OrganizationId organization, Reach reach = Reach::organization) {
  return {.organization = organization, .role = RoleCode::UR, .reach = reach};
}

/// As the directory makes somebody.
Task<Somebody> provisioned(access::Reactor& reactor, OrganizationId organization, std::string email) {
  UserResource said{.user_name = email, .external_id = "x-" + email};
  auto made = co_await tenancy::add_member(reactor, {.organization = organization,
                                                     .person = {.email = email, .name = "Before"},
                                                     .also = [&](pg::Batch& batch, UserId id, bool is_new) {
                                                       add_new_user(batch, organization, id, said, is_new);
                                                     }});
  co_return Somebody{organization, made->user, email};
}

Task<std::string> name_of(access::Reactor& reactor, UserId id) {
  auto rows =
      co_await as_platform(reactor, Region::us, "select name from users where id = $1", pg::params(id));
  co_return rows.one<std::string>();
}

Task<void> rename(access::Reactor& reactor, Somebody who, std::string name,
                  Reach reach = Reach::organization) {
  co_await as_app(reactor, Region::us, directory_of(who.organization, reach), "select rename_person($1, $2)",
                  pg::params(who.email, name));
}

Task<bool> readdress(access::Reactor& reactor, Somebody who, std::string email) {
  auto rows = co_await as_app(reactor, Region::us, directory_of(who.organization),
                              "select readdress_person($1, $2)", pg::params(who.email, email));
  co_return rows.one<bool>();
}

TEST(ScimDatabase, APersonOfTheDirectorysOwnFollowsIt) {
  auto names = World::instance().run<std::vector<std::string>>(
      [](access::Reactor& reactor) -> Task<std::vector<std::string>> {
        auto made = co_await organization(reactor, unique("follow"));
        auto who = co_await provisioned(reactor, made.id, unique("follow") + "@x.test");
        co_await rename(reactor, who, "After");
        std::vector<std::string> seen = {co_await name_of(reactor, who.id)};
        // Not within the reach of a person.
        co_await rename(reactor, who, "Never", Reach::own);
        seen.push_back(co_await name_of(reactor, who.id));
        EXPECT_TRUE(co_await readdress(reactor, who, unique("moved") + "@x.test"));
        co_return seen;
      });
  EXPECT_THAT(names, ElementsAre("After", "After"));
}

TEST(ScimDatabase, AnotherAddressIsNobodysUntilItIsProvedAndLettersToTheOneBeforeOpenNothing) {
  auto seen =
      World::instance().run<std::vector<bool>>([](access::Reactor& reactor) -> Task<std::vector<bool>> {
        auto made = co_await organization(reactor, unique("proof"));
        auto who = co_await provisioned(reactor, made.id, unique("proof") + "@x.test");
        co_await as_platform(reactor, Region::us, "update users set email_confirmed_at = now() where id = $1",
                             pg::params(who.id));
        co_await as_platform(
            reactor, Region::us,
            "insert into password_resets (id, user_id, token_hash, is_mailed, expires_at)"
            " values (gen_random_uuid(), $1, sha256('r'), true, now() + interval '30 minutes')",
            pg::params(who.id));
        const std::vector<std::string> addresses = {who.email, unique("moved") + "@x.test"};
        std::vector<bool> all;
        for (const auto& email : addresses) {
          EXPECT_TRUE(co_await readdress(reactor, who, email));
          for (const char* sql : {"select email_confirmed_at is not null from users where id = $1",
                                  "select used_at is null from password_resets where user_id = $1"}) {
            auto rows = co_await as_platform(reactor, Region::us, sql, pg::params(who.id));
            all.push_back(rows.one<bool>());
          }
        }
        co_return all;
      });
  EXPECT_THAT(seen, ElementsAre(true, true, false, false));
}

TEST(ScimDatabase, APersonWhoBelongsElsewhereOrWasThereBeforeDoesNot) {
  auto names = World::instance().run<std::vector<std::string>>(
      [](access::Reactor& reactor) -> Task<std::vector<std::string>> {
        auto made = co_await organization(reactor, unique("here"));
        auto elsewhere = co_await organization(reactor, unique("elsewhere"));
        auto who = co_await provisioned(reactor, made.id, unique("shared") + "@x.test");
        auto joined = co_await tenancy::add_member(
            reactor, {.organization = elsewhere.id, .person = {.email = who.email, .name = "Ignored"}});
        EXPECT_TRUE(joined && joined->created);
        co_await rename(reactor, who, "Never");
        EXPECT_FALSE(co_await readdress(reactor, who, unique("never") + "@x.test"));
        std::vector<std::string> seen = {co_await name_of(reactor, who.id)};

        auto known = co_await tenancy::add_member(
            reactor, {.organization = elsewhere.id, .person = person(unique("known") + "@x.test")});
        Somebody member{elsewhere.id, known->user, ""};
        auto rows = co_await as_platform(reactor, Region::us, "select email from users where id = $1",
                                         pg::params(member.id));
        member.email = rows.one<std::string>();
        auto before = co_await name_of(reactor, member.id);
        co_await rename(reactor, member, "Never");
        EXPECT_EQ(co_await name_of(reactor, member.id), before);
        // Another organization's directory does not reach them either.
        member.organization = made.id;
        co_await rename(reactor, member, "Never");
        EXPECT_EQ(co_await name_of(reactor, member.id), before);
        co_return seen;
      });
  EXPECT_THAT(names, ElementsAre("Before"));
}

TEST(ScimDatabase, AMembershipThatBeginsAnewIsThereForTheDirectoryAgain) {
  auto deleted =
      World::instance().run<std::vector<bool>>([](access::Reactor& reactor) -> Task<std::vector<bool>> {
        auto made = co_await organization(reactor, unique("return"));
        auto who = co_await provisioned(reactor, made.id, unique("return") + "@x.test");
        auto run = [&](std::string sql) -> Task<pg::Rows> {
          co_return co_await as_app(reactor, Region::us, directory_of(made.id), std::move(sql),
                                    pg::params(made.id, who.id));
        };
        auto is_deleted = [&]() -> Task<bool> {
          auto rows = co_await run(
              "select deleted_at is not null from scim_users where organization_id = $1 and user_id = $2");
          co_return rows.one<bool>();
        };
        co_await run("update memberships set is_active = false where organization_id = $1 and user_id = $2");
        co_await run("update scim_users set deleted_at = now() where organization_id = $1 and user_id = $2");
        std::vector<bool> seen = {co_await is_deleted()};
        co_await run("update memberships set is_active = true where organization_id = $1 and user_id = $2");
        seen.push_back(co_await is_deleted());
        co_return seen;
      });
  EXPECT_THAT(deleted, ElementsAre(true, false));
}

TEST(ScimDatabase, AMemberWhomTheDirectoryEndsDoesNotComeBackByAProvidersGroups) {
  auto lost =
      World::instance().run<std::vector<bool>>([](access::Reactor& reactor) -> Task<std::vector<bool>> {
        auto made = co_await organization(reactor, unique("lost"));
        auto who = co_await provisioned(reactor, made.id, unique("lost") + "@x.test");
        co_await as_platform(
            reactor, Region::us,
            "insert into external_identities (organization_id, id, issuer, subject, user_id,"
            " lost_groups_at) values ($1, gen_random_uuid(), 'https://i.test', 's', $2, now())",
            pg::params(made.id, who.id));
        std::vector<bool> seen;
        for (auto reach : {Reach::own, Reach::organization}) {
          co_await as_app(reactor, Region::us, directory_of(made.id, reach),
                          "update external_identities set lost_groups_at = null"
                          " where organization_id = $1 and user_id = $2",
                          pg::params(made.id, who.id));
          auto rows = co_await as_platform(
              reactor, Region::us,
              "select lost_groups_at is not null from external_identities where organization_id = $1",
              pg::params(made.id));
          seen.push_back(rows.one<bool>());
        }
        co_return seen;
      });
  EXPECT_THAT(lost, ElementsAre(true, false));
}

TEST(ScimDatabase, WhoIsInAGroupIsAPartOfItsVersion) {
  auto versions = World::instance().run<std::vector<std::int64_t>>(
      [](access::Reactor& reactor) -> Task<std::vector<std::int64_t>> {
        auto made = co_await organization(reactor, unique("version"));
        auto who = co_await provisioned(reactor, made.id, unique("version") + "@x.test");
        auto group = GroupId::make();
        auto run = [&](std::string sql, pg::Params params) -> Task<pg::Rows> {
          co_return co_await as_app(reactor, Region::us, directory_of(made.id), std::move(sql),
                                    std::move(params));
        };
        auto version = [&]() -> Task<std::int64_t> {
          auto rows = co_await run("select version from groups where organization_id = $1 and id = $2",
                                   pg::params(made.id, group));
          co_return rows.one<std::int64_t>();
        };
        co_await run("insert into groups (organization_id, id, name) values ($1, $2, 'Group')",
                     pg::params(made.id, group));
        std::vector<std::int64_t> seen = {co_await version()};
        co_await run("insert into group_members (organization_id, group_id, user_id) values ($1, $2, $3)",
                     pg::params(made.id, group, who.id));
        seen.push_back(co_await version());
        co_await run("delete from group_members where organization_id = $1 and group_id = $2",
                     pg::params(made.id, group));
        seen.push_back(co_await version());
        co_return seen;
      });
  EXPECT_THAT(versions, ElementsAre(1, 2, 3));
}

TEST(ScimDatabase, HasOneTokenAndOneThatItReplaces) {
  auto states = World::instance().run<std::vector<std::string>>(
      [](access::Reactor& reactor) -> Task<std::vector<std::string>> {
        auto made = co_await organization(reactor, unique("token"));
        auto insert = [&](std::string end) -> Task<std::string> {
          try {
            co_await as_app(reactor, Region::us, directory_of(made.id),
                            "insert into scim_tokens (organization_id, id, token_hash, last_four, expires_at)"
                            " values ($1, gen_random_uuid(), sha256('x'), 'abcd', " +
                                end + ")",
                            pg::params(made.id));
            co_return "";
          } catch (const pg::Error& error) {
            co_return std::string(error.sqlstate());
          }
        };
        std::vector<std::string> seen;
        for (const char* end : {"null", "null", "now()", "now()"}) seen.push_back(co_await insert(end));
        co_return seen;
      });
  EXPECT_THAT(states, ElementsAre("", "23505", "", "23505"));
}

/// The SQL that filters become is SQL: each attribute with each operator that it has is run.
TEST(ScimDatabase, TakesEveryFilterThatIsTranslated) {
  auto counts = World::instance().run<std::vector<std::int64_t>>([](access::Reactor& reactor)
                                                                     -> Task<std::vector<std::int64_t>> {
    auto made = co_await organization(reactor, unique("filter"));
    co_await provisioned(reactor, made.id, unique("filter") + "@x.test");
    const std::string users =
        "select count(*) from memberships m join users u on u.id = m.user_id left join scim_users s on"
        " s.organization_id = m.organization_id and s.user_id = m.user_id where m.organization_id = $1 and ";
    const std::string groups = "select count(*) from groups g where g.organization_id = $1 and ";
    std::vector<std::int64_t> seen;
    int tried = 0;
    for (const auto* resource : {&kUsers, &kGroups})
      for (const auto& column : resource->columns)
        for (std::string_view test :
             {"pr", "eq null", "ne null", "eq true", "ne false", "eq \"a\"", "ne \"a\"", "co \"a\"",
              "sw \"a\"", "ew \"a\"", "gt \"a\"", "le \"a\"", "ge \"2026-11-20T10:00:00Z\"",
              "eq \"00000000-0000-7000-8000-000000000001\""}) {
          auto filter = parse_filter(std::string(column.attribute) + " " + std::string(test));
          auto params = pg::params(made.id);
          auto sql = to_sql(*resource, filter.value(), params);
          if (!sql) continue;
          ++tried;
          auto rows = co_await as_app(reactor, Region::us, directory_of(made.id),
                                      (resource == &kUsers ? users : groups) + "not (" + *sql + ")",
                                      std::move(params));
          seen.push_back(rows.one<std::int64_t>());
        }
    EXPECT_GT(tried, 100);
    co_return seen;
  });
  for (auto count : counts) EXPECT_LE(count, 2);
}

}  // namespace
}  // namespace gatehouse::scim
