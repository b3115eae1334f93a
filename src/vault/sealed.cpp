#include "vault/sealed.h"

namespace gatehouse::vault {
namespace {

constexpr std::uint8_t kFormat = 1;

}  // namespace

Result<Sealed> Sealed::from_bytes(crypto::Bytes bytes) {
  if (bytes.size() < kOverhead || bytes.front() != kFormat)
    return fail(ErrorCode::validation_failed, "not a sealed value");
  return Sealed{std::move(bytes)};
}

std::uint32_t Sealed::key_version() const {
  if (bytes.size() < kHeader) return 0;
  return std::uint32_t{bytes[1]} << 24 | std::uint32_t{bytes[2]} << 16 | std::uint32_t{bytes[3]} << 8 |
         bytes[4];
}

Sealed Sealed::make(const crypto::Secret& key, std::uint32_t key_version, crypto::ByteView associated,
                    crypto::ByteView plaintext) {
  Sealed sealed{{kFormat, static_cast<std::uint8_t>(key_version >> 24),
                 static_cast<std::uint8_t>(key_version >> 16), static_cast<std::uint8_t>(key_version >> 8),
                 static_cast<std::uint8_t>(key_version)}};
  crypto::Bytes body = crypto::seal_xaes(key, associated, plaintext);
  sealed.bytes.insert(sealed.bytes.end(), body.begin(), body.end());
  return sealed;
}

Result<crypto::Secret> Sealed::open(const crypto::Secret& key, crypto::ByteView associated) const {
  if (bytes.size() < kOverhead || bytes.front() != kFormat)
    return fail(ErrorCode::validation_failed, "not a sealed value");
  auto plaintext = crypto::open_xaes(key, associated, std::span(bytes).subspan(kHeader));
  if (!plaintext) return fail(ErrorCode::validation_failed, "the sealed value does not open");
  return std::move(*plaintext);
}

}  // namespace gatehouse::vault
