#include "crypto/hkdf.h"

#include <memory>

#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "base/error.h"

namespace gatehouse::crypto {
namespace {

OSSL_PARAM octets(const char* name, std::span<const std::uint8_t> bytes) {
  // OpenSSL's parameters are not const-correct; it only reads these. A null pointer would mean "not given".
  static std::uint8_t empty = 0;
  void* data = bytes.empty() ? &empty : const_cast<std::uint8_t*>(bytes.data());
  return OSSL_PARAM_construct_octet_string(name, data, bytes.size());
}

}  // namespace

Secret hkdf_sha256(const Secret& key, ByteView salt, ByteView info, std::size_t length) {
  if (length == 0 || length > 255 * 32) throw Failure("HKDF-SHA256 gives 1 to 8160 bytes");
  std::unique_ptr<EVP_KDF, decltype(&EVP_KDF_free)> algorithm(EVP_KDF_fetch(nullptr, "HKDF", nullptr),
                                                              &EVP_KDF_free);
  std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> context(
      algorithm ? EVP_KDF_CTX_new(algorithm.get()) : nullptr, &EVP_KDF_CTX_free);
  char digest_name[] = "SHA256";
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest_name, 0),
                                   octets(OSSL_KDF_PARAM_KEY, key.reveal_bytes()),
                                   octets(OSSL_KDF_PARAM_SALT, salt), octets(OSSL_KDF_PARAM_INFO, info),
                                   OSSL_PARAM_construct_end()};
  return Secret::filled(length, [&](std::span<std::uint8_t> out) {
    if (!context || EVP_KDF_derive(context.get(), out.data(), out.size(), parameters) != 1)
      throw Failure("HKDF-SHA256 failed");
  });
}

}  // namespace gatehouse::crypto
