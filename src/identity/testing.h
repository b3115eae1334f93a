// A running site with identity's and tenancy's operations, and a client that keeps a cookie. For
// *_pgtest.cpp; not part of the server.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "access/dispatcher.h"
#include "audit/query.h"
#include "http/server.h"
#include "identity/identity.h"
#include "identity/identity_api.h"
#include "tenancy/tenancy_api.h"
#include "tenancy/testing.h"

namespace gatehouse::identity::testing {

struct Reply {
  int status = 0;
  boost::json::value body;
  http::Headers headers;

  std::string text(std::string_view member) const {
    auto* found = body.is_object() ? body.as_object().if_contains(member) : nullptr;
    return found && found->is_string() ? std::string(found->as_string()) : std::string();
  }
  std::string code() const { return text("code"); }
};

class Site {
 public:
  /// Believes X-Forwarded-For, so that a test can call from several addresses.
  Site(access::Reactor& reactor, IdentityOptions options,
       access::DispatcherOptions limits = {.rates = {.sign_in = {1'000, 1'000}}})
      : identity_(with_defaults(std::move(options))),
        operations_(all_operations(identity_)),
        dispatcher_(operations_, identity_, std::move(limits)),
        reactor_(reactor),
        server_(reactor.io(), {.trusted_proxies = {*http::Cidr::parse("127.0.0.1")}},
                [this](http::Exchange& exchange) -> Task<void> {
                  co_await dispatcher_.handle(reactor_, exchange);
                }) {}

  Identity& identity() { return identity_; }
  access::Reactor& reactor() { return reactor_; }

  Task<Reply> call(http::Method method, std::string path, http::Headers headers, std::string body) {
    http::ClientRequest request{.method = method,
                                .endpoint = {.host = "127.0.0.1", .port = server_.port()},
                                .target = std::move(path),
                                .headers = std::move(headers),
                                .body = std::move(body)};
    if (!request.body.empty()) request.headers.set("content-type", "application/json");
    auto response = co_await reactor_.http().send(std::move(request));
    if (!response) throw Failure("no answer: " + response.error().detail);
    Reply reply{.status = response->status(), .headers = response->headers()};
    auto text = co_await response->read_all(1 << 20);
    if (!text->empty()) reply.body = boost::json::parse(*text);
    co_return reply;
  }

  static IdentityOptions with_defaults(IdentityOptions options) {
    static const auto key = std::make_shared<const crypto::SigningKey>(crypto::SigningKey::generate());
    options.signing_key = key;
    options.issuer = "https://gatehouse.test";
    if (options.passwords.cost.memory_kib == crypto::PasswordCost{}.memory_kib)
      options.passwords.cost = tenancy::testing::kCheap;
    return options;
  }

 private:
  static access::Operations all_operations(Identity& identity) {
    access::Operations operations;
    add_operations(operations, identity);
    tenancy::add_operations(operations);
    return operations;
  }

  Identity identity_;
  access::Operations operations_;
  access::Dispatcher dispatcher_;
  access::Reactor& reactor_;
  http::Server server_;
};

/// One browser: keeps the cookie, sends the CSRF token once it knows it.
class Browser {
 public:
  explicit Browser(Site& site) : site_(site) {}

  Task<Reply> call(http::Method method, std::string path, std::string body = {}) {
    http::Headers headers = extra;
    if (!cookie.empty()) headers.set("cookie", "gatehouse_session=" + cookie);
    if (!csrf.empty()) headers.set("gatehouse-csrf", csrf);
    auto reply = co_await site_.call(method, std::move(path), std::move(headers), std::move(body));
    if (auto set = reply.headers.find("set-cookie")) {
      auto start = set->find('=') + 1;
      cookie = set->substr(start, set->find(';') - start);
    }
    if (auto token = reply.text("csrf_token"); !token.empty()) csrf = token;
    co_return reply;
  }
  Task<Reply> get(std::string path) { return call(http::Method::get, std::move(path)); }
  Task<Reply> post(std::string path, std::string body = {}) {
    return call(http::Method::post, std::move(path), std::move(body));
  }
  Task<Reply> sign_in(std::string email, std::string password = "correct horse") {
    return post("/api/auth/sign-in", json::encode(SignInBody{std::move(email), std::move(password)}));
  }

  std::string cookie, csrf;
  http::Headers extra;

 private:
  struct SignInBody {
    std::string email, password;
    BOOST_DESCRIBE_CLASS(SignInBody, (), (email, password), (), ())
  };
  Site& site_;
};

inline http::Request with_cookie(const std::string& cookie) {
  http::Request request;
  request.headers.set("cookie", "gatehouse_session=" + cookie);
  return request;
}

inline http::Request with_key(const std::string& key) {
  http::Request request;
  request.headers.set("authorization", "Bearer " + key);
  return request;
}

/// Events of one action in a chain, newest first.
inline Task<std::vector<audit::StoredEvent>> events(Region region, std::optional<OrganizationId> organization,
                                                    std::string action) {
  auto dsn = tenancy::testing::World::instance().audit_dsn(region);
  auto connection = co_await pg::Connection::connect({.dsn = dsn}, pg::within(std::chrono::seconds(10)));
  pg::Batch batch;
  audit::add_list(batch, organization, {.action = action}, std::nullopt, 100);
  auto rows = co_await connection.run(std::move(batch), pg::within(std::chrono::seconds(10)));
  co_return audit::read_events(rows.back());
}

/// Runs `body` with a site that serves `regions`.
inline bool on_site(std::function<Task<void>(Site&)> body, IdentityOptions options = {},
                    std::vector<Region> regions = {Region::us, Region::eu}) {
  return tenancy::testing::World::instance().run<bool>(
      [&](access::Reactor& reactor) -> Task<bool> {
        Site site(reactor, std::move(options));
        co_await body(site);
        co_return true;
      },
      std::move(regions));
}

}  // namespace gatehouse::identity::testing
