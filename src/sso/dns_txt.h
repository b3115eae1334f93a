// TXT records of a name, asked of the system's resolver.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/asio/ip/address_v4.hpp>

#include "base/error.h"

namespace gatehouse::sso {

/// Instead of the servers of /etc/resolv.conf.
struct DnsServer {
  boost::asio::ip::address_v4 address;
  std::uint16_t port = 53;

  /// `address` or `address:port`.
  static std::optional<DnsServer> parse(std::string_view);
};

/// All of the name's TXT records, the strings of each joined; none if the name has none. Blocks for up to
/// about eight seconds: not for a reactor. Errors: upstream_failed if no server answers.
Result<std::vector<std::string>> look_up_txt(const std::string& name, std::optional<DnsServer>);

/// The records of an answer as it came over the wire (RFC 1035). Nothing if it is malformed.
std::optional<std::vector<std::string>> read_txt_answer(std::span<const std::uint8_t>);

}  // namespace gatehouse::sso
