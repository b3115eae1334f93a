// Network prefixes (`10.0.0.0/8`, `fd00::/8`) for trusted proxies and the egress guard.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <boost/asio/ip/address.hpp>

namespace gatehouse::http {

/// An IPv4-mapped IPv6 address counts as the IPv4 address, on either side.
class Cidr {
 public:
  /// `address` or `address/length`. Bits beyond the length must be zero.
  static std::optional<Cidr> parse(std::string_view);

  bool contains(const boost::asio::ip::address&) const;
  std::string to_string() const;

 private:
  boost::asio::ip::address network_;
  unsigned length_ = 0;
};

bool any_contains(std::span<const Cidr>, const boost::asio::ip::address&);
/// ::ffff:a.b.c.d as a.b.c.d; any other as it is.
boost::asio::ip::address unmapped(const boost::asio::ip::address&);
/// Who a limit by address counts as one: an IPv4 address, or an IPv6 /64, which is what one subscriber has.
/// Keyed, so that nobody outside can choose addresses that fall together.
std::uint64_t hash_of_client(const boost::asio::ip::address&, std::uint64_t key);

}  // namespace gatehouse::http
