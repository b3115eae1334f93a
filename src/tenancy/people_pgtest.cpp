// What the database itself keeps of people and workspaces, whoever writes.
#include <gtest/gtest.h>

#include "crypto/password.h"
#include "pg/error.h"
#include "pg/transaction.h"
#include "tenancy/testing.h"

namespace gatehouse::tenancy {
namespace {

using access::Reactor;
using testing::as_app;
using testing::as_platform;
using testing::organization;
using testing::person;
using testing::unique;

template <class T>
T in_world(std::function<Task<T>(Reactor&)> body) {
  return testing::World::instance().run<T>(std::move(body));
}

/// The SQLSTATE of what the statement fails with; empty if it does not.
Task<std::string> state_of(Reactor& reactor, std::string sql, pg::Params params) {
  try {
    co_await as_platform(reactor, Region::us, std::move(sql), std::move(params));
  } catch (const pg::Error& error) {
    co_return error.sqlstate();
  }
  co_return std::string();
}

TEST(People, OfWhomTheLastTwoAdministratorsCannotBothGoAtOnce) {
  auto slug = unique("admins");
  auto left = in_world<std::int64_t>([&](Reactor& reactor) -> Task<std::int64_t> {
    auto made = co_await organization(reactor, slug);
    auto other = co_await add_member(
        reactor,
        {.organization = made.id, .person = person("other@" + slug + ".test"), .role = RoleCode::OA});
    co_await as_platform(reactor, Region::us,
                         "update memberships set is_owner = false where organization_id = $1",
                         pg::params(made.id));
    constexpr const char* kDemote =
        "update memberships set role_code = 'UR' where organization_id = $1 and user_id = $2";
    auto deadline = pg::within(std::chrono::seconds(20));
    pg::Transaction first(co_await reactor.region(Region::us).platform->acquire(deadline), deadline);
    pg::Batch demote_first;
    demote_first.add_adhoc(kDemote, pg::params(made.id, made.owner));
    co_await first.run(std::move(demote_first));
    // The second waits for the first, and then looks at what that left.
    std::string second = "none";
    auto executor = co_await asio::this_coro::executor;
    bool done = false;
    asio::co_spawn(
        executor,
        [](Reactor& on, OrganizationId in, UserId whom, pg::Deadline until, std::string& state,
           bool& ended) -> Task<void> {
          // A connection of its own: what waits in a shared one holds up whatever comes after it.
          pg::Transaction transaction(co_await on.region(Region::us).platform->acquire(until), until);
          pg::Batch demote;
          demote.add_adhoc(kDemote, pg::params(in, whom));
          try {
            co_await transaction.run(std::move(demote));
          } catch (const pg::Error& error) {
            state = error.sqlstate();
          }
          ended = true;
        }(reactor, made.id, other.value().user, deadline, second, done),
        asio::detached);
    auto waiting = [&]() -> Task<bool> {
      auto rows =
          co_await as_platform(reactor, Region::us, "select exists (select from pg_locks where not granted)");
      co_return rows.one<bool>();
    };
    while (!done && !co_await waiting()) {
    }
    EXPECT_FALSE(done);
    co_await first.commit();
    while (!done) co_await waiting();
    EXPECT_EQ(second, "GH007");
    auto rows = co_await as_platform(reactor, Region::us,
                                     "select count(*) from memberships where organization_id = $1"
                                     " and role_code = 'OA' and is_active",
                                     pg::params(made.id));
    co_return rows.one<std::int64_t>();
  });
  EXPECT_EQ(left, 1);
}

TEST(People, HaveOneOwnerWhoAdministers) {
  auto slug = unique("owner");
  auto states = in_world<std::vector<std::string>>([&](Reactor& reactor) -> Task<std::vector<std::string>> {
    auto made = co_await organization(reactor, slug);
    auto other =
        co_await add_member(reactor, {.organization = made.id, .person = person("other@" + slug + ".test")});
    std::vector<std::string> all;
    all.push_back(co_await state_of(
        reactor, "update memberships set role_code = 'UR' where organization_id = $1 and is_owner",
        pg::params(made.id)));
    all.push_back(co_await state_of(
        reactor, "update memberships set is_owner = true where organization_id = $1 and user_id = $2",
        pg::params(made.id, other.value().user)));
    all.push_back(co_await state_of(reactor,
                                    "update memberships set role_code = 'OA', is_owner = true where "
                                    "organization_id = $1 and user_id = $2",
                                    pg::params(made.id, other.value().user)));
    co_return all;
  });
  EXPECT_EQ(states, (std::vector<std::string>{"23514", "23514", "23505"}));
}

TEST(People, ComeIntoAPersonalWorkspaceOnlyAsItsOwner) {
  auto slug = unique("personal");
  auto state = in_world<std::string>([&](Reactor& reactor) -> Task<std::string> {
    auto made = co_await organization(reactor, slug);
    auto other =
        co_await add_member(reactor, {.organization = made.id, .person = person("other@" + slug + ".test")});
    co_return co_await state_of(
        reactor,
        "insert into workspace_users (organization_id, id, workspace_id, user_id)"
        " select $1, $2, id, $3 from workspaces where organization_id = $1 and owner_user_id = $4",
        pg::params(made.id, Uuid::v7(), other.value().user, made.owner));
  });
  EXPECT_EQ(state, "23503");
}

TEST(People, WhoseMembershipHasEndedHoldNoRoleAndAreGivenNone) {
  auto slug = unique("roles");
  auto seen = in_world<std::vector<std::string>>([&](Reactor& reactor) -> Task<std::vector<std::string>> {
    auto made = co_await organization(reactor, slug);
    auto other =
        co_await add_member(reactor, {.organization = made.id, .person = person("other@" + slug + ".test")});
    auto user = other.value().user;
    auto give = [&]() -> Task<std::string> {
      co_return co_await state_of(
          reactor,
          "insert into role_assignments (organization_id, id, role, user_id) values ($1, $2, 'Approver', $3)",
          pg::params(made.id, Uuid::v7(), user));
    };
    std::vector<std::string> all = {co_await give()};
    co_await as_platform(
        reactor, Region::us,
        "update memberships set is_active = false where organization_id = $1 and user_id = $2",
        pg::params(made.id, user));
    all.push_back(co_await give());
    auto rows = co_await as_platform(
        reactor, Region::us,
        "select count(*)::text from role_assignments where organization_id = $1 and user_id = $2",
        pg::params(made.id, user));
    all.push_back(rows.one<std::string>());
    co_return all;
  });
  EXPECT_EQ(seen, (std::vector<std::string>{"", "23503", "0"}));
}

TEST(People, SetTheirOwnProfileAndNothingElseOfTheirMembership) {
  auto slug = unique("profile");
  auto ok = in_world<bool>([&](Reactor& reactor) -> Task<bool> {
    auto made = co_await organization(reactor, slug);
    auto other =
        co_await add_member(reactor, {.organization = made.id, .person = person("other@" + slug + ".test")});
    access::SessionContext self{.organization = made.id, .user = other.value().user, .reach = Reach::own};
    auto changed = co_await as_app(reactor, Region::us, self,
                                   "update memberships set role_code = 'OA' where organization_id = $1",
                                   pg::params(made.id));
    EXPECT_EQ(changed.affected(), 0U);
    auto set = co_await as_app(reactor, Region::us, self, R"(select set_own_profile('{"phone": "1"}'))");
    EXPECT_TRUE(set.one<bool>());
    auto rows = co_await as_platform(
        reactor, Region::us,
        "select count(*) from memberships where organization_id = $1 and attributes <> '{}'",
        pg::params(made.id));
    co_return rows.one<std::int64_t>() == 1;
  });
  EXPECT_TRUE(ok);
}

}  // namespace
}  // namespace gatehouse::tenancy
