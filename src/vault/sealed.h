// A secret at rest: storable, not readable.
#pragma once

#include <cstdint>
#include <span>

#include "base/error.h"
#include "crypto/aead.h"
#include "crypto/bytes.h"

namespace gatehouse::vault {

/// Format (1 byte, 1) ‖ version of the key (4, big-endian) ‖ nonce (24) ‖ ciphertext ‖ tag (16). The cipher
/// is XAES-256-GCM (crypto/aead.h). Wrapped keys have the same layout, there with the master key's version.
struct Sealed {
  static constexpr std::size_t kHeader = 5;
  static constexpr std::size_t kOverhead = kHeader + crypto::kXaesNonceSize + crypto::kTagSize;

  crypto::Bytes bytes;

  /// Checks format and length only; whether it is genuine shows when it is opened.
  /// Error: validation_failed.
  static Result<Sealed> from_bytes(crypto::Bytes bytes);
  /// Which version of its key sealed it. 0 if the bytes are too short to say.
  std::uint32_t key_version() const;

  /// The primitive under seal_field and the key wrapping. Use those.
  static Sealed make(const crypto::Secret& key, std::uint32_t key_version, crypto::ByteView associated,
                     crypto::ByteView plaintext);
  /// Error: validation_failed for wrong key, other associated data and altered bytes alike.
  Result<crypto::Secret> open(const crypto::Secret& key, crypto::ByteView associated) const;

  bool operator==(const Sealed&) const = default;
};

}  // namespace gatehouse::vault
