// What keeps a caller in and what puts one out: revocation, switching, API keys, regions.
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "access/tenants.h"
#include "crypto/token.h"
#include "identity/testing.h"

namespace gatehouse::identity {
namespace {

using namespace std::chrono_literals;
using http::Method;
using tenancy::testing::as_platform;
using tenancy::testing::organization;
using tenancy::testing::person;
using tenancy::testing::unique;
using testing::Browser;
using testing::on_site;
using testing::Reply;
using testing::Site;
using testing::with_cookie;
using testing::with_key;

/// While it lives, the reactor keeps tenants' snapshots as a running node does.
class FollowedVersions {
 public:
  explicit FollowedVersions(access::Reactor& reactor) {
    // The signal has to be there for as long as the task is, which ends after this object.
    asio::co_spawn(reactor.executor(), reactor.tenants().follow_versions(Region::us),
                   asio::bind_cancellation_slot(stop_->slot(), [keep = stop_](std::exception_ptr) {}));
  }
  ~FollowedVersions() { stop_->emit(asio::cancellation_type::terminal); }

 private:
  std::shared_ptr<asio::cancellation_signal> stop_ = std::make_shared<asio::cancellation_signal>();
};

/// Authenticates until it is refused; the code, or nothing after ten seconds.
Task<std::optional<ErrorCode>> until_refused(Identity& identity, access::Reactor& reactor,
                                             http::Request request) {
  for (auto end = std::chrono::steady_clock::now() + 10s; std::chrono::steady_clock::now() < end;) {
    auto who = co_await identity.authenticate(reactor, request);
    if (!who) co_return who.error().code;
    co_await sleep_for(20ms);
  }
  co_return std::nullopt;
}

TEST(Revocation, IsInForceOnOtherNodesWithinSeconds) {
  EXPECT_TRUE(on_site([](Site& site) -> Task<void> {
    auto slug = unique("revoked");
    auto made = co_await organization(site.reactor(), slug);
    Browser browser(site);
    co_await browser.sign_in("owner@" + slug + ".test");
    auto key = co_await browser.post("/api/api-keys", R"({"name":"Key"})");
    EXPECT_EQ(key.status, 201);
    Identity elsewhere(Site::with_defaults({}));
    FollowedVersions followed(site.reactor());
    EXPECT_TRUE(co_await elsewhere.authenticate(site.reactor(), with_cookie(browser.cookie)));
    EXPECT_TRUE(co_await elsewhere.authenticate(site.reactor(), with_key(key.text("secret"))));
    co_await as_platform(site.reactor(), Region::us,
                         "update sessions set revoked_at = now() where organization_id = $1",
                         pg::params(made.id));
    EXPECT_EQ(co_await until_refused(elsewhere, site.reactor(), with_cookie(browser.cookie)),
              ErrorCode::session_expired);
    co_await as_platform(site.reactor(), Region::us,
                         "update api_keys set revoked_at = now() where organization_id = $1",
                         pg::params(made.id));
    EXPECT_EQ(co_await until_refused(elsewhere, site.reactor(), with_key(key.text("secret"))),
              ErrorCode::unauthenticated);
  }));
}

TEST(AccessTokens, SpeakForTheSessionAndDieWithIt) {
  EXPECT_TRUE(on_site([](Site& site) -> Task<void> {
    auto slug = unique("token");
    co_await organization(site.reactor(), slug);
    Browser browser(site), program(site);
    auto me = co_await browser.sign_in("owner@" + slug + ".test");
    auto token = co_await browser.post("/api/auth/token");
    EXPECT_EQ(token.text("token_type"), "Bearer");
    EXPECT_EQ(token.body.at("expires_in").as_int64(), 600);
    program.extra.set("authorization", "Bearer " + token.text("access_token"));
    auto who = co_await program.get("/api/auth/me");
    EXPECT_EQ(who.text("session_id"), me.text("session_id"));
    auto keys = co_await site.call(Method::get, "/.well-known/jwks.json", {}, {});
    EXPECT_EQ(keys.body.at("keys").as_array().size(), 1U);
    EXPECT_FALSE(keys.body.at("keys").at(0).as_object().contains("d"));
    EXPECT_EQ((co_await program.post("/api/auth/switch",
                                     R"({"organization_id":"00000000-0000-7000-8000-000000000000"})"))
                  .status,
              403);
    // Whoever steals ten minutes must not be able to make more of them.
    EXPECT_EQ((co_await program.post("/api/auth/token")).code(), "forbidden");
    EXPECT_EQ((co_await program.post("/api/api-keys", R"({"name":"Mine"})")).code(), "forbidden");
    EXPECT_EQ((co_await program.post("/api/auth/sign-out")).code(), "forbidden");
    EXPECT_EQ((co_await program.call(Method::delete_, "/api/auth/sessions/" + me.text("session_id"))).code(),
              "forbidden");
    EXPECT_EQ((co_await program.call(Method::patch, "/api/auth/me", R"({"name":"Thief"})")).code(),
              "forbidden");
    co_await browser.post("/api/auth/sign-out");
    EXPECT_EQ((co_await program.get("/api/auth/me")).code(), "session_expired");
  }));
}

TEST(Switching, EntersAnotherRegionAndIsRefusedToOutsiders) {
  EXPECT_TRUE(on_site([](Site& site) -> Task<void> {
    // A first sign-in begins in the first organization by name.
    auto home = unique("at-home"), away = unique("away"), closed = unique("closed");
    co_await organization(site.reactor(), home, Region::us);
    auto there = co_await organization(site.reactor(), away, Region::eu);
    auto shut = co_await organization(site.reactor(), closed, Region::us);
    co_await tenancy::add_member(site.reactor(), {.organization = there.id,
                                                  .region = Region::eu,
                                                  .person = person("owner@" + home + ".test"),
                                                  .role = RoleCode::UR});
    auto to = [](OrganizationId id) { return R"({"organization_id":")" + id.to_string() + R"("})"; };
    Browser browser(site);
    auto me = co_await browser.sign_in("owner@" + home + ".test");
    EXPECT_EQ(me.body.at("organization").at("slug").as_string(), home);
    EXPECT_EQ(me.body.at("memberships").as_array().size(), 2U);
    auto cookie = browser.cookie;
    EXPECT_EQ((co_await browser.post("/api/auth/switch", to(shut.id))).code(), "not_a_member");
    EXPECT_EQ((co_await browser.post("/api/auth/switch", to(OrganizationId::make()))).code(), "not_a_member");
    EXPECT_EQ(browser.cookie, cookie);

    auto switched = co_await browser.post("/api/auth/switch", to(there.id));
    EXPECT_EQ(switched.status, 200);
    EXPECT_EQ(switched.body.at("organization").at("slug").as_string(), away);
    EXPECT_EQ(switched.text("role_code"), "UR");
    EXPECT_TRUE(browser.cookie.starts_with("ghs_eu_"));
    EXPECT_EQ((co_await browser.get("/api/organization")).text("region"), "eu");
    EXPECT_EQ((co_await browser.get("/api/members")).status, 403);
    Browser stale(site);
    stale.cookie = cookie;
    auto ended = co_await stale.get("/api/auth/me");
    EXPECT_EQ(ended.code(), "session_expired") << ended.body;

    // The next sign-in begins where the person was last.
    Browser later(site);
    auto again = co_await later.sign_in("owner@" + home + ".test");
    EXPECT_EQ(again.body.at("organization").at("slug").as_string(), away);
    later.extra.set("gatehouse-organization", shut.id.to_string());
    EXPECT_EQ((co_await later.get("/api/organization")).code(), "organization_switched");
  }));
}

TEST(ApiKeys, AreShownOnceActForTheirPersonAndEnd) {
  EXPECT_TRUE(on_site([](Site& site) -> Task<void> {
    auto slug = unique("keys");
    auto made = co_await organization(site.reactor(), slug);
    co_await tenancy::add_member(
        site.reactor(),
        {.organization = made.id, .person = person("user@" + slug + ".test"), .role = RoleCode::UR});
    Browser admin(site), user(site), program(site);
    co_await admin.sign_in("owner@" + slug + ".test");
    auto me = co_await user.sign_in("user@" + slug + ".test");
    user.extra.set("idempotency-key", "once");
    auto body = R"({"name":"Mine","workspace_id":")" + made.org_workspace.to_string() + R"("})";
    auto created = co_await user.post("/api/api-keys", body);
    EXPECT_EQ(created.status, 201);
    auto secret = created.text("secret");
    EXPECT_TRUE(secret.starts_with("gh_us_"));
    EXPECT_EQ((co_await user.post("/api/api-keys", body)).text("secret"), secret)
        << "a repeat is the same key";
    user.extra.remove("idempotency-key");
    auto list = co_await user.get("/api/api-keys");
    EXPECT_EQ(list.body.at("data").as_array().size(), 1U);
    const auto& view = list.body.at("data").at(0).as_object();
    EXPECT_FALSE(view.contains("secret"));
    EXPECT_EQ(std::string(view.at("last_four").as_string()), secret.substr(secret.size() - 4));

    program.extra.set("x-api-key", secret);
    auto who = co_await program.get("/api/auth/me");
    EXPECT_EQ(who.body.at("user").at("id"), me.body.at("user").at("id"));
    EXPECT_EQ(who.text("default_workspace_id"), made.org_workspace.to_string());
    EXPECT_TRUE(who.body.at("session_id").is_null());
    EXPECT_EQ((co_await program.post("/api/api-keys", body)).status, 403) << "no key makes keys";
    EXPECT_EQ((co_await program.get("/api/auth/sessions")).status, 403);
    program.extra.set("gatehouse-workspace", made.org_workspace.to_string());
    EXPECT_EQ((co_await program.get("/api/auth/me")).status, 200);
    program.extra.set("gatehouse-workspace", me.text("default_workspace_id"));
    EXPECT_EQ((co_await program.get("/api/auth/me")).code(), "forbidden") << "the person's, not the key's";
    program.extra.remove("gatehouse-workspace");
    EXPECT_EQ((co_await program.get("/api/organization")).status, 403) << "a key calls models";
    auto used = co_await as_platform(
        site.reactor(), Region::us,
        "select count(*) from api_keys where organization_id = $1 and last_used_at is not null",
        pg::params(made.id));
    EXPECT_EQ(used[0].get<std::int64_t>(std::size_t{0}), 1);

    auto own = co_await admin.post("/api/api-keys", R"({"name":"Admin's"})");
    auto path = [](const boost::json::value& key) {
      return "/api/api-keys/" + std::string(key.at("id").as_string());
    };
    EXPECT_EQ((co_await user.call(Method::delete_, path(own.body.at("api_key")))).status, 404)
        << "a colleague's key is not there";
    EXPECT_EQ((co_await admin.get("/api/api-keys")).body.at("data").as_array().size(), 2U);
    EXPECT_EQ((co_await admin.call(Method::delete_, path(created.body.at("api_key")))).status, 204);
    EXPECT_EQ((co_await program.get("/api/auth/me")).status, 401);
    EXPECT_EQ((co_await program.get("/api/organization")).status, 401);
  }));
}

TEST(ApiKeys, AreRefusedForAWorkspaceThatIsNotOnesOwnAndForThePast) {
  EXPECT_TRUE(on_site([](Site& site) -> Task<void> {
    auto slug = unique("bounds"), other = unique("others");
    auto made = co_await organization(site.reactor(), slug);
    auto theirs = co_await organization(site.reactor(), other);
    auto member = co_await tenancy::add_member(
        site.reactor(),
        {.organization = made.id, .person = person("user@" + slug + ".test"), .role = RoleCode::UR});
    Browser user(site);
    co_await user.sign_in("user@" + slug + ".test");
    auto admins =
        co_await as_platform(site.reactor(), Region::us,
                             "select id from workspaces where organization_id = $1 and owner_user_id = $2",
                             pg::params(made.id, made.owner));
    for (auto workspace :
         {theirs.org_workspace, WorkspaceId::make(), admins[0].get<WorkspaceId>(std::size_t{0})}) {
      auto reply = co_await user.post("/api/api-keys",
                                      R"({"name":"K","workspace_id":")" + workspace.to_string() + R"("})");
      EXPECT_EQ(reply.status, 422);
    }
    EXPECT_EQ(
        (co_await user.post("/api/api-keys", R"({"name":"K","expires_at":"2020-01-01T00:00:00Z"})")).status,
        422);
    // A key is worth no more than its person's access to its workspace.
    auto key = co_await user.post(
        "/api/api-keys", R"({"name":"K","workspace_id":")" + made.org_workspace.to_string() + R"("})");
    EXPECT_TRUE(co_await site.identity().authenticate(site.reactor(), with_key(key.text("secret"))));
    co_await as_platform(
        site.reactor(), Region::us,
        "update workspace_users set is_active = false where organization_id = $1 and user_id = $2"
        " and workspace_id = $3",
        pg::params(made.id, member.value().user, made.org_workspace));
    // What the reactor remembers may be two seconds old.
    bool refused = false;
    auto deadline = pg::within(std::chrono::seconds(10));
    while (!refused && std::chrono::steady_clock::now() < deadline) {
      refused = !co_await site.identity().authenticate(site.reactor(), with_key(key.text("secret")));
      if (!refused) co_await sleep_for(std::chrono::milliseconds(50));
    }
    EXPECT_TRUE(refused);
  }));
}

TEST(Credentials, OfARegionThatThisNodeDoesNotServeAreSentOn) {
  std::string cookie, key, token;
  EXPECT_TRUE(on_site([&](Site& site) -> Task<void> {
    auto slug = unique("far");
    co_await organization(site.reactor(), slug, Region::eu);
    Browser browser(site);
    co_await browser.sign_in("owner@" + slug + ".test");
    key = (co_await browser.post("/api/api-keys", R"({"name":"Far"})")).text("secret");
    token = (co_await browser.post("/api/auth/token")).text("access_token");
    cookie = browser.cookie;
  }));
  IdentityOptions options;
  options.base_urls[Region::eu] = "https://eu.example";
  EXPECT_TRUE(on_site(
      [&](Site& site) -> Task<void> {
        for (const auto& request : {with_cookie(cookie), with_key(key), with_key(token)}) {
          auto refused = co_await site.identity().authenticate(site.reactor(), request);
          EXPECT_EQ(refused.error().code, ErrorCode::wrong_region);
          EXPECT_TRUE(refused.error().detail.contains("https://eu.example")) << refused.error().detail;
        }
      },
      std::move(options), {Region::us}));
}

TEST(Credentials, ThatAreMadeUpAreRefused) {
  EXPECT_TRUE(on_site([](Site& site) -> Task<void> {
    auto made = co_await organization(site.reactor(), unique("forged"));
    auto forge = [&](crypto::TokenKind kind, OrganizationId in, Uuid id) {
      auto token = crypto::issue_token({.kind = kind, .region = "us", .organization = in.value, .id = id});
      return std::string(token.text.reveal());
    };
    using enum crypto::TokenKind;
    for (const auto& request :
         {with_cookie("x"), with_key("x"), with_key("gh_us_x"), with_key("a.b.c"),
          with_cookie(forge(session, made.id, Uuid::v7())), with_cookie(forge(session, {}, Uuid::v7())),
          with_cookie(forge(session, OrganizationId::make(), Uuid::v7())),
          with_cookie(forge(api_key, made.id, Uuid::v7())), with_key(forge(api_key, made.id, Uuid::v7())),
          with_key(forge(session, made.id, Uuid::v7()))}) {
      auto refused = co_await site.identity().authenticate(site.reactor(), request);
      EXPECT_FALSE(refused);
      EXPECT_EQ(refused.error().code, ErrorCode::unauthenticated);
    }
    auto anonymous = co_await site.identity().authenticate(site.reactor(), http::Request{});
    EXPECT_TRUE(anonymous && anonymous->user.is_nil());
  }));
}

TEST(Credentials, ThatAreMadeUpAreLimitedByAddressWhileKnownOnesGoOn) {
  IdentityOptions options;
  options.unknown_keys = {0.0001, 4};
  EXPECT_TRUE(on_site(
      [](Site& site) -> Task<void> {
        auto slug = unique("flood");
        auto made = co_await organization(site.reactor(), slug);
        Browser browser(site);
        co_await browser.sign_in("owner@" + slug + ".test");
        auto key = (co_await browser.post("/api/api-keys", R"({"name":"Known"})")).text("secret");
        auto& identity = site.identity();
        FollowedVersions followed(site.reactor());
        EXPECT_TRUE(co_await identity.authenticate(site.reactor(), with_key(key)));
        auto made_up = [&](OrganizationId in) {
          auto token = crypto::issue_token({.kind = crypto::TokenKind::api_key,
                                            .region = "us",
                                            .organization = in.value,
                                            .id = Uuid::v7()});
          return with_key(std::string(token.text.reveal()));
        };
        for (auto in : {made.id, OrganizationId::make(), made.id, OrganizationId::make()})
          EXPECT_EQ((co_await identity.authenticate(site.reactor(), made_up(in))).error().code,
                    ErrorCode::unauthenticated);
        for (auto in : {made.id, OrganizationId::make()})
          EXPECT_EQ((co_await identity.authenticate(site.reactor(), made_up(in))).error().code,
                    ErrorCode::rate_limited);
        EXPECT_TRUE(co_await identity.authenticate(site.reactor(), with_key(key)));
        auto elsewhere = made_up(made.id);
        elsewhere.peer.ip = boost::asio::ip::make_address("203.0.113.1");
        EXPECT_EQ((co_await identity.authenticate(site.reactor(), elsewhere)).error().code,
                  ErrorCode::unauthenticated);
      },
      std::move(options)));
}

TEST(Credentials, ThatNameAnOrganizationInAnotherRegionDoNotHideItInItsOwn) {
  EXPECT_TRUE(on_site([](Site& site) -> Task<void> {
    auto slug = unique("hidden");
    auto made = co_await organization(site.reactor(), slug, Region::us);
    auto astray = crypto::issue_token({.kind = crypto::TokenKind::api_key,
                                       .region = "eu",
                                       .organization = made.id.value,
                                       .id = Uuid::v7()});
    EXPECT_FALSE(
        co_await site.identity().authenticate(site.reactor(), with_key(std::string(astray.text.reveal()))));
    Browser browser(site);
    EXPECT_EQ((co_await browser.sign_in("owner@" + slug + ".test")).status, 200);
    EXPECT_EQ((co_await browser.get("/api/organization")).status, 200);
  }));
}

TEST(Credentials, ThatAreMadeUpCostNoLookUpWhereTheyWouldBeSessions) {
  EXPECT_TRUE(on_site([](Site& site) -> Task<void> {
    // Nothing answers in the control database: whoever asks it fails.
    site.reactor().control().close();
    auto token = crypto::issue_token(
        {.kind = crypto::TokenKind::session, .region = "control", .organization = {}, .id = Uuid::v7()});
    auto refused =
        co_await site.identity().authenticate(site.reactor(), with_cookie(std::string(token.text.reveal())));
    EXPECT_EQ(refused.error().code, ErrorCode::unauthenticated);
  }));
}

TEST(Tenancy, ListsWhatTheRoleMaySeePageByPage) {
  EXPECT_TRUE(on_site([](Site& site) -> Task<void> {
    auto slug = unique("pages");
    auto made = co_await organization(site.reactor(), slug);
    for (std::string name : {"b", "a", "c"})
      co_await tenancy::add_member(
          site.reactor(),
          {.organization = made.id, .person = person(name + "@" + slug + ".test"), .role = RoleCode::UR});
    Browser admin(site), user(site);
    co_await admin.sign_in("owner@" + slug + ".test");
    co_await user.sign_in("a@" + slug + ".test");
    std::vector<std::string> seen;
    std::string token;
    do {
      auto page = co_await admin.get("/api/members?limit=2" + (token.empty() ? "" : "&page_token=" + token));
      EXPECT_EQ(page.status, 200);
      for (const auto& member : page.body.at("data").as_array())
        seen.emplace_back(member.at("email").as_string());
      token = page.text("next_page_token");
    } while (!token.empty());
    EXPECT_EQ(seen, (std::vector<std::string>{"a@" + slug + ".test", "b@" + slug + ".test",
                                              "c@" + slug + ".test", "owner@" + slug + ".test"}));
    EXPECT_EQ((co_await user.get("/api/workspaces")).body.at("data").as_array().size(), 2U);
    EXPECT_EQ((co_await admin.get("/api/workspaces")).body.at("data").as_array().size(), 5U);
    EXPECT_EQ((co_await admin.get("/api/workspaces?page_token=x")).code(), "invalid_page_token");
    EXPECT_EQ((co_await user.get("/api/members")).status, 403);
  }));
}

}  // namespace
}  // namespace gatehouse::identity
