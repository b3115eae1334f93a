// What a trusted proxy says about the client it speaks for; internal to http/.
#pragma once

#include <span>

#include "http/address.h"
#include "http/message.h"

namespace gatehouse::http {

/// If the peer is a trusted proxy, takes peer, tls and host from X-Forwarded-For, -Proto and -Host. The
/// client is the rightmost address that is no trusted proxy itself: what stands left of it, anyone may have
/// written.
void apply_forwarded(Request&, std::span<const Cidr> trusted);

}  // namespace gatehouse::http
