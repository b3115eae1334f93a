#include "crypto/digest.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <sodium.h>

#include "base/error.h"

namespace gatehouse::crypto {
namespace {

// Fetched once: OpenSSL 3 otherwise searches its providers at every digest.
const EVP_MD* sha256_algorithm() {
  static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  if (!algorithm) throw Failure("OpenSSL has no SHA-256");
  return algorithm;
}

void start(EVP_MD_CTX* context) {
  if (!context || EVP_DigestInit_ex2(context, sha256_algorithm(), nullptr) != 1)
    throw Failure("SHA-256 failed to start");
}

Digest finish_digest(EVP_MD_CTX* context) {
  Digest digest;
  if (EVP_DigestFinal_ex(context, digest.data(), nullptr) != 1) throw Failure("SHA-256 failed to finish");
  return digest;
}

struct FreeMac {
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};

EVP_MAC_CTX* new_mac_context() {
  EVP_MAC* mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  EVP_MAC_CTX* context = mac ? EVP_MAC_CTX_new(mac) : nullptr;
  EVP_MAC_free(mac);
  if (!context) throw Failure("OpenSSL has no HMAC");
  return context;
}

}  // namespace

void Sha256::Free::operator()(evp_md_ctx_st* context) const noexcept {
  EVP_MD_CTX_free(context);
}

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  start(context_.get());
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

Sha256& Sha256::update(ByteView bytes) {
  EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
  return *this;
}

Digest Sha256::finish() {
  return finish_digest(context_.get());
}

Digest sha256(ByteView bytes) {
  return sha256({bytes});
}

Digest sha256(std::initializer_list<ByteView> parts) {
  // One context a thread: allocating one costs as much as hashing a short record.
  thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                                     &EVP_MD_CTX_free);
  start(context.get());
  for (ByteView part : parts) EVP_DigestUpdate(context.get(), part.data(), part.size());
  return finish_digest(context.get());
}

Digest hmac_sha256(const Secret& key, ByteView data) {
  thread_local const std::unique_ptr<EVP_MAC_CTX, FreeMac> context(new_mac_context());
  char digest_name[] = "SHA256";
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest_name, 0),
                                   OSSL_PARAM_construct_end()};
  Digest digest;
  std::size_t size = 0;
  if (EVP_MAC_init(context.get(), key.reveal_bytes().data(), key.size(), parameters) != 1 ||
      EVP_MAC_update(context.get(), data.data(), data.size()) != 1 ||
      EVP_MAC_final(context.get(), digest.data(), &size, digest.size()) != 1)
    throw Failure("HMAC-SHA256 failed");
  return digest;
}

bool equal(ByteView a, ByteView b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace gatehouse::crypto
