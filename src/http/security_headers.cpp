#include "http/security_headers.h"

namespace gatehouse::http {
namespace {

constexpr std::string_view kStrictTransport = "max-age=31536000; includeSubDomains";

}  // namespace

void add_page_security_headers(Headers& headers, bool tls) {
  headers.set("x-content-type-options", "nosniff");
  headers.set("referrer-policy", "no-referrer");
  headers.set("cross-origin-resource-policy", "same-origin");
  if (tls) headers.set("strict-transport-security", kStrictTransport);
  headers.set("content-security-policy",
              "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
              "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
              "form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
  headers.set("permissions-policy",
              "camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=()");
  headers.set("cross-origin-opener-policy", "same-origin");
  headers.set("x-frame-options", "DENY");
}

void write_api_security_headers(std::string& out, const Headers& headers, bool tls) {
  if (headers.contains("content-security-policy")) return;
  out +=
      "x-content-type-options: nosniff\r\n"
      "referrer-policy: no-referrer\r\n"
      "cross-origin-resource-policy: same-origin\r\n"
      "content-security-policy: default-src 'none'; frame-ancestors 'none'\r\n";
  if (tls) out.append("strict-transport-security: ").append(kStrictTransport).append("\r\n");
  if (!headers.contains("cache-control")) out += "cache-control: no-store\r\n";
}

}  // namespace gatehouse::http
