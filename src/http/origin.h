// Host and Origin checks: DNS rebinding and cross-site requests.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "http/message.h"

namespace gatehouse::http {

/// `host` with or without port against names without one; `*.example.org` stands for exactly one label. An
/// empty list allows any.
bool host_allowed(std::string_view host, std::span<const std::string> allowed);

/// May a browser page have made this request? True if there is no Origin header (not a browser, or a
/// same-site navigation), if it is this very site (scheme, host and port), or if it stands in `allowed`
/// (`https://a.example`). `Origin: null` never is. Also refuses `Sec-Fetch-Site: cross-site` on requests that
/// are not safe.
bool origin_allowed(const Request&, std::span<const std::string> allowed);

/// A valid Host header value: a name or an address, and a port if any (RFC 3986 §3.2 without user
/// information).
bool valid_host(std::string_view);

}  // namespace gatehouse::http
