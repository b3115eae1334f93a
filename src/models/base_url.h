// The base address of a provider, judged when it is written down; the egress guard judges it again at each
// call.
#pragma once

#include <string_view>

#include "base/error.h"
#include "http/egress.h"

namespace gatehouse::models {

/// `https`, no credentials, query or fragment. `http`, over which the provider's key would be read by whoever
/// listens, only to what the operator has excepted: an address in an allowed network, or an allowed host
/// name. An address in figures (or `localhost`) must be one that the egress policy lets through; a name is
/// resolved only at call time. Errors: validation_failed at `/base_url`.
Result<void> check_base_url(std::string_view url, const http::EgressPolicy&);

}  // namespace gatehouse::models
