#include "crypto/encoding.h"

#include <sodium.h>

namespace gatehouse::crypto {
namespace {

std::string encode(ByteView bytes, int variant) {
  std::string text(sodium_base64_encoded_len(bytes.size(), variant), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), variant);
  text.pop_back();  // its terminating zero
  return text;
}

// libsodium's decoders run in constant time (keys pass through here) and, given no characters to ignore and
// no end pointer, refuse everything but the canonical text.
std::optional<Bytes> decode(std::string_view text, int variant) {
  Bytes bytes(text.size() / 4 * 3 + 3);
  std::size_t size = 0;
  if (sodium_base642bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &size, nullptr,
                        variant) != 0)
    return std::nullopt;
  bytes.resize(size);
  return bytes;
}

constexpr char kBase62[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

int base62_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
  if (c >= 'a' && c <= 'z') return c - 'a' + 36;
  return -1;
}

}  // namespace

std::string to_hex(ByteView bytes) {
  std::string text(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
  text.pop_back();
  return text;
}

std::optional<Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  if (text.empty()) return Bytes{};  // libsodium takes no null pointer
  Bytes bytes(text.size() / 2);
  std::size_t size = 0;
  if (sodium_hex2bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &size, nullptr) != 0)
    return std::nullopt;
  return bytes;
}

std::string to_base64(ByteView bytes) {
  return encode(bytes, sodium_base64_VARIANT_ORIGINAL);
}
std::optional<Bytes> from_base64(std::string_view text) {
  return decode(text, sodium_base64_VARIANT_ORIGINAL);
}
std::string to_base64url(ByteView bytes) {
  return encode(bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}
std::optional<Bytes> from_base64url(std::string_view text) {
  return decode(text, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

std::string to_base62(std::span<const std::uint8_t, 32> bytes) {
  std::array<std::uint32_t, 8> limbs;
  for (std::size_t i = 0; i < 8; ++i)
    limbs[i] = std::uint32_t{bytes[4 * i]} << 24 | std::uint32_t{bytes[4 * i + 1]} << 16 |
               std::uint32_t{bytes[4 * i + 2]} << 8 | bytes[4 * i + 3];
  std::string text(kBase62Of32, '0');
  for (std::size_t at = text.size(); at-- > 0;) {
    std::uint64_t remainder = 0;
    for (std::uint32_t& limb : limbs) {
      std::uint64_t value = remainder << 32 | limb;
      limb = static_cast<std::uint32_t>(value / 62);
      remainder = value % 62;
    }
    text[at] = kBase62[remainder];
  }
  return text;
}

std::optional<std::array<std::uint8_t, 32>> from_base62(std::string_view text) {
  if (text.size() != kBase62Of32) return std::nullopt;
  std::array<std::uint32_t, 8> limbs{};
  for (char c : text) {
    int digit = base62_value(c);
    if (digit < 0) return std::nullopt;
    auto carry = static_cast<std::uint64_t>(digit);
    for (std::size_t i = limbs.size(); i-- > 0;) {
      std::uint64_t value = std::uint64_t{limbs[i]} * 62 + carry;
      limbs[i] = static_cast<std::uint32_t>(value);
      carry = value >> 32;
    }
    if (carry != 0) return std::nullopt;  // 62^43 is a little more than 2^256
  }
  std::array<std::uint8_t, 32> bytes;
  for (std::size_t i = 0; i < 32; ++i)
    bytes[i] = static_cast<std::uint8_t>(limbs[i / 4] >> (24 - 8 * (i % 4)));
  return bytes;
}

std::string to_base62(std::uint32_t number) {
  std::string text(6, '0');
  for (std::size_t at = text.size(); at-- > 0; number /= 62) text[at] = kBase62[number % 62];
  return text;
}

}  // namespace gatehouse::crypto
