#include "crypto/ed25519.h"

#include <algorithm>

#include <sodium.h>

#include "crypto/encoding.h"

namespace gatehouse::crypto {

Ed25519Key Ed25519Key::generate() {
  return from_seed(Secret::random(crypto_sign_SEEDBYTES));
}

Ed25519Key Ed25519Key::from_seed(const Secret& seed) {
  if (seed.size() != crypto_sign_SEEDBYTES) throw Failure("an Ed25519 seed has 32 bytes");
  Ed25519Key key;
  key.expanded_ = Secret::filled(crypto_sign_SECRETKEYBYTES, [&](std::span<std::uint8_t> out) {
    crypto_sign_seed_keypair(key.public_key_.data(), out.data(), seed.reveal_bytes().data());
  });
  return key;
}

Result<Ed25519Key> Ed25519Key::parse(const Secret& text) {
  std::string_view trimmed = text.reveal();
  constexpr std::string_view kSpace = " \t\r\n";
  trimmed.remove_prefix(std::min(trimmed.find_first_not_of(kSpace), trimmed.size()));
  trimmed = trimmed.substr(0, trimmed.find_last_not_of(kSpace) + 1);
  auto bytes = from_base64(trimmed);
  if (!bytes || bytes->size() != crypto_sign_SEEDBYTES)
    return fail(ErrorCode::validation_failed, "an Ed25519 key is 32 bytes in base64");
  return from_seed(Secret::take(std::move(*bytes)));
}

Secret Ed25519Key::to_text() const {
  return Secret::take(to_base64(ByteView(expanded_.reveal_bytes().first(crypto_sign_SEEDBYTES))));
}

Ed25519Signature Ed25519Key::sign(ByteView message) const {
  Ed25519Signature signature;
  crypto_sign_detached(signature.data(), nullptr, message.data(), message.size(),
                       expanded_.reveal_bytes().data());
  return signature;
}

bool verify_ed25519(const Ed25519PublicKey& key, ByteView message, ByteView signature) {
  return signature.size() == crypto_sign_BYTES &&
         crypto_sign_verify_detached(signature.data(), message.data(), message.size(), key.data()) == 0;
}

}  // namespace gatehouse::crypto
