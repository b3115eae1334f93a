// What single sign-on shares in a process: how it is configured, and the thread that waits for DNS.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/thread_pool.hpp>

#include "access/reactor.h"
#include "http/egress.h"
#include "identity/identity.h"
#include "oidc/issuers.h"
#include "sso/dns_txt.h"
#include "sso/provider_address.h"

namespace gatehouse::sso {

struct SsoOptions {
  http::EgressPolicy egress;
  std::optional<DnsServer> dns_server;
};

/// One per process, thread-safe. `identity` outlives it; it dies before the reactors' io_contexts.
class SingleSignOn {
 public:
  SingleSignOn(identity::Identity& identity, SsoOptions options)
      : identity_(identity), options_(std::move(options)) {}

  identity::Identity& identity() { return identity_; }
  const SsoOptions& options() const { return options_; }

  /// What this reactor knows of the issuers.
  static oidc::Issuers& issuers(access::Reactor& reactor) { return reactor.part<oidc::Issuers>(); }

  /// As browsers and providers reach the region, without a slash at the end.
  std::string base_url(access::Reactor&, Region) const;
  /// What is registered with the provider, byte for byte. Each has its own, so that what one sends back is
  /// never taken for another's (RFC 9700, 4.4.2).
  std::string callback_url(access::Reactor&, ProviderAddress) const;

  /// Drops sign-ins that never came back and logout tokens that are too old to be replayed.
  static Task<void> forget_old(access::Reactor&, Region);

  /// Beside the reactors. Errors: upstream_failed, overloaded (too many wait).
  Task<Result<std::vector<std::string>>> txt_records(std::string name);

 private:
  static constexpr int kMostWaiting = 32;

  identity::Identity& identity_;
  SsoOptions options_;
  std::atomic<int> waiting_ = 0;
  asio::thread_pool dns_{1};
};

}  // namespace gatehouse::sso
