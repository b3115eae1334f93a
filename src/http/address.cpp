#include "http/address.h"

#include <charconv>

namespace gatehouse::http {
namespace {

namespace ip = boost::asio::ip;

template <class Bytes>
bool same_prefix(const Bytes& a, const Bytes& b, unsigned length) {
  for (std::size_t i = 0; i < a.size() && length > 0; ++i) {
    unsigned bits = std::min(length, 8U);
    auto mask = static_cast<unsigned char>(0xff << (8 - bits));
    if ((a[i] & mask) != (b[i] & mask)) return false;
    length -= bits;
  }
  return true;
}

template <class Bytes>
bool zero_beyond(const Bytes& bytes, unsigned length) {
  for (unsigned bit = length; bit < bytes.size() * 8; ++bit)
    if ((bytes[bit / 8] >> (7 - bit % 8) & 1) != 0) return false;
  return true;
}

}  // namespace

ip::address unmapped(const ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    return ip::make_address_v4(ip::v4_mapped, address.to_v6());
  return address;
}

std::uint64_t hash_of_client(const ip::address& address, std::uint64_t key) {
  auto client = unmapped(address);
  std::uint64_t bits = 0;
  if (client.is_v4()) {
    // Apart from every /64: this one is reserved and never routed.
    bits = std::uint64_t{0xffff} << 32 | client.to_v4().to_uint();
  } else {
    auto bytes = client.to_v6().to_bytes();
    for (std::size_t i = 0; i < 8; ++i) bits = bits << 8 | bytes[i];
  }
  // SplitMix64's finalizer, https://prng.di.unimi.it/splitmix64.c, over the keyed bits, twice.
  for (std::uint64_t salt : {key, key << 32 | key >> 32}) {
    bits ^= salt;
    bits = (bits ^ bits >> 30) * 0xbf58476d1ce4e5b9;
    bits = (bits ^ bits >> 27) * 0x94d049bb133111eb;
    bits ^= bits >> 31;
  }
  return bits;
}

std::optional<Cidr> Cidr::parse(std::string_view text) {
  auto slash = text.find('/');
  boost::system::error_code failed;
  auto address = ip::make_address(std::string(text.substr(0, slash)), failed);
  if (failed || (address.is_v6() && address.to_v6().scope_id() != 0)) return std::nullopt;
  Cidr cidr;
  bool mapped = address.is_v6() && address.to_v6().is_v4_mapped();
  cidr.network_ = unmapped(address);
  cidr.length_ = cidr.network_.is_v4() ? 32 : 128;
  if (slash != std::string_view::npos) {
    auto digits = text.substr(slash + 1);
    unsigned length = 0;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    if (mapped) {
      if (length < 96) return std::nullopt;
      length -= 96;
    }
    if (length > cidr.length_) return std::nullopt;
    cidr.length_ = length;
  }
  bool clean = cidr.network_.is_v4() ? zero_beyond(cidr.network_.to_v4().to_bytes(), cidr.length_)
                                     : zero_beyond(cidr.network_.to_v6().to_bytes(), cidr.length_);
  if (!clean) return std::nullopt;
  return cidr;
}

bool Cidr::contains(const ip::address& candidate) const {
  auto address = unmapped(candidate);
  if (address.is_v4() != network_.is_v4()) return false;
  return address.is_v4() ? same_prefix(address.to_v4().to_bytes(), network_.to_v4().to_bytes(), length_)
                         : same_prefix(address.to_v6().to_bytes(), network_.to_v6().to_bytes(), length_);
}

std::string Cidr::to_string() const {
  return network_.to_string() + "/" + std::to_string(length_);
}

bool any_contains(std::span<const Cidr> networks, const ip::address& address) {
  return std::ranges::any_of(networks, [&](const Cidr& cidr) { return cidr.contains(address); });
}

}  // namespace gatehouse::http
