// Whose an account is that an organization finds under an address: what nobody has proved opens nothing
// there.
#include <gtest/gtest.h>

#include "crypto/password.h"
#include "pg/transaction.h"
#include "tenancy/adoption.h"
#include "tenancy/email_directory.h"
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
T in_world(std::function<Task<T>(Reactor&)> body, std::vector<Region> regions = {Region::us, Region::eu}) {
  return testing::World::instance().run<T>(std::move(body), std::move(regions));
}

/// Somebody in an organization of their own in `us`, with all that opens an account.
Task<UserId> settled(Reactor& reactor, std::string email, bool is_confirmed) {
  auto made = co_await organization(reactor, unique("own"));
  auto who = person(email);
  who.is_confirmed = is_confirmed;
  auto id = (co_await add_member(reactor, {.organization = made.id, .person = std::move(who)})).value().user;
  co_await as_platform(reactor, Region::us,
                       "insert into second_factors (user_id, sealed_secret) values ($1, 'x')",
                       pg::params(id));
  co_await as_platform(reactor, Region::us,
                       "insert into sessions (organization_id, id, user_id, token_hash, expires_at)"
                       " values ($1, $2, $3, sha256('s'), now() + interval '1 day')",
                       pg::params(made.id, Uuid::v7(), id));
  co_await as_platform(
      reactor, Region::us,
      "insert into api_keys (organization_id, id, workspace_id, user_id, name, key_hash, last_four)"
      " values ($1, $2, $3, $4, 'Key', sha256('k'), 'last')",
      pg::params(made.id, Uuid::v7(), made.org_workspace, id));
  co_await as_platform(reactor, Region::us,
                       "insert into external_identities (organization_id, id, issuer, subject, user_id)"
                       " values ($1, $2, 'https://idp.test', 's', $3)",
                       pg::params(made.id, Uuid::v7(), id));
  access::SessionContext inviter{
      .organization = made.id, .user = id, .role = RoleCode::OA, .reach = Reach::organization};
  co_await as_app(
      reactor, Region::us, inviter,
      "insert into invitations (organization_id, id, code_hash, last_four, role_code, invited_by_user_id,"
      " max_uses, expires_at) values ($1, $2, sha256('i'), 'last', 'UR', $3, 1, now() + interval '1 day')",
      pg::params(made.id, Uuid::v7(), id));
  co_return id;
}

struct Openings {
  bool password = false;
  bool is_confirmed = false;
  std::int64_t factors = 0, sessions = 0, keys = 0, logins = 0, invitations = 0;
  bool operator==(const Openings&) const = default;
};
BOOST_DESCRIBE_STRUCT(Openings, (), (password, is_confirmed, factors, sessions, keys, logins, invitations))

Task<Openings> openings(Reactor& reactor, Region region, UserId id) {
  auto rows = co_await as_platform(
      reactor, region,
      "select password_hash is not null as password, email_confirmed_at is not null as is_confirmed,"
      " (select count(*) from second_factors where user_id = $1) as factors,"
      " (select count(*) from sessions where user_id = $1 and revoked_at is null) as sessions,"
      " (select count(*) from api_keys where user_id = $1 and revoked_at is null) as keys,"
      " (select count(*) from external_identities where user_id = $1) as logins,"
      " (select count(*) from invitations where invited_by_user_id = $1 and revoked_at is null) as "
      "invitations"
      " from users where id = $1",
      pg::params(id));
  co_return rows.one<Openings>();
}

TEST(Adoption, OfAnAddressThatNobodyProvedTakesNothingOverInAnyRegion) {
  EXPECT_TRUE(in_world<bool>([](Reactor& reactor) -> Task<bool> {
    auto email = unique("ceo") + "@bank.test";
    auto squatter = co_await settled(reactor, email, false);
    EXPECT_EQ(co_await openings(reactor, Region::us, squatter), (Openings{true, false, 1, 1, 1, 1, 1}));
    auto bank = co_await organization(reactor, unique("bank"), Region::eu);
    auto added = co_await add_member(
        reactor,
        {.organization = bank.id, .region = Region::eu, .person = {.email = email, .name = "The CEO"}});
    EXPECT_EQ(added.value().user, squatter);
    EXPECT_EQ(co_await openings(reactor, Region::us, squatter), Openings{});
    EXPECT_EQ(co_await openings(reactor, Region::eu, squatter), Openings{});
    co_return true;
  }));
}

TEST(Adoption, BeginsWithThePasswordThatAnOperatorGives) {
  EXPECT_TRUE(in_world<bool>([](Reactor& reactor) -> Task<bool> {
    auto email = unique("founder") + "@bank.test";
    auto squatter = co_await settled(reactor, email, false);
    auto owner = person(email, "what the operator gave");
    auto slug = unique("bank");
    auto made = co_await provision_organization(reactor, {.name = slug, .slug = slug, .owner = owner});
    EXPECT_EQ(made.value().owner, squatter);
    EXPECT_EQ(co_await openings(reactor, Region::us, squatter), (Openings{true, true}));
    auto rows = co_await as_platform(reactor, Region::us, "select password_hash from users where id = $1",
                                     pg::params(squatter));
    EXPECT_EQ(rows.one<std::string>(), *owner.password_hash);
    co_return true;
  }));
}

// As sso/members_store.cpp adds one: under a lock of the session that asked for it.
TEST(Adoption, EndsALoginThatASessionIsJustAdding) {
  EXPECT_TRUE(in_world<bool>([](Reactor& reactor) -> Task<bool> {
    auto squatter = co_await settled(reactor, unique("ceo") + "@bank.test", false);
    auto deadline = pg::within(std::chrono::seconds(20));
    pg::Transaction adding(co_await reactor.region(Region::us).platform->acquire(deadline), deadline);
    pg::Batch login;
    login.add_adhoc(
        "insert into external_identities (organization_id, id, issuer, subject, user_id)"
        " select organization_id, gen_random_uuid(), 'https://idp.test', 'later', user_id from sessions"
        " where user_id = $1 and revoked_at is null for share",
        pg::params(squatter));
    co_await adding.run(std::move(login));
    bool done = false;
    asio::co_spawn(
        co_await asio::this_coro::executor,
        [](Reactor& on, UserId whom, pg::Deadline until, bool& ended) -> Task<void> {
          pg::Transaction transaction(co_await on.region(Region::us).platform->acquire(until), until);
          pg::Batch batch;
          begin_anew(batch, whom, std::nullopt, true);
          co_await transaction.commit(std::move(batch));
          ended = true;
        }(reactor, squatter, deadline, done),
        asio::detached);
    auto waiting = [&]() -> Task<bool> {
      auto rows =
          co_await as_platform(reactor, Region::us, "select exists (select from pg_locks where not granted)");
      co_return rows.one<bool>();
    };
    while (!done && !co_await waiting()) {
    }
    EXPECT_FALSE(done);
    co_await adding.commit();
    while (!done) co_await waiting();
    EXPECT_EQ(co_await openings(reactor, Region::us, squatter), (Openings{false, true}));
    co_return true;
  }));
}

TEST(Adoption, LeavesAPersonWhoseAddressIsProvedAsTheyAre) {
  EXPECT_TRUE(in_world<bool>([](Reactor& reactor) -> Task<bool> {
    auto email = unique("proved") + "@bank.test";
    auto id = co_await settled(reactor, email, true);
    auto bank = co_await organization(reactor, unique("bank"), Region::eu);
    auto added = co_await add_member(
        reactor,
        {.organization = bank.id, .region = Region::eu, .person = person(email, "not theirs at all")});
    EXPECT_EQ(added.value().user, id);
    EXPECT_EQ(co_await openings(reactor, Region::us, id), (Openings{true, true, 1, 1, 1, 1, 1}));
    EXPECT_EQ(co_await openings(reactor, Region::eu, id), (Openings{true, true}));
    co_return true;
  }));
}

TEST(EmailDirectory, KnowsAnAddressByItsAccountWhereItCanAsk) {
  auto email = unique("noted") + "@x.test";
  auto note = [&](Reactor& reactor) -> Task<bool> {
    co_await add_email_region(reactor, email_hash(reactor.secrets(), email), Region::us);
    co_return co_await is_known(reactor, email);
  };
  EXPECT_FALSE(in_world<bool>(note));
  EXPECT_TRUE(in_world<bool>(note, {Region::eu})) << "another node's region is taken at its word";
}

}  // namespace
}  // namespace gatehouse::tenancy
