#include "crypto/token.h"

#include <algorithm>

#include <boost/crc.hpp>
#include <sodium.h>

#include "base/error.h"
#include "crypto/aead.h"
#include "crypto/encoding.h"
#include "crypto/random.h"

namespace gatehouse::crypto {
namespace {

constexpr std::size_t kChecksumSize = 6;

std::string_view prefix(TokenKind kind) {
  switch (kind) {
    case TokenKind::api_key:
      return "gh_";
    case TokenKind::session:
      return "ghs_";
    case TokenKind::client_secret:
      return "ghc_";
    case TokenKind::invitation:
      return "ghi_";
    case TokenKind::sign_in_state:
      return "gho_";
    case TokenKind::password_reset:
      return "ghr_";
    case TokenKind::scim:
      return "ghd_";
  }
  throw Failure("a kind of token without a prefix");
}

bool is_region(std::string_view text) {
  return text.size() >= 2 && text.size() <= 16 &&
         std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
}

constexpr std::size_t kSealed = 16;

/// Over all that stands before the seal: prefix, region, ids and the random half of the secret.
std::array<std::uint8_t, 32> with_seal(std::string_view before_secret, std::array<std::uint8_t, 32> secret,
                                       const Secret& key) {
  std::string_view random(reinterpret_cast<const char*>(secret.data()), kSealed);
  auto seal = hmac_sha256(key, aad({"sealed token", before_secret, random}));
  std::copy_n(seal.begin(), secret.size() - kSealed, secret.begin() + kSealed);
  return secret;
}

std::string checksum(std::string_view text) {
  boost::crc_32_type crc;
  crc.process_bytes(text.data(), text.size());
  return to_base62(static_cast<std::uint32_t>(crc.checksum()));
}

IssuedToken issue(TokenAddress address, const Secret* key) {
  if (!is_region(address.region)) throw Failure("a region is 2 to 16 of a-z and 0-9");
  std::array<std::uint8_t, 32> ids;
  std::ranges::copy(address.organization.bytes, ids.begin());
  std::ranges::copy(address.id.bytes, ids.begin() + 16);
  auto random = random_bytes<32>();
  std::string head = std::string(prefix(address.kind)) + address.region + "_";
  std::string text;
  text.reserve(head.size() + 2 * kBase62Of32 + 1 + kChecksumSize);
  text.append(head).append(to_base62(ids)).append("_");
  if (key) random = with_seal(text, random, *key);
  std::string secret = to_base62(random);
  text.append(secret);
  text.append(checksum(text));
  sodium_memzero(random.data(), random.size());
  wipe_text(secret);
  Digest stored = sha256(text);
  Secret kept = Secret::take(std::move(text));
  std::string hint = head + "…" + kept.last_four();
  return {.address = std::move(address), .text = std::move(kept), .stored = stored, .hint = std::move(hint)};
}

}  // namespace

IssuedToken issue_token(TokenAddress address) {
  return issue(std::move(address), nullptr);
}

IssuedToken issue_sealed_token(TokenAddress address, const Secret& key) {
  return issue(std::move(address), &key);
}

bool carries_seal(std::string_view text, const Secret& key) {
  if (text.size() < kBase62Of32 + kChecksumSize) return false;
  auto before = text.substr(0, text.size() - kBase62Of32 - kChecksumSize);
  auto secret = from_base62(text.substr(before.size(), kBase62Of32));
  if (!secret) return false;
  auto right = with_seal(before, *secret, key);
  bool same = sodium_memcmp(right.data(), secret->data(), right.size()) == 0;
  sodium_memzero(right.data(), right.size());
  sodium_memzero(secret->data(), secret->size());
  return same;
}

std::optional<PresentedToken> parse_token(TokenKind kind, std::string_view text) {
  std::string_view rest = text;
  if (!rest.starts_with(prefix(kind))) return std::nullopt;
  rest.remove_prefix(prefix(kind).size());
  std::string_view region = rest.substr(0, rest.find('_'));
  if (!is_region(region) || rest.size() != region.size() + 2 + 2 * kBase62Of32 + kChecksumSize)
    return std::nullopt;
  std::string_view ids_text = rest.substr(region.size() + 1, kBase62Of32);
  std::string_view tail = rest.substr(region.size() + 1 + kBase62Of32);
  std::size_t before_checksum = text.size() - kChecksumSize;
  if (tail.front() != '_' || checksum(text.substr(0, before_checksum)) != text.substr(before_checksum))
    return std::nullopt;
  auto ids = from_base62(ids_text);
  auto secret = from_base62(tail.substr(1, kBase62Of32));
  if (!ids || !secret) return std::nullopt;
  sodium_memzero(secret->data(), secret->size());
  PresentedToken token{.address = {.kind = kind, .region = std::string(region), .organization = {}, .id = {}},
                       .digest = sha256(text)};
  std::copy_n(ids->begin(), 16, token.address.organization.bytes.begin());
  std::copy_n(ids->begin() + 16, 16, token.address.id.bytes.begin());
  return token;
}

bool matches(const PresentedToken& presented, const Digest& stored) {
  return equal(presented.digest, stored);
}

}  // namespace gatehouse::crypto
