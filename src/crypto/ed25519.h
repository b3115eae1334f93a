// Ed25519 signatures (RFC 8032), for audit checkpoints.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "base/error.h"
#include "crypto/bytes.h"
#include "crypto/secret.h"

namespace gatehouse::crypto {

using Ed25519PublicKey = std::array<std::uint8_t, 32>;
using Ed25519Signature = std::array<std::uint8_t, 64>;

class Ed25519Key {
 public:
  static Ed25519Key generate();
  /// From the 32-byte seed (RFC 8032's private key). Throws Failure at any other length.
  static Ed25519Key from_seed(const Secret& seed);
  /// From `to_text`'s form; white space around it is allowed. Error: validation_failed.
  static Result<Ed25519Key> parse(const Secret& text);
  /// The seed in base64.
  Secret to_text() const;

  const Ed25519PublicKey& public_key() const { return public_key_; }
  Ed25519Signature sign(ByteView message) const;

 private:
  Ed25519Key() = default;
  Secret expanded_;  // seed ‖ public key, as libsodium wants it
  Ed25519PublicKey public_key_{};
};

/// Refuses keys of small order and signatures that are not in canonical form.
bool verify_ed25519(const Ed25519PublicKey&, ByteView message, ByteView signature);

}  // namespace gatehouse::crypto
