#include "oidc/issuers.h"

#include <map>

#include <gtest/gtest.h>

#include "crypto/testing.h"
#include "http/loopback.h"

namespace gatehouse::oidc {
namespace {

using namespace std::chrono_literals;
using crypto::SignatureAlgorithm;
using crypto::testing::ProviderKey;

/// A provider on loopback whose answers a test may change, and a reactor that asks it.
class Provider {
 public:
  Provider() {
    issuer = "http://127.0.0.1:" + std::to_string(server_.port());
    answers["/.well-known/openid-configuration"] = {
        .body = json::write(json::Object{{"issuer", issuer},
                                         {"authorization_endpoint", issuer + "/authorize"},
                                         {"token_endpoint", issuer + "/token"},
                                         {"jwks_uri", issuer + "/keys"}})};
    publish(key);
  }

  void publish(const ProviderKey& published) { answers["/keys"] = {.body = published.jwks()}; }

  template <class T>
  T run(std::function<Task<T>(http::Client&)> body) {
    return reactor_.run([](std::function<Task<T>(http::Client&)> work) -> Task<T> {
      http::ClientConfig config;
      config.egress.allowed_hosts = {"127.0.0.1"};
      config.tick = 5ms;
      http::Client client(co_await asio::this_coro::executor, config);
      co_return co_await work(client);
    }(std::move(body)));
  }
  std::string metadata() {
    return run<std::string>([this](http::Client& client) -> Task<std::string> {
      auto found = co_await issuers.metadata(client, issuer);
      co_return found ? "found" : std::string(to_string(found.error()));
    });
  }
  std::string check(const std::string& token) {
    return run<std::string>([this, token](http::Client& client) -> Task<std::string> {
      auto found = co_await issuers.metadata(client, issuer);
      if (!found) co_return std::string(to_string(found.error()));
      auto checked = co_await issuers.check(
          client, *found, token,
          IdTokenExpectation{.issuer = issuer, .client_id = "gatehouse", .nonce = "n"});
      co_return checked ? "accepted" : std::string(to_string(checked.error()));
    });
  }
  std::string token(const ProviderKey& by) const {
    auto issued = std::chrono::floor<std::chrono::seconds>(now().time_since_epoch()).count();
    return by.sign({{"iss", issuer},
                    {"aud", "gatehouse"},
                    {"sub", "s"},
                    {"iat", issued},
                    {"exp", issued + 300},
                    {"nonce", "n"}});
  }

  std::map<std::string, http::Response> answers;
  std::map<std::string, int> asked;
  std::string issuer;
  Issuers issuers;
  ProviderKey key{SignatureAlgorithm::ES256};

 private:
  http::Reactor reactor_;
  http::Server server_{reactor_.context, http::quick(), [this](http::Exchange& exchange) -> Task<void> {
                         auto path = exchange.request().path;
                         ++asked[path];
                         co_await exchange.respond(answers[path]);
                       }};
};

TEST(Issuers, AskOnceAndRemember) {
  Provider provider;
  EXPECT_EQ(provider.check(provider.token(provider.key)), "accepted");
  EXPECT_EQ(provider.check(provider.token(provider.key)), "accepted");
  EXPECT_EQ(provider.asked["/.well-known/openid-configuration"], 1);
  EXPECT_EQ(provider.asked["/keys"], 1);
}

TEST(Issuers, ARotatedKeyIsFoundByItsName) {
  Provider provider;
  EXPECT_EQ(provider.check(provider.token(provider.key)), "accepted");
  ProviderKey next(SignatureAlgorithm::RS256, "k2");
  auto both = json::write(json::Object{{"keys", json::Array{provider.key.jwk(), next.jwk()}}});
  provider.answers["/keys"] = {.body = both};
  EXPECT_EQ(provider.check(provider.token(next)), "accepted");
  EXPECT_EQ(provider.check(provider.token(provider.key)), "accepted") << "the old one overlaps";
  provider.publish(next);
  EXPECT_EQ(provider.asked["/keys"], 2);
}

TEST(Issuers, MadeUpKeyNamesAskTheProviderAFewTimesOnly) {
  Provider provider;
  for (int i = 0; i < 40; ++i) {
    ProviderKey stranger(SignatureAlgorithm::ES256, "made-up-" + std::to_string(i));
    EXPECT_EQ(provider.check(provider.token(stranger)), "unknown_key");
  }
  EXPECT_EQ(provider.asked["/keys"], 1 + Issuers::kMostRefetches);
  EXPECT_EQ(provider.check(provider.token(provider.key)), "accepted");
}

TEST(Issuers, AFailureIsRememberedForAMoment) {
  Provider provider;
  provider.answers["/.well-known/openid-configuration"] = {.status = 503, .body = "later"};
  EXPECT_EQ(provider.metadata(), "provider_unavailable");
  EXPECT_EQ(provider.metadata(), "provider_unavailable");
  EXPECT_EQ(provider.asked["/.well-known/openid-configuration"], 1);
}

TEST(Issuers, ARedirectIsNotFollowed) {
  Provider provider;
  http::Response redirect{.status = 302};
  redirect.headers.set("location", provider.issuer + "/elsewhere");
  provider.answers["/elsewhere"] = provider.answers["/.well-known/openid-configuration"];
  provider.answers["/.well-known/openid-configuration"] = redirect;
  EXPECT_EQ(provider.metadata(), "provider_unavailable");
  EXPECT_EQ(provider.asked["/elsewhere"], 0);
}

TEST(Issuers, ADocumentBeyondTheBoundIsRefused) {
  Provider provider;
  provider.answers["/keys"].body = provider.key.jwks() + std::string(300 * 1024, ' ');
  EXPECT_EQ(provider.check(provider.token(provider.key)), "provider_unavailable");
}

TEST(Issuers, AnAddressThatMayNotBeCalledIsNot) {
  Provider provider;
  auto document = json::parse(provider.answers["/.well-known/openid-configuration"].body).value();
  document.get_object()["jwks_uri"] = "http://169.254.169.254/keys";
  provider.answers["/.well-known/openid-configuration"].body = json::write(document);
  EXPECT_EQ(provider.check(provider.token(provider.key)), "provider_not_allowed");
}

}  // namespace
}  // namespace gatehouse::oidc
