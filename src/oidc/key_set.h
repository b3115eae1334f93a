// A provider's published keys (RFC 7517), and tokens checked against them (RFC 7515).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crypto/public_key.h"
#include "json/value.h"
#include "oidc/refusal.h"

namespace gatehouse::oidc {

/// Immutable once parsed; share it as `std::shared_ptr<const KeySet>`.
class KeySet {
 public:
  static constexpr std::size_t kMostKeys = 100;

  /// Keys that cannot verify (for encryption, symmetric, of another kind) are skipped. Refusal: keys_invalid
  /// if it is no key set or none is left.
  static Checked<KeySet> parse(std::string_view document);

  const std::vector<crypto::PublicKey>& keys() const { return keys_; }

 private:
  std::vector<crypto::PublicKey> keys_;
};

/// A token whose signature holds. What it claims is still to be judged.
struct SignedToken {
  std::string type;  // `typ` of the header, lower case; empty if there is none
  crypto::SignatureAlgorithm algorithm;
  json::Object claims;
};

inline constexpr std::size_t kMaxToken = 64 * 1024;  // characters, all three parts

/// Which key is told by `kid`, or, if the header has none, by trying those of that algorithm (at most four).
/// How it verifies is the key's to say: a header that names another algorithm, `none` or an HMAC is refused.
/// Refused too: `crit`, keys in the header, any base64url but the canonical, JSON with a member twice.
/// Refusals: token_malformed, algorithm_refused, unknown_key (the provider may have new ones), bad_signature.
Checked<SignedToken> verify_signature(const KeySet&, std::string_view token);

}  // namespace gatehouse::oidc
