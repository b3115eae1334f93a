// The headers that tell a browser what this site may do, for every response that a browser may render.
#pragma once

#include "http/message.h"

namespace gatehouse::http {

/// For pages: strict Content-Security-Policy (own scripts, styles, fonts and connections only; no inline, no
/// eval; `data:` and `blob:` images), frame-ancestors none, nosniff, no referrer, no device permissions, own
/// browsing context group; HSTS if the client's hop is TLS.
void add_page_security_headers(Headers&, bool tls);
/// For API answers: nothing may be loaded or framed at all; not cached unless the handler set cache-control.
void add_api_security_headers(Headers&, bool tls);

}  // namespace gatehouse::http
