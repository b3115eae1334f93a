#include "http/egress.h"

#include <boost/asio/ip/tcp.hpp>

namespace gatehouse::http {
namespace {

namespace ip = boost::asio::ip;
using tcp = ip::tcp;

struct Range {
  Cidr network;
  AddressClass kind;
};

std::vector<Range> make_ranges(std::initializer_list<std::pair<std::string_view, AddressClass>> rows) {
  std::vector<Range> ranges;
  for (auto [text, kind] : rows) ranges.push_back({Cidr::parse(text).value(), kind});
  return ranges;
}

// First match wins. From the IANA special-purpose registries, and the metadata addresses of the large clouds.
const std::vector<Range>& ranges() {
  using enum AddressClass;
  static const std::vector<Range> kRanges = make_ranges({
      {"169.254.169.254", metadata},  // AWS, Azure, GCP, OpenStack, …
      {"169.254.170.2", metadata},    // AWS ECS credentials
      {"169.254.170.23", metadata},   // AWS EKS pod identity
      {"100.100.100.200", metadata},  // Alibaba
      {"168.63.129.16", metadata},    // Azure's wire server
      {"192.0.0.192", metadata},      // Oracle
      {"fd00:ec2::254", metadata},    // AWS
      {"fd00:ec2::23", metadata},     // AWS EKS pod identity
      {"fd20:ce::254", metadata},     // GCP
      {"0.0.0.0/8", unspecified},
      {"10.0.0.0/8", private_},
      {"100.64.0.0/10", shared},
      {"127.0.0.0/8", loopback},
      {"169.254.0.0/16", link_local},
      {"172.16.0.0/12", private_},
      {"192.0.0.0/24", reserved},
      {"192.0.2.0/24", reserved},
      {"192.31.196.0/24", reserved},
      {"192.52.193.0/24", reserved},
      {"192.88.99.0/24", translated},  // 6to4 relays
      {"192.168.0.0/16", private_},
      {"192.175.48.0/24", reserved},
      {"198.18.0.0/15", reserved},
      {"198.51.100.0/24", reserved},
      {"203.0.113.0/24", reserved},
      {"224.0.0.0/4", multicast},
      {"240.0.0.0/4", reserved},
      {"::", unspecified},
      {"::1", loopback},
      {"64:ff9b::/96", translated},
      {"64:ff9b:1::/48", translated},
      {"2001::/32", translated},  // Teredo
      {"2002::/16", translated},  // 6to4
      {"2001::/23", reserved},
      {"2001:db8::/32", reserved},
      {"3fff::/20", reserved},
      {"fc00::/7", unique_local},
      {"fe80::/10", link_local},
      {"fec0::/10", unique_local},
      {"ff00::/8", multicast},
  });
  return kRanges;
}

// ::a.b.c.d, deprecated, but some stacks still take it for the IPv4 address.
std::optional<ip::address> compatible(const ip::address& address) {
  if (!address.is_v6()) return std::nullopt;
  auto bytes = address.to_v6().to_bytes();
  if (!std::all_of(bytes.begin(), bytes.begin() + 12, [](unsigned char b) { return b == 0; }))
    return std::nullopt;
  if (address.to_v6().is_unspecified() || address.to_v6().is_loopback()) return std::nullopt;
  return ip::address_v4({bytes[12], bytes[13], bytes[14], bytes[15]});
}

// getaddrinfo() cannot be interrupted, so the wait ends by itself and a late answer finds nobody.
struct Lookup {
  explicit Lookup(const Executor& executor) : resolver(executor), done(executor) {}
  asio::ip::basic_resolver<tcp, Executor> resolver;
  Timer done;
  bool finished = false;
  boost::system::error_code error;
  std::vector<tcp::endpoint> endpoints;
};

}  // namespace

std::string_view to_string(AddressClass kind) {
  switch (kind) {
    case AddressClass::global:
      return "global";
    case AddressClass::unspecified:
      return "unspecified";
    case AddressClass::loopback:
      return "loopback";
    case AddressClass::private_:
      return "private";
    case AddressClass::shared:
      return "shared";
    case AddressClass::link_local:
      return "link-local";
    case AddressClass::unique_local:
      return "unique local";
    case AddressClass::metadata:
      return "metadata";
    case AddressClass::multicast:
      return "multicast";
    case AddressClass::reserved:
      return "reserved";
    case AddressClass::translated:
      return "translated";
  }
  return "unknown";
}

AddressClass classify(const ip::address& given) {
  auto address = unmapped(given);
  if (auto embedded = compatible(address)) address = *embedded;
  // The scope is no part of the address, and would defeat the comparison.
  if (address.is_v6()) address = ip::address_v6(address.to_v6().to_bytes());
  for (const auto& range : ranges())
    if (range.network.contains(address)) return range.kind;
  if (address.is_v6() && (address.to_v6().to_bytes()[0] & 0xe0) != 0x20) return AddressClass::reserved;
  return AddressClass::global;
}

bool EgressPolicy::allows(std::string_view host, const ip::address& address) const {
  return classify(address) == AddressClass::global || excepts(host, address);
}

bool EgressPolicy::excepts(std::string_view host, const ip::address& address) const {
  return any_contains(allowed_networks, address) || excepts(host);
}

bool EgressPolicy::excepts(std::string_view host) const {
  return std::ranges::find(allowed_hosts, host) != allowed_hosts.end();
}

Task<Result<std::vector<tcp::endpoint>>> resolve_allowed(std::string host, std::uint16_t port, bool tls,
                                                         const EgressPolicy& policy,
                                                         std::chrono::steady_clock::time_point deadline) {
  std::vector<tcp::endpoint> found;
  boost::system::error_code not_literal;
  auto literal = ip::make_address(host, not_literal);
  if (!not_literal) {
    found.emplace_back(literal, port);
  } else {
    auto lookup = std::make_shared<Lookup>(co_await asio::this_coro::executor);
    lookup->done.expires_at(deadline);
    lookup->resolver.async_resolve(
        host, std::to_string(port), tcp::resolver::numeric_service,
        [lookup](boost::system::error_code error, tcp::resolver::results_type results) {
          lookup->finished = true;
          lookup->error = error;
          for (const auto& entry : results) lookup->endpoints.push_back(entry.endpoint());
          lookup->done.cancel();
        });
    co_await lookup->done.async_wait(use_result);
    if (!lookup->finished) {
      lookup->resolver.cancel();
      co_return fail(ErrorCode::upstream_timeout, "the name was not resolved in time");
    }
    if (lookup->error || lookup->endpoints.empty())
      co_return fail(ErrorCode::upstream_failed, "the name does not resolve");
    found = std::move(lookup->endpoints);
  }
  const auto may_be_called = [&](const tcp::endpoint& endpoint) {
    return tls ? policy.allows(host, endpoint.address()) : policy.excepts(host, endpoint.address());
  };
  const bool any_allowed = std::ranges::any_of(
      found, [&](const tcp::endpoint& endpoint) { return policy.allows(host, endpoint.address()); });
  std::erase_if(found, [&](const tcp::endpoint& endpoint) { return !may_be_called(endpoint); });
  if (found.empty())
    co_return fail(ErrorCode::egress_refused, any_allowed ? "the address may be called over https only"
                                                          : "the address is not a public one");
  co_return found;
}

}  // namespace gatehouse::http
