// SHA-256 (FIPS 180-4), HMAC-SHA256 (RFC 2104) and constant-time comparison.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>

#include "crypto/bytes.h"
#include "crypto/secret.h"

struct evp_md_ctx_st;

namespace gatehouse::crypto {

using Digest = std::array<std::uint8_t, 32>;

Digest sha256(ByteView);
/// Of the concatenation. Where the parts come from different sources, prefix their lengths (`aad`, aead.h).
Digest sha256(std::initializer_list<ByteView> parts);

/// Streaming. One use: after `finish` the object is spent.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  Sha256& update(ByteView);
  Digest finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st*) const noexcept;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

Digest hmac_sha256(const Secret& key, ByteView data);

/// Constant time in the content; different lengths are unequal at once.
bool equal(ByteView, ByteView);

}  // namespace gatehouse::crypto
