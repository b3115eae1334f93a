// A secret at rest: storable, not readable.
#pragma once

#include <cstdint>

#include "base/error.h"
#include "crypto/bytes.h"

namespace gatehouse::vault {

/// Layout: format (1 byte, 1) ‖ key version (4, big-endian) ‖ nonce (24) ‖ ciphertext ‖ tag (16): 45 bytes
/// more than the plaintext. The cipher is XAES-256-GCM (crypto/aead.h).
struct Sealed {
  crypto::Bytes bytes;

  /// Checks format and length only; whether it is genuine shows when it is opened.
  /// Error: validation_failed.
  static Result<Sealed> from_bytes(crypto::Bytes bytes);
  /// Which version of its key sealed it. 0 if the bytes are too short to say.
  std::uint32_t key_version() const;

  bool operator==(const Sealed&) const = default;
};

}  // namespace gatehouse::vault
