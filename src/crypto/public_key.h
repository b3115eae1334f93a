// A public key out of somebody else's JWK set (RFC 7517), and the one signature algorithm that it verifies
// (RFC 7518). The algorithm is the key's: whoever made the token has no say in it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "base/error.h"
#include "crypto/bytes.h"

struct evp_pkey_st;

namespace gatehouse::crypto {

/// Asymmetric ones only: an HMAC keyed with a public key, or `none`, has no name here.
enum class SignatureAlgorithm { RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512 };

/// `RS256`, as in a token's header.
std::string_view to_string(SignatureAlgorithm);
std::optional<SignatureAlgorithm> parse_signature_algorithm(std::string_view);

/// With the hash that the algorithm signs.
Bytes digest_for(SignatureAlgorithm, ByteView);

/// Immutable, cheap to copy, safe to use from many threads.
class PublicKey {
 public:
  /// kty RSA (2,048 to 8,192 bits, an odd exponent of 3 to 32 bits) or EC (P-256, P-384, P-521, a point on
  /// the curve). `alg` if there is one, else RS256, or what the curve says. Refused: a private or symmetric
  /// key, a key for encryption, an `alg` that the key cannot verify. Error: validation_failed.
  static Result<PublicKey> from_jwk(const boost::json::object&);

  /// Empty if the set gives none.
  const std::string& kid() const { return kid_; }
  SignatureAlgorithm algorithm() const { return algorithm_; }
  /// `signature` as in a JWS: of an elliptic curve two numbers of fixed length, one behind the other.
  bool verifies(std::string_view signed_text, ByteView signature) const;

 private:
  PublicKey() = default;
  std::string kid_;
  SignatureAlgorithm algorithm_ = SignatureAlgorithm::RS256;
  std::size_t coordinate_ = 0;  // bytes; 0 for RSA
  std::shared_ptr<evp_pkey_st> key_;
};

}  // namespace gatehouse::crypto
