// HKDF-SHA256 (RFC 5869).
#pragma once

#include <cstddef>

#include "crypto/bytes.h"
#include "crypto/secret.h"

namespace gatehouse::crypto {

/// Extract and expand. `length` is 1 to 8160 bytes. `info` names the purpose: two purposes must never share
/// one; where it has several parts, build it with `aad` (aead.h) so that they cannot run into each other.
Secret hkdf_sha256(const Secret& key, ByteView salt, ByteView info, std::size_t length);

}  // namespace gatehouse::crypto
