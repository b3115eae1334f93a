#include "oidc/key_set.h"

#include "crypto/encoding.h"
#include "http/syntax.h"
#include "oidc/claims.h"

namespace gatehouse::oidc {
namespace {

constexpr json::Limits kSetLimits{.max_bytes = kMaxDocument, .max_depth = 8, .max_elements = 10'000};
constexpr json::Limits kHeaderLimits{.max_bytes = 8 * 1024, .max_depth = 4, .max_elements = 200};
constexpr json::Limits kClaimLimits{.max_bytes = kMaxToken, .max_depth = 16, .max_elements = 10'000};
constexpr int kMostTried = 4;

std::optional<json::Object> decode_object(std::string_view part, json::Limits limits) {
  if (part.size() > limits.max_bytes * 2) return std::nullopt;
  auto bytes = crypto::from_base64url(part);
  if (!bytes) return std::nullopt;
  auto value = json::parse(crypto::ByteView(*bytes).text(), limits);
  if (!value || !value->is_object()) return std::nullopt;
  return std::move(value->get_object());
}

}  // namespace

Checked<KeySet> KeySet::parse(std::string_view text) {
  auto parsed = json::parse(text, kSetLimits);
  const json::Object* document = parsed ? parsed->if_object() : nullptr;
  const json::Value* keys = document ? document->if_contains("keys") : nullptr;
  if (!keys || !keys->is_array() || keys->get_array().size() > kMostKeys)
    return refuse(Refusal::keys_invalid);
  KeySet set;
  for (const auto& one : keys->get_array()) {
    if (!one.is_object()) return refuse(Refusal::keys_invalid);
    if (auto key = crypto::PublicKey::from_jwk(one.get_object())) set.keys_.push_back(std::move(*key));
  }
  if (set.keys_.empty()) return refuse(Refusal::keys_invalid);
  return set;
}

Checked<SignedToken> verify_signature(const KeySet& set, std::string_view token) {
  if (token.size() > kMaxToken) return refuse(Refusal::token_malformed);
  auto first = token.find('.');
  auto second = first == token.npos ? token.npos : token.find('.', first + 1);
  if (second == token.npos) return refuse(Refusal::token_malformed);
  auto header = decode_object(token.substr(0, first), kHeaderLimits);
  auto claims = decode_object(token.substr(first + 1, second - first - 1), kClaimLimits);
  auto signature = crypto::from_base64url(token.substr(second + 1));
  if (!header || !claims || !signature) return refuse(Refusal::token_malformed);
  for (std::string_view name : {"crit", "jwk", "jku", "x5c", "x5u", "b64", "enc"})
    if (header->contains(name)) return refuse(Refusal::token_malformed);
  auto algorithm = find_text(*header, "alg");
  if (!algorithm) return refuse(Refusal::token_malformed);
  auto named = crypto::parse_signature_algorithm(*algorithm);
  if (!named) return refuse(Refusal::algorithm_refused);
  const bool has_kid = header->contains("kid");
  auto kid = find_text(*header, "kid");
  if (has_kid && !kid) return refuse(Refusal::token_malformed);

  const auto signed_text = token.substr(0, second);
  bool is_known = false;
  int tried = 0;
  for (const auto& key : set.keys()) {
    if (has_kid && key.kid() != *kid) continue;
    is_known = is_known || has_kid;
    if (key.algorithm() != *named || tried++ == kMostTried) continue;
    if (!key.verifies(signed_text, *signature)) continue;
    return SignedToken{.type = http::to_lower(find_text(*header, "typ").value_or("")),
                       .algorithm = key.algorithm(),
                       .claims = std::move(*claims)};
  }
  if (!is_known) return refuse(Refusal::unknown_key);
  return refuse(tried ? Refusal::bad_signature : Refusal::algorithm_refused);
}

}  // namespace gatehouse::oidc
