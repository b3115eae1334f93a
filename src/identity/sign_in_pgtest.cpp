// Signing in and out over HTTP against real databases.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/encoding.h"
#include "identity/operators.h"
#include "identity/testing.h"
#include "tenancy/email_directory.h"

namespace gatehouse::identity {
namespace {

using namespace std::chrono_literals;
using http::Method;
using tenancy::testing::as_platform;
using tenancy::testing::organization;
using tenancy::testing::person;
using tenancy::testing::unique;
using testing::Browser;
using ::testing::ElementsAre;
using testing::events;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::on_site;
using testing::Reply;
using testing::Site;

Task<OrganizationId> company(Site& site, std::string slug, Region region = Region::us) {
  auto made = co_await organization(site.reactor(), slug, region);
  co_return made.id;
}

TEST(SignIn, TellsWhoIsSignedInAndSetsACookieThatScriptsCannotRead) {
  EXPECT_TRUE(on_site([](Site& site) -> Task<void> {
    auto slug = unique("signin");
    auto id = co_await company(site, slug);
    Browser browser(site);
    auto reply = co_await browser.sign_in("Owner@" + slug + ".test");
    EXPECT_EQ(reply.status, 200);
    EXPECT_THAT(
        std::string(reply.headers.get("set-cookie")),
        AllOf(HasSubstr("gatehouse_session=ghs_us_"), HasSubstr("HttpOnly"), HasSubstr("SameSite=Lax")));
    const auto& me = reply.body.as_object();
    EXPECT_EQ(me.at("user").at("email").as_string(), "owner@" + slug + ".test");
    EXPECT_EQ(me.at("role_code").as_string(), "OA");
    EXPECT_EQ(me.at("organization").at("slug").as_string(), slug);
    EXPECT_EQ(me.at("workspaces").as_array().size(), 2U);
    EXPECT_EQ(me.at("memberships").as_array().size(), 1U);
    EXPECT_FALSE(me.at("is_super_admin").as_bool());

    auto again = co_await browser.get("/api/auth/me");
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(again.body, reply.body) << "the same account, the same CSRF token";
    auto recorded = co_await events(Region::us, id, "session.create");
    EXPECT_EQ(recorded.size(), 1U);
    EXPECT_EQ(recorded[0].outcome, "success");
    EXPECT_EQ(recorded[0].resource_id, reply.text("session_id"));
    EXPECT_THAT(recorded[0].record, Not(HasSubstr("127.0.0.1"))) << "the address is sealed";
  }));
}

TEST(SignIn, AnswersAWrongPasswordAndAnUnknownAccountAlike) {
  EXPECT_TRUE(on_site([](Site& site) -> Task<void> {
    auto slug = unique("alike");
    co_await company(site, slug);
    Browser browser(site);
    auto wrong = co_await browser.sign_in("owner@" + slug + ".test", "wrong");
    auto unknown = co_await browser.sign_in("nobody@" + slug + ".test", "wrong");
    for (auto* reply : {&wrong, &unknown}) {
      EXPECT_EQ(reply->status, 401);
      EXPECT_EQ(reply->code(), "invalid_credentials");
      EXPECT_FALSE(reply->headers.contains("set-cookie"));
      reply->body.as_object().erase("request_id");
    }
    EXPECT_EQ(wrong.body, unknown.body);
    auto recorded = co_await events(Region::us, std::nullopt, "session.create");
    auto hash = tenancy::email_hash(site.reactor().secrets(), "owner@" + slug + ".test");
    int found = 0;
    for (const auto& event : recorded) {
      EXPECT_THAT(event.record, Not(HasSubstr(slug))) << "no address in the clear";
      if (event.payload_json.contains(crypto::to_hex(hash))) {
        ++found;
        EXPECT_EQ(event.outcome, "failed");
        EXPECT_EQ(event.actor_type, "anonymous");
      }
    }
    EXPECT_EQ(found, 1);
  }));
}

TEST(SignIn, LimitsTheFailuresOfAnAccountAndCountsNoSuccess) {
  IdentityOptions options;
  options.account_failures = {0.0001, 2};
  EXPECT_TRUE(on_site(
      [](Site& site) -> Task<void> {
        auto slug = unique("limited");
        co_await company(site, slug);
        auto email = "owner@" + slug + ".test";
        Browser browser(site);
        for (int i = 0; i < 4; ++i) EXPECT_EQ((co_await browser.sign_in(email)).status, 200);
        Browser guesser(site);
        EXPECT_EQ((co_await guesser.sign_in(email, "one")).status, 401);
        EXPECT_EQ((co_await guesser.sign_in(email, "two")).status, 401);
        auto refused = co_await guesser.sign_in(email);
        EXPECT_EQ(refused.status, 429);
        EXPECT_TRUE(refused.headers.contains("retry-after"));
        EXPECT_EQ((co_await guesser.sign_in("nobody@" + slug + ".test", "x")).status, 401);
        EXPECT_EQ((co_await guesser.sign_in("nobody@" + slug + ".test", "y")).status, 401);
        EXPECT_EQ((co_await guesser.sign_in("nobody@" + slug + ".test", "z")).status, 429)
            << "unknown ones too";
      },
      std::move(options)));
}

TEST(SignIn, IsRecordedOnceAsRefusedForAnAccountAndForAnAddress) {
  IdentityOptions options;
  options.account_failures = {0.0001, 2};
  EXPECT_TRUE(on_site(
      [](Site& site) -> Task<void> {
        auto slug = unique("told");
        co_await company(site, slug);
        auto email = "owner@" + slug + ".test";
        Browser guesser(site);
        for (int i = 0; i < 6; ++i) co_await guesser.sign_in(email, "guess");
        auto told = [](std::string hash) -> Task<std::vector<std::string>> {
          std::vector<std::string> found;
          for (const auto& event : co_await events(Region::us, std::nullopt, "session.create"))
            if (event.outcome == "denied" && event.payload_json.contains(hash))
              found.push_back(event.payload_json);
          co_return found;
        };
        const auto& secrets = site.reactor().secrets();
        auto of_account = co_await told(crypto::to_hex(tenancy::email_hash(secrets, email)));
        EXPECT_THAT(of_account, ElementsAre(HasSubstr(R"("locked_out":"account_from_address")")));

        http::Request request;
        request.peer.ip = boost::asio::ip::make_address("203.0.113.77");
        for (int i = 0; i < 3; ++i) co_await site.identity().note_refused_sign_in(site.reactor(), request);
        auto address = tenancy::network_address_hash(secrets, request.peer.to_string());
        auto of_address = co_await told(crypto::to_hex(address));
        EXPECT_THAT(of_address, ElementsAre(HasSubstr(R"("locked_out":"address")")));
      },
      std::move(options)));
}

TEST(SignIn, OfTheOwnerIsNotLimitedByGuessesFromElsewhereUntilTheyAreVeryMany) {
  IdentityOptions options;
  options.account_failures = {0.0001, 2};
  options.account_failures_in_all = {0.0001, 5};
  EXPECT_TRUE(on_site(
      [](Site& site) -> Task<void> {
        auto slug = unique("guessed");
        co_await company(site, slug);
        auto email = "owner@" + slug + ".test";
        Browser owner(site), guesser(site);
        owner.extra.set("x-forwarded-for", "2001:db8::1");
        // One subscriber has a whole /64.
        for (std::string address : {"203.0.113.1", "203.0.113.1", "203.0.113.1"}) {
          guesser.extra.set("x-forwarded-for", address);
          co_await guesser.sign_in(email, "guess");
        }
        EXPECT_EQ((co_await guesser.sign_in(email)).status, 429);
        EXPECT_EQ((co_await owner.sign_in(email)).status, 200);
        for (std::string address : {"2001:db8:1::1", "2001:db8:1::2", "2001:db8:1::3"}) {
          guesser.extra.set("x-forwarded-for", address);
          EXPECT_EQ((co_await guesser.sign_in(email, "guess")).status,
                    address == "2001:db8:1::3" ? 429 : 401);
        }
        EXPECT_EQ((co_await owner.sign_in(email)).status, 200);
        guesser.extra.set("x-forwarded-for", "203.0.113.2");
        EXPECT_EQ((co_await guesser.sign_in(email, "guess")).status, 401);
        EXPECT_EQ((co_await owner.sign_in(email)).status, 429);
      },
      std::move(options)));
}

TEST(SignIn, ShedsAFloodInsteadOfQueuingItWithoutEnd) {
  IdentityOptions options;
  options.passwords = {.threads = 1, .queue = 1, .cost = {.memory_kib = 65'536, .passes = 3}};
  options.account_failures = {1'000, 1'000};
  EXPECT_TRUE(on_site(
      [](Site& site) -> Task<void> {
        int shed = 0, judged = 0, open = 12;
        Timer done(site.reactor().io(), Timer::time_point::max());
        for (int i = 0; i < 12; ++i)
          asio::co_spawn(
              site.reactor().executor(),
              [&]() -> Task<void> {
                Browser browser(site);
                auto reply = co_await browser.sign_in("flood@nowhere.test", "x");
                (reply.status == 503 && reply.headers.contains("retry-after") ? shed : judged) += 1;
                if (--open == 0) done.cancel();
              },
              asio::detached);
        co_await done.async_wait(use_result);
        EXPECT_GT(shed, 0);
        EXPECT_GT(judged, 0);
      },
      std::move(options)));
}

TEST(SignIn, NeedsAnActiveMembershipAndAnActivePerson) {
  EXPECT_TRUE(on_site([](Site& site) -> Task<void> {
    auto slug = unique("inactive");
    auto made = co_await organization(site.reactor(), slug);
    auto email = "member@" + slug + ".test";
    auto member = co_await tenancy::add_member(
        site.reactor(), {.organization = made.id, .person = tenancy::testing::person(email)});
    Browser browser(site);
    EXPECT_EQ((co_await browser.sign_in(email)).status, 200);
    co_await as_platform(
        site.reactor(), Region::us,
        "update memberships set is_active = false where organization_id = $1 and user_id = $2",
        pg::params(made.id, member.value().user));
    EXPECT_EQ((co_await browser.get("/api/auth/me")).status, 401);
    EXPECT_EQ((co_await browser.sign_in(email)).code(), "not_a_member");
    co_await as_platform(site.reactor(), Region::us, "update users set is_active = false where id = $1",
                         pg::params(member.value().user));
    EXPECT_EQ((co_await browser.sign_in(email)).code(), "invalid_credentials");
  }));
}

TEST(SignIn, RefusesAPageOfAnotherSite) {
  EXPECT_TRUE(on_site([](Site& site) -> Task<void> {
    Browser browser(site);
    browser.extra.set("origin", "https://evil.example");
    auto reply = co_await browser.sign_in("a@b.test", "x");
    EXPECT_EQ(reply.code(), "origin_refused");
  }));
}

TEST(SignOut, EndsTheSessionAtOnce) {
  EXPECT_TRUE(on_site([](Site& site) -> Task<void> {
    auto slug = unique("out");
    co_await company(site, slug);
    Browser browser(site);
    co_await browser.sign_in("owner@" + slug + ".test");
    auto cookie = browser.cookie;
    EXPECT_EQ((co_await browser.post("/api/auth/sign-out")).status, 200);
    EXPECT_EQ(browser.cookie, "") << "the browser was told to forget it";
    browser.cookie = cookie;
    EXPECT_EQ((co_await browser.get("/api/auth/me")).code(), "session_expired");
  }));
}

TEST(Sessions, AreListedWithTheirOwnBrowserAndEndedOneByOne) {
  EXPECT_TRUE(on_site([](Site& site) -> Task<void> {
    auto slug = unique("listed");
    co_await company(site, slug);
    Browser phone(site), laptop(site);
    phone.extra.set("user-agent", "Phone/1");
    laptop.extra.set("user-agent", "Laptop/1");
    auto there = co_await phone.sign_in("owner@" + slug + ".test");
    co_await laptop.sign_in("owner@" + slug + ".test");
    auto list = co_await laptop.get("/api/auth/sessions");
    const auto& sessions = list.body.at("data").as_array();
    EXPECT_EQ(sessions.size(), 2U);
    EXPECT_EQ(sessions[0].at("user_agent").as_string(), "Laptop/1");
    EXPECT_TRUE(sessions[0].at("is_current").as_bool());
    EXPECT_EQ(sessions[1].at("user_agent").as_string(), "Phone/1");
    EXPECT_EQ(sessions[1].at("ip").as_string(), "127.0.0.1");
    auto page = co_await laptop.get("/api/auth/sessions?limit=1");
    auto next = co_await laptop.get("/api/auth/sessions?limit=1&page_token=" + page.text("next_page_token"));
    EXPECT_EQ(next.body.at("data").at(0).at("user_agent").as_string(), "Phone/1");

    auto path = "/api/auth/sessions/" + there.text("session_id");
    EXPECT_EQ((co_await laptop.call(Method::delete_, path)).status, 204);
    EXPECT_EQ((co_await phone.get("/api/auth/me")).status, 401);
    EXPECT_EQ((co_await laptop.get("/api/auth/me")).status, 200);
    auto other = unique("stranger");
    co_await company(site, other);
    Browser stranger(site);
    auto me = co_await stranger.sign_in("owner@" + other + ".test");
    auto theirs = co_await laptop.call(Method::delete_, "/api/auth/sessions/" + me.text("session_id"));
    EXPECT_EQ(theirs.status, 404);
    EXPECT_EQ((co_await stranger.get("/api/auth/me")).status, 200);
  }));
}

TEST(Csrf, IsAskedOfSessionsInCookiesAndOfNothingElse) {
  EXPECT_TRUE(on_site([](Site& site) -> Task<void> {
    auto slug = unique("csrf");
    co_await company(site, slug);
    Browser browser(site);
    co_await browser.sign_in("owner@" + slug + ".test");
    auto token = co_await browser.post("/api/auth/token");
    auto csrf = std::exchange(browser.csrf, "");
    auto refused = co_await browser.call(Method::patch, "/api/auth/me", R"({"name":"N"})");
    EXPECT_EQ(refused.code(), "csrf_failed");
    browser.csrf = csrf;
    auto changed = co_await browser.call(Method::patch, "/api/auth/me", R"({"name":"N","language":"pt-BR"})");
    EXPECT_EQ(changed.body.at("user").at("name").as_string(), "N");
    EXPECT_EQ(changed.body.at("user").at("language").as_string(), "pt-BR");
    // With a bearer token beside the cookie it is the token that speaks, and no page can be made to send it.
    browser.csrf = "";
    browser.extra.set("authorization", "Bearer " + token.text("access_token"));
    auto by_token = co_await browser.call(Method::patch, "/api/auth/me", R"({"theme":"dark"})");
    EXPECT_EQ(by_token.code(), "forbidden") << "not for want of a CSRF token";
    EXPECT_TRUE((co_await browser.get("/api/auth/me")).body.at("csrf_token").is_null());
  }));
}

TEST(Operators, SignInWithoutAnOrganizationAndSeeNone) {
  EXPECT_TRUE(on_site([](Site& site) -> Task<void> {
    auto email = unique("operator") + "@gatehouse.test";
    auto make = [&] {
      return create_operator(site.reactor(), site.identity().passwords(), email, "Olivia",
                             crypto::Secret::copy_of("long enough a password"));
    };
    EXPECT_TRUE(co_await make());
    EXPECT_EQ((co_await make()).error().code, ErrorCode::already_exists);
    Browser browser(site);
    auto me = co_await browser.sign_in(email, "long enough a password");
    EXPECT_EQ(me.status, 200);
    EXPECT_TRUE(me.body.at("is_super_admin").as_bool());
    EXPECT_TRUE(me.body.at("organization").is_null());
    EXPECT_EQ(me.text("role_code"), "MS");
    EXPECT_EQ(me.body.at("permissions"), boost::json::parse(R"(["platform_read","platform_manage"])"));
    for (std::string path : {"/api/organization", "/api/workspaces", "/api/members", "/api/api-keys"})
      EXPECT_EQ((co_await browser.get(path)).status, 403) << path;
    EXPECT_EQ((co_await browser.get("/api/auth/sessions")).body.at("data").as_array().size(), 1U);
    auto token = (co_await browser.post("/api/auth/token")).text("access_token");
    Browser program(site);
    program.extra.set("authorization", "Bearer " + token);
    EXPECT_TRUE((co_await program.get("/api/auth/me")).body.at("is_super_admin").as_bool());
    auto id = (co_await company(site, unique("closed"))).to_string();
    auto entered = co_await browser.post("/api/auth/switch", R"({"organization_id":")" + id + R"("})");
    EXPECT_EQ(entered.code(), "not_a_member");
    EXPECT_EQ((co_await browser.post("/api/auth/sign-out")).status, 200);
    EXPECT_EQ((co_await program.get("/api/auth/me")).status, 401);
  }));
}

}  // namespace
}  // namespace gatehouse::identity
