// Compact signed tokens (RFC 7515, 7519): ES256 and nothing else, checked by cjose.
//
// The algorithm is the key's, never the header's: a header that names another is refused before any
// cryptography, so neither `none` nor an HMAC keyed with the public key gets anywhere.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/time.h"
#include "crypto/es256.h"

namespace gatehouse::crypto {

inline constexpr std::size_t kMaxTokenSize = 8192;   // characters, all three parts
inline constexpr std::size_t kMaxHeaderSize = 1024;  // characters, encoded

/// What a token must say besides being signed.
struct Expectation {
  std::string_view issuer;    // `iss`, equal
  std::string_view audience;  // `aud`, equal or one of the array
  Timestamp now = gatehouse::now();
  std::chrono::seconds leeway{30};  // both ways, for clocks that differ
};

/// `claims` is the JSON text of the payload, signed as it is. Header: alg, kid, typ "JWT". About 30 µs.
std::string sign(const SigningKey& key, std::string_view claims);

/// The claims' JSON text of a token that some key of the set signed and that meets the expectation.
/// `kid` is required and must be in the set; `exp` is required; `nbf` and `iat` count if present.
/// Costs about 80 µs, nearly all of it the curve. Refused: `crit`, keys inside the header, more than the
/// sizes above, any base64url but the canonical. Errors: session_expired if only `exp` has passed, else
/// unauthenticated; the detail never says why.
Result<std::string> verify(const KeySet& keys, std::string_view token, const Expectation& expectation);

/// The signature alone, for a key that is known beforehand (`kid` may be absent but must not differ).
/// The caller has to check the claims. Error: unauthenticated.
Result<std::string> verify_signature(const VerifyingKey& key, std::string_view token);

/// The claims alone. Errors as `verify`.
Result<void> check_claims(std::string_view claims, const Expectation& expectation);

}  // namespace gatehouse::crypto
