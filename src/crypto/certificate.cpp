#include "crypto/certificate.h"

#include <array>
#include <ctime>
#include <memory>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace gatehouse::crypto {
namespace {

template <class T, auto Free>
struct Freed {
  void operator()(T* value) const { Free(value); }
};
using Bio = std::unique_ptr<BIO, Freed<BIO, &BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Freed<X509, &X509_free>>;

std::unexpected<Error> refused() {
  return fail(ErrorCode::validation_failed, "is no certificate in PEM form");
}

std::optional<Timestamp> to_timestamp(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  return Timestamp(std::chrono::seconds(timegm(&parts)));
}

std::string subject_of(X509* certificate) {
  Bio bio(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(bio.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253);
  char* data = nullptr;
  auto size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace

Result<CertificateInfo> read_certificate(std::string_view pem) {
  if (pem.size() > kMaxCertificateSize) return refused();
  Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  // The callback: a PEM that is encrypted asks for no password at a terminal.
  Certificate certificate(
      PEM_read_bio_X509(bio.get(), nullptr, [](char*, int, int, void*) { return -1; }, nullptr));
  if (!certificate) return refused();
  CertificateInfo info;
  unsigned size = 0;
  if (X509_digest(certificate.get(), EVP_sha256(), info.fingerprint.data(), &size) != 1 ||
      size != info.fingerprint.size())
    throw Failure("SHA-256 failed");
  auto from = to_timestamp(X509_get0_notBefore(certificate.get()));
  auto to = to_timestamp(X509_get0_notAfter(certificate.get()));
  if (!from || !to) return refused();
  info.not_before = *from;
  info.not_after = *to;
  info.subject = subject_of(certificate.get());
  return info;
}

}  // namespace gatehouse::crypto
