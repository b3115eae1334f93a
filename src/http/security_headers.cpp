#include "http/security_headers.h"

namespace gatehouse::http {
namespace {

void add_common(Headers& headers, bool tls) {
  headers.set("x-content-type-options", "nosniff");
  headers.set("referrer-policy", "no-referrer");
  headers.set("cross-origin-resource-policy", "same-origin");
  if (tls) headers.set("strict-transport-security", "max-age=31536000; includeSubDomains");
}

}  // namespace

void add_page_security_headers(Headers& headers, bool tls) {
  add_common(headers, tls);
  headers.set("content-security-policy",
              "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
              "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
              "form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
  headers.set("permissions-policy",
              "camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=()");
  headers.set("cross-origin-opener-policy", "same-origin");
  headers.set("x-frame-options", "DENY");
}

void add_api_security_headers(Headers& headers, bool tls) {
  add_common(headers, tls);
  headers.set("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
  if (!headers.contains("cache-control")) headers.add("cache-control", "no-store");
}

}  // namespace gatehouse::http
