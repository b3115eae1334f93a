// Both regions, their audit databases and the control database, as an installation has them; and a reactor in
// the middle of them. For *_pgtest.cpp; not part of the server.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "access/reactor.h"
#include "access/session_context.h"
#include "audit/appender.h"
#include "pg/testing.h"
#include "tenancy/provisioning.h"
#include "vault/key_hierarchy.h"
#include "vault/master_key.h"

namespace gatehouse::tenancy::testing {

using namespace std::chrono_literals;

/// The databases; made once for a test executable.
class World {
 public:
  static World& instance() {
    static World world;
    return world;
  }

  /// Runs `body` on a new reactor that serves `regions`, and everything that it left to do.
  template <class T>
  T run(std::function<Task<T>(access::Reactor&)> body,
        std::vector<Region> regions = {Region::us, Region::eu}) {
    return pg::testing::run([](World& world, std::function<Task<T>(access::Reactor&)> work,
                               std::vector<Region> served) -> Task<T> {
      Executor executor = co_await asio::this_coro::executor;
      std::vector<std::unique_ptr<audit::Appender>> appenders;
      std::vector<access::RegionAccess> accesses;
      for (Region region : served) {
        auto& at = world.regions_.at(region);
        appenders.push_back(std::make_unique<audit::Appender>(
            executor, audit::AppenderOptions{.region = region, .database = {.dsn = at.audit}}));
        access::RegionAccess made{.region = region};
        made.app = pool(executor, at.app);
        made.platform = pool(executor, at.platform);
        made.audit = pool(executor, at.audit_reader);
        made.appender = appenders.back().get();
        made.keyring = std::make_unique<vault::Keyring>(*world.wrapper_, *made.platform);
        accesses.push_back(std::move(made));
      }
      http::ClientConfig client;
      client.egress.allowed_hosts = {"127.0.0.1"};
      access::Reactor reactor(executor.context(), std::move(accesses), pool(executor, world.control_),
                              std::make_unique<http::Client>(executor, client), world.secrets_);
      access::Plans plans;
      reactor.plans = &plans;
      std::optional<T> result;
      std::exception_ptr failure;
      try {
        result.emplace(co_await work(reactor));
      } catch (...) {
        failure = std::current_exception();
      }
      for (auto& appender : appenders) co_await appender->close(pg::within(10s));
      for (auto& access : reactor.regions())
        for (auto* one : {&access.app, &access.platform, &access.audit})
          co_await (*one)->drain(pg::within(10s));
      co_await reactor.control().drain(pg::within(10s));
      if (failure) std::rethrow_exception(failure);
      co_return std::move(*result);
    }(*this, std::move(body), std::move(regions)));
  }

  const std::string& audit_dsn(Region region) const { return regions_.at(region).audit; }

 private:
  struct Dsns {
    std::string app, platform, audit, audit_reader;
  };

  World() : secrets_(make_secrets()) {
    control_ = pg::testing::as_role(pg::testing::owned_database("control"), "gatehouse_platform");
    for (Region region : {Region::us, Region::eu}) {
      auto product = pg::testing::owned_database("product"), audit = pg::testing::owned_database("audit");
      regions_[region] = {.app = pg::testing::as_role(product, "gatehouse_app"),
                          .platform = pg::testing::as_role(product, "gatehouse_platform"),
                          .audit = pg::testing::as_role(audit, "gatehouse_audit"),
                          .audit_reader = pg::testing::as_role(audit, "gatehouse_app")};
    }
    auto keys = vault::MasterKeys::parse(vault::MasterKeys::generate_text());
    wrapper_ = std::make_unique<vault::MasterKeyWrapper>(std::move(keys.value()));
  }

  static std::shared_ptr<const access::NodeSecrets> make_secrets() {
    auto secrets = std::make_shared<access::NodeSecrets>();
    secrets->page_tokens = crypto::Secret::random(32);
    secrets->email_hashes = crypto::Secret::random(32);
    secrets->accounts = crypto::Secret::random(32);
    return secrets;
  }

  static std::unique_ptr<pg::Pool> pool(Executor executor, const std::string& dsn) {
    return std::make_unique<pg::Pool>(executor, pg::Config{.dsn = dsn}, pg::PoolOptions{.name = "test"});
  }

  std::shared_ptr<const access::NodeSecrets> secrets_;
  std::string control_;
  std::map<Region, Dsns> regions_;
  std::unique_ptr<vault::KeyWrapper> wrapper_;
};

/// A name that no other test uses.
inline std::string unique(std::string_view stem) {
  static int next = 0;
  return std::string(stem) + std::to_string(++next);
}

/// Cheap to verify; only for tests.
inline constexpr crypto::PasswordCost kCheap{.memory_kib = 64, .passes = 1};

inline NewPerson person(const std::string& email, std::string_view password = "correct horse") {
  return {.email = email,
          .name = "Person " + email,
          .password_hash = crypto::hash_password(crypto::Secret::copy_of(password), kCheap),
          .is_confirmed = true};
}

/// An organization with a unique slug and the owner `owner@<slug>.test`.
inline Task<ProvisionedOrganization> organization(access::Reactor& reactor, std::string slug,
                                                  Region region = Region::us) {
  auto made = co_await provision_organization(
      reactor,
      {.name = "The " + slug, .slug = slug, .region = region, .owner = person("owner@" + slug + ".test")});
  co_return made.value();
}

/// Rows of `sql` as gatehouse_app in that context.
inline Task<pg::Rows> as_app(access::Reactor& reactor, Region region, access::SessionContext context,
                             std::string sql, pg::Params params = {}) {
  pg::Batch batch;
  access::add_context(batch, context, false);
  batch.add_adhoc(std::move(sql), std::move(params));
  auto rows = co_await reactor.region(region).app->run(std::move(batch), pg::within(10s));
  co_return std::move(rows.back());
}

inline Task<pg::Rows> as_platform(access::Reactor& reactor, Region region, std::string sql,
                                  pg::Params params = {}) {
  pg::Batch batch;
  batch.add_adhoc(std::move(sql), std::move(params));
  auto rows = co_await reactor.region(region).platform->run(std::move(batch), pg::within(10s));
  co_return std::move(rows.back());
}

}  // namespace gatehouse::tenancy::testing
