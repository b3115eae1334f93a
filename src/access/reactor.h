// What one reactor owns: its database pools by region, its outbound client, its caches. Nothing here is
// shared between threads but what says so.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <typeindex>
#include <unordered_map>
#include <vector>

#include "access/grant_uses.h"
#include "access/plans.h"
#include "access/quota.h"
#include "access/tenants.h"
#include "audit/appender.h"
#include "audit/drain.h"
#include "base/task.h"
#include "crypto/secret.h"
#include "domain/terms.h"
#include "http/client.h"
#include "pg/pool.h"
#include "vault/keyring.h"

namespace gatehouse::access {

/// One region as seen from one reactor.
struct RegionAccess {
  Region region = Region::us;
  /// Tenant requests, under row-level security (gatehouse_app). Handlers reach it through Call alone.
  std::unique_ptr<pg::Pool> app;
  /// Sign-in look-ups and the model-call journal (gatehouse_platform). For identity/, vault/ and models/
  /// alone.
  std::unique_ptr<pg::Pool> platform;
  /// The audit database as its readers see it (gatehouse_app there).
  std::unique_ptr<pg::Pool> audit;
  /// One per process and region, thread-safe.
  audit::Appender* appender = nullptr;
  /// Told when this process commits an event to the outbox. One per process and region; may be absent.
  audit::Drain* drain = nullptr;
  /// Keys of this region's organizations and people.
  std::unique_ptr<vault::Keyring> keyring;
  /// Where this region is reached from outside, for 421 answers (`https://us.example.org`).
  std::string base_url;
};

/// Keys of the whole installation, derived from the master key; the same on every node.
struct NodeSecrets {
  crypto::Secret page_tokens;   // seals the cursors of lists
  crypto::Secret email_hashes;  // keys the hashes of e-mail and network addresses
  crypto::Secret accounts;      // seals what belongs to a person and to no organization: second factors, mail
};

/// The answer to a call about an organization of a region that this node does not serve, with the address
/// where it is served if that is among `base_urls`.
Error wrong_region(Region, const std::map<Region, std::string>& base_urls);

class Reactor {
 public:
  Reactor(asio::io_context&, std::vector<RegionAccess>, std::unique_ptr<pg::Pool> control,
          std::unique_ptr<http::Client>, std::shared_ptr<const NodeSecrets>);

  asio::io_context& io() { return io_; }
  Executor executor() { return io_.get_executor(); }
  bool serves(Region) const;
  /// Throws Failure for a region that this node does not serve.
  RegionAccess& region(Region);
  Error wrong_region(Region region) const { return access::wrong_region(region, base_urls); }
  std::vector<RegionAccess>& regions() { return regions_; }
  pg::Pool& control() { return *control_; }
  http::Client& http() { return *http_; }
  TenantCache& tenants() { return tenants_; }
  const NodeSecrets& secrets() const { return *secrets_; }
  /// Of the process; null: not counted.
  GrantUses* grant_uses = nullptr;
  /// Of the process; null: no plan limits anything.
  Plans* plans = nullptr;
  /// This reactor's leases of the monthly quota; null: requests are not counted.
  std::unique_ptr<Quota> quota;
  /// Where regions that other nodes serve are reached, for 421 answers. May lack some.
  std::map<Region, std::string> base_urls;
  /// What a capability keeps on this reactor; made when it is first asked for.
  template <class Part>
  Part& part() {
    auto& slot = parts_[typeid(Part)];
    if (!slot) slot = std::make_shared<Part>();
    return *static_cast<Part*>(slot.get());
  }

 private:
  asio::io_context& io_;
  std::vector<RegionAccess> regions_;
  std::unique_ptr<pg::Pool> control_;
  std::unique_ptr<http::Client> http_;
  std::shared_ptr<const NodeSecrets> secrets_;
  TenantCache tenants_;
  std::unordered_map<std::type_index, std::shared_ptr<void>> parts_;
};

}  // namespace gatehouse::access
