// P-256 keys for ES256 tokens: generate, PEM, JWK (RFC 7517), and the set of keys that verify.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "crypto/secret.h"

struct _cjose_jwk_int;

namespace gatehouse::crypto {

/// A public P-256 key. Immutable, parsed once, cheap to copy, safe to use from many threads.
class VerifyingKey {
 public:
  /// A JWK with kty EC, crv P-256 and a point on the curve; a private part is refused, so that a signing key
  /// cannot be published by mistake. Without `kid` the key's thumbprint (RFC 7638) becomes its id.
  /// Error: validation_failed.
  static Result<VerifyingKey> from_jwk(std::string_view json);

  const std::string& kid() const { return kid_; }
  /// JSON text: kty, crv, x, y, kid, use, alg.
  const std::string& jwk() const { return jwk_; }

 private:
  friend class SigningKey;
  friend struct KeyAccess;
  VerifyingKey() = default;
  std::string kid_;
  std::string jwk_;
  std::shared_ptr<const _cjose_jwk_int> key_;
};

/// A P-256 key pair. Its id is the thumbprint of the public key. Move-only; safe to use from many threads.
class SigningKey {
 public:
  static SigningKey generate();
  /// PKCS #8 or SEC 1, unencrypted. Error: validation_failed (also for another curve or kind of key).
  static Result<SigningKey> from_pem(const Secret& pem);
  /// PKCS #8.
  Secret to_pem() const;

  SigningKey(SigningKey&&) noexcept = default;
  SigningKey& operator=(SigningKey&&) noexcept = default;

  const std::string& kid() const { return public_.kid(); }
  const VerifyingKey& public_key() const { return public_; }

 private:
  friend struct KeyAccess;
  SigningKey() = default;
  VerifyingKey public_;
  std::shared_ptr<const _cjose_jwk_int> key_;
  Secret pem_;
};

/// The keys that are valid now: the current one and, after a rotation, those whose tokens still live.
/// Build it, then share it as `std::shared_ptr<const KeySet>`; never change it while others read.
class KeySet {
 public:
  /// A key whose id is already there replaces it.
  void add(VerifyingKey key);
  /// Null if there is none.
  const VerifyingKey* find(std::string_view kid) const;
  const std::vector<VerifyingKey>& keys() const { return keys_; }

 private:
  std::vector<VerifyingKey> keys_;
};

/// The JWKS document: `{"keys":[…]}`.
std::string jwks(const KeySet&);

}  // namespace gatehouse::crypto
