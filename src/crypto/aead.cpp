#include "crypto/aead.h"

#include <algorithm>
#include <cstring>
#include <memory>

#include <climits>
#include <openssl/evp.h>
#include <sodium.h>

#include "base/error.h"
#include "crypto/random.h"

namespace gatehouse::crypto {
namespace {

using KeyView = std::span<const std::uint8_t>;
using NonceView = std::span<const std::uint8_t>;
using Block = std::array<std::uint8_t, 16>;

// Ciphers are fetched once, and there is one context a thread and cipher: both cost more than sealing a
// short field.
const EVP_CIPHER* checked(const EVP_CIPHER* cipher) {
  if (!cipher) throw Failure("OpenSSL lacks a cipher that Gatehouse needs");
  return cipher;
}

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

Context new_context(const EVP_CIPHER* cipher) {
  Context context(EVP_CIPHER_CTX_new());
  if (!context || EVP_CipherInit_ex2(context.get(), cipher, nullptr, nullptr, 1, nullptr) != 1)
    throw Failure("a cipher context could not be made");
  return context;
}

EVP_CIPHER_CTX* gcm_context() {
  static const EVP_CIPHER* const cipher = checked(EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr));
  thread_local const Context context = new_context(cipher);
  return context.get();
}

EVP_CIPHER_CTX* ecb_context() {
  static const EVP_CIPHER* const cipher = checked(EVP_CIPHER_fetch(nullptr, "AES-256-ECB", nullptr));
  thread_local const Context context = new_context(cipher);
  return context.get();
}

// The context outlives the call; the caller's key must not. Setting another key overwrites the schedule.
struct ForgetKey {
  EVP_CIPHER_CTX* context;
  ~ForgetKey() {
    static constexpr std::array<std::uint8_t, kAeadKeySize> kZero{};
    EVP_CipherInit_ex2(context, nullptr, kZero.data(), nullptr, -1, nullptr);
  }
};

int checked_size(std::size_t size) {
  if (size > INT_MAX) throw Failure("too long to seal in one piece");
  return static_cast<int>(size);
}

void check_key(const Secret& key) {
  if (key.size() != kAeadKeySize) throw Failure("an AES-256 key has 32 bytes");
}

/// Writes ciphertext ‖ tag to `out`.
void encrypt(KeyView key, NonceView nonce, ByteView associated, ByteView plaintext, std::uint8_t* out) {
  EVP_CIPHER_CTX* context = gcm_context();
  ForgetKey forget{context};
  int written = 0;
  if (EVP_CipherInit_ex2(context, nullptr, key.data(), nonce.data(), 1, nullptr) != 1 ||
      EVP_CipherUpdate(context, nullptr, &written, associated.data(), checked_size(associated.size())) != 1 ||
      EVP_CipherUpdate(context, out, &written, plaintext.data(), checked_size(plaintext.size())) != 1 ||
      EVP_CipherFinal_ex(context, out + plaintext.size(), &written) != 1 ||
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kTagSize, out + plaintext.size()) != 1)
    throw Failure("AES-256-GCM failed to seal");
}

std::optional<Secret> decrypt(KeyView key, NonceView nonce, ByteView associated,
                              ByteView ciphertext_and_tag) {
  EVP_CIPHER_CTX* context = gcm_context();
  ForgetKey forget{context};
  std::size_t size = ciphertext_and_tag.size() - kTagSize;
  Block tag;
  std::memcpy(tag.data(), ciphertext_and_tag.data() + size, kTagSize);
  bool genuine = false;
  Secret plaintext = Secret::filled(size, [&](std::span<std::uint8_t> out) {
    int written = 0;
    genuine =
        EVP_CipherInit_ex2(context, nullptr, key.data(), nonce.data(), 0, nullptr) == 1 &&
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kTagSize, tag.data()) == 1 &&
        EVP_CipherUpdate(context, nullptr, &written, associated.data(), checked_size(associated.size())) ==
            1 &&
        EVP_CipherUpdate(context, out.data(), &written, ciphertext_and_tag.data(), checked_size(size)) == 1 &&
        EVP_CipherFinal_ex(context, out.data() + size, &written) == 1;
  });
  if (!genuine) return std::nullopt;
  return plaintext;
}

// XAES-256-GCM, key derivation (https://c2sp.org/XAES-256-GCM): CMAC in counter mode, of one block.
Secret xaes_subkey(const Secret& key, NonceView nonce) {
  EVP_CIPHER_CTX* context = ecb_context();
  ForgetKey forget{context};
  Block l{};
  int written = 0;
  bool ok = EVP_CipherInit_ex2(context, nullptr, key.reveal_bytes().data(), nullptr, 1, nullptr) == 1 &&
            EVP_CIPHER_CTX_set_padding(context, 0) == 1 &&
            EVP_CipherUpdate(context, l.data(), &written, l.data(), sizeof l) == 1;
  Block k1;
  for (std::size_t i = 0; i < 16; ++i)
    k1[i] = static_cast<std::uint8_t>(l[i] << 1 | (i + 1 < 16 ? l[i + 1] >> 7 : 0));
  k1[15] ^= static_cast<std::uint8_t>(0x87 & -(l[0] >> 7));
  std::array<std::uint8_t, 32> blocks{};
  for (std::size_t counter = 1; counter <= 2; ++counter) {
    std::uint8_t* block = blocks.data() + 16 * (counter - 1);
    block[1] = static_cast<std::uint8_t>(counter);
    block[2] = 'X';
    std::copy_n(nonce.begin(), 12, block + 4);
    for (std::size_t i = 0; i < 16; ++i) block[i] ^= k1[i];
  }
  Secret subkey = Secret::filled(kAeadKeySize, [&](std::span<std::uint8_t> out) {
    ok = ok && EVP_CipherUpdate(context, out.data(), &written, blocks.data(), sizeof blocks) == 1;
  });
  sodium_memzero(l.data(), l.size());
  sodium_memzero(k1.data(), k1.size());
  sodium_memzero(blocks.data(), blocks.size());
  if (!ok) throw Failure("AES-256 failed to derive a subkey");
  return subkey;
}

}  // namespace

Bytes aad(std::initializer_list<ByteView> parts) {
  std::size_t size = 0;
  for (ByteView part : parts) size += 4 + part.size();
  Bytes out;
  out.reserve(size);
  for (ByteView part : parts) {
    auto length = static_cast<std::uint32_t>(checked_size(part.size()));
    for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(length >> shift));
    out.insert(out.end(), part.begin(), part.end());
  }
  return out;
}

Bytes seal(const Secret& key, ByteView associated, ByteView plaintext) {
  check_key(key);
  Bytes out(kGcmNonceSize + plaintext.size() + kTagSize);
  auto nonce = std::span(out).first(kGcmNonceSize);
  fill_random(nonce);
  encrypt(key.reveal_bytes(), nonce, associated, plaintext, out.data() + kGcmNonceSize);
  return out;
}

std::optional<Secret> open(const Secret& key, ByteView associated, ByteView sealed) {
  check_key(key);
  if (sealed.size() < kGcmNonceSize + kTagSize) return std::nullopt;
  return decrypt(key.reveal_bytes(), sealed.first(kGcmNonceSize), associated, sealed.subspan(kGcmNonceSize));
}

Bytes seal_xaes(const Secret& key, ByteView associated, ByteView plaintext) {
  check_key(key);
  Bytes out(kXaesNonceSize + plaintext.size() + kTagSize);
  auto nonce = std::span(out).first(kXaesNonceSize);
  fill_random(nonce);
  Secret subkey = xaes_subkey(key, nonce);
  encrypt(subkey.reveal_bytes(), nonce.subspan(12), associated, plaintext, out.data() + kXaesNonceSize);
  return out;
}

std::optional<Secret> open_xaes(const Secret& key, ByteView associated, ByteView sealed) {
  check_key(key);
  if (sealed.size() < kXaesNonceSize + kTagSize) return std::nullopt;
  Secret subkey = xaes_subkey(key, sealed.first(kXaesNonceSize));
  return decrypt(subkey.reveal_bytes(), sealed.subspan(12, 12), associated, sealed.subspan(kXaesNonceSize));
}

}  // namespace gatehouse::crypto
