// The egress guard: which addresses the server may call on somebody's behalf (SSRF).
//
// Names are resolved here, the addresses are judged, and the caller connects to exactly those that passed, so
// a name that resolves differently a moment later gains nothing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "base/error.h"
#include "base/task.h"
#include "http/address.h"

namespace gatehouse::http {

enum class AddressClass {
  global,
  unspecified,   // 0.0.0.0/8, ::
  loopback,      // 127/8, ::1
  private_,      // RFC 1918
  shared,        // 100.64/10, carrier NAT
  link_local,    // 169.254/16, fe80::/10
  unique_local,  // fc00::/7, fec0::/10
  metadata,      // cloud instance metadata services
  multicast,     // 224/4, ff00::/8
  reserved,      // 192.0.0/24, documentation, benchmarking, 240/4, broadcast, outside 2000::/3
  translated,    // 6to4, Teredo, NAT64: an IPv4 address in disguise
};
std::string_view to_string(AddressClass);

/// An IPv4-mapped or IPv4-compatible address is judged as the IPv4 address. NAT64, 6to4 and Teredo are
/// `translated` whatever they embed.
AddressClass classify(const boost::asio::ip::address&);

struct EgressPolicy {
  /// Exceptions, from the operator's configuration only.
  std::vector<Cidr> allowed_networks;
  /// Host names, lower case, exact; whatever they resolve to may be called.
  std::vector<std::string> allowed_hosts;

  /// Public, or an exception.
  bool allows(std::string_view host, const boost::asio::ip::address&) const;
  /// Only what is an exception may be called without TLS.
  bool excepts(std::string_view host, const boost::asio::ip::address&) const;
  bool excepts(std::string_view host) const;
};

/// Resolves `host` (a name or a literal) and returns the addresses that may be called, in the resolver's
/// order; without `tls` only the exceptions. Errors: egress_refused if none may; upstream_failed if the name
/// does not resolve; upstream_timeout at `deadline`, even if the system's resolver still waits.
Task<Result<std::vector<boost::asio::ip::tcp::endpoint>>> resolve_allowed(
    std::string host, std::uint16_t port, bool tls, const EgressPolicy&,
    std::chrono::steady_clock::time_point deadline);

}  // namespace gatehouse::http
