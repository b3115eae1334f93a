// The headers that tell a browser what this site may do, for every response that a browser may render.
#pragma once

#include <string>

#include "http/message.h"

namespace gatehouse::http {

/// For pages: strict Content-Security-Policy (own scripts, styles, fonts and connections only; no inline, no
/// eval; `data:` and `blob:` images), frame-ancestors none, nosniff, no referrer, no device permissions, own
/// browsing context group; HSTS if the client's hop is TLS.
void add_page_security_headers(Headers&, bool tls);
/// For every other answer, appended behind its own `headers` as it is written: nothing may be loaded or
/// framed at all, and it is not cached unless they say how. Nothing for headers with a
/// Content-Security-Policy.
void write_api_security_headers(std::string& out, const Headers& headers, bool tls);

}  // namespace gatehouse::http
