// What an X.509 certificate says of itself. Nothing here verifies a chain: TLS does, when the certificate is
// used.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "base/time.h"
#include "crypto/digest.h"

namespace gatehouse::crypto {

inline constexpr std::size_t kMaxCertificateSize = 16 * 1024;  // PEM

struct CertificateInfo {
  Digest fingerprint{};  // SHA-256 of the DER form
  std::string subject;   // RFC 2253
  Timestamp not_before;
  Timestamp not_after;
};

/// The first certificate of a PEM text. Error: validation_failed.
Result<CertificateInfo> read_certificate(std::string_view pem);

}  // namespace gatehouse::crypto
