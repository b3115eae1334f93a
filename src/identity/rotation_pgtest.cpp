// A session's token over time: replaced, lost on its way, presented by two.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "identity/testing.h"

namespace gatehouse::identity {
namespace {

using namespace std::chrono_literals;
using http::Method;
using tenancy::testing::organization;
using tenancy::testing::person;
using tenancy::testing::unique;
using testing::Browser;
using testing::events;
using testing::on_site;
using testing::Site;
using testing::with_cookie;

/// Runs copies of a task at once and waits for all.
Task<void> at_once(access::Reactor& reactor, int copies, std::function<Task<void>()> task) {
  int open = copies;
  Timer done(reactor.io(), Timer::time_point::max());
  for (int i = 0; i < copies; ++i)
    asio::co_spawn(
        reactor.executor(),
        [&]() -> Task<void> {
          co_await task();
          if (--open == 0) done.cancel();
        },
        asio::detached);
  co_await done.async_wait(use_result);
}

TEST(Rotation, GivesOneNewTokenHoweverManyRequestsComeAtOnce) {
  IdentityOptions options;
  options.rotate_after = 0s;
  options.rotation_grace = 600s;
  EXPECT_TRUE(on_site(
      [](Site& site) -> Task<void> {
        auto slug = unique("race");
        co_await organization(site.reactor(), slug);
        Browser browser(site);
        co_await browser.sign_in("owner@" + slug + ".test");
        auto old = browser.cookie;
        int answered = 0;
        std::vector<std::string> fresh;
        co_await at_once(site.reactor(), 8, [&]() -> Task<void> {
          auto who = co_await site.identity().authenticate(site.reactor(), with_cookie(old));
          EXPECT_TRUE(who);
          ++answered;
          if (who && who->new_cookie) fresh.push_back(*who->new_cookie);
        });
        EXPECT_EQ(answered, 8);
        EXPECT_EQ(fresh.size(), 1U);
        // The old token is good while the new one may still be on its way, and for a grace after it came.
        EXPECT_TRUE(co_await site.identity().authenticate(site.reactor(), with_cookie(old)));
        auto start = fresh.at(0).find('=') + 1;
        auto successor = fresh[0].substr(start, fresh[0].find(';') - start);
        EXPECT_TRUE(co_await site.identity().authenticate(site.reactor(), with_cookie(successor)));
        EXPECT_TRUE(co_await site.identity().authenticate(site.reactor(), with_cookie(old)));
        // The next rotation leaves no room for it.
        auto next = co_await site.identity().authenticate(site.reactor(), with_cookie(successor));
        EXPECT_TRUE(next && next->new_cookie);
        auto refused = co_await site.identity().authenticate(site.reactor(), with_cookie(old));
        EXPECT_EQ(refused.error().code, ErrorCode::session_expired);
      },
      std::move(options)));
}

TEST(Rotation, EndsTheSessionForAllWhenATokenComesBackThatWasReplacedBefore) {
  IdentityOptions options;
  options.rotate_after = 0s;
  options.rotation_grace = 0s;
  EXPECT_TRUE(on_site(
      [](Site& site) -> Task<void> {
        auto slug = unique("replayed");
        auto made = co_await organization(site.reactor(), slug);
        for (int rotations : {1, 3}) {
          Browser owner(site), thief(site);
          auto me = co_await owner.sign_in("owner@" + slug + ".test");
          thief.cookie = owner.cookie;
          for (int i = 0; i <= rotations; ++i) EXPECT_EQ((co_await owner.get("/api/auth/me")).status, 200);
          EXPECT_EQ((co_await thief.get("/api/auth/me")).code(), "session_expired");
          EXPECT_EQ((co_await owner.get("/api/auth/me")).code(), "session_expired");
          EXPECT_EQ((co_await thief.get("/api/auth/me")).code(), "session_expired");
          auto recorded = co_await events(Region::us, made.id, "session.replay");
          EXPECT_EQ(recorded.size(), rotations == 1 ? 1U : 2U);
          EXPECT_EQ(recorded.at(0).resource_id, me.text("session_id"));
          EXPECT_EQ(recorded.at(0).outcome, "denied");
        }
      },
      std::move(options)));
}

TEST(Refusals, AreLimitedBeforeTheyAreRecorded) {
  EXPECT_TRUE(on_site([](Site& site) -> Task<void> {
    Site strict(site.reactor(), {}, {.rates = {.read = {0.0001, 3}, .sign_in = {1'000, 1'000}}});
    auto slug = unique("refused");
    auto made = co_await organization(site.reactor(), slug);
    co_await tenancy::add_member(
        site.reactor(),
        {.organization = made.id, .person = person("user@" + slug + ".test"), .role = RoleCode::UR});
    Browser user(strict);
    co_await user.sign_in("user@" + slug + ".test");
    for (int status : {403, 403, 403, 429, 429})
      EXPECT_EQ((co_await user.get("/api/members")).status, status);
    EXPECT_EQ((co_await events(Region::us, made.id, "member.list")).size(), 3U);
  }));
}

TEST(Rotation, ReachesTheBrowserWithAnyAnswerAndKeepsItsCsrfToken) {
  IdentityOptions options;
  options.rotate_after = 0s;
  EXPECT_TRUE(on_site(
      [](Site& site) -> Task<void> {
        auto slug = unique("rotated");
        co_await organization(site.reactor(), slug);
        Browser browser(site);
        co_await browser.sign_in("owner@" + slug + ".test");
        for (int i = 0; i < 5; ++i) {
          auto cookie = browser.cookie, csrf = browser.csrf;
          EXPECT_EQ((co_await browser.get("/api/organization")).status, 200);
          EXPECT_EQ((co_await browser.call(Method::patch, "/api/auth/me", R"({"theme":"dark"})")).status,
                    200);
          EXPECT_NE(browser.cookie, cookie);
          EXPECT_EQ(browser.csrf, csrf);
        }
      },
      std::move(options)));
}

}  // namespace
}  // namespace gatehouse::identity
