// The request target: path and query, decoded once and strictly, so that every later look-up sees one
// spelling.
#pragma once

#include <expected>
#include <string_view>

#include "http/message.h"

namespace gatehouse::http {

/// Fills path and query of `request` from an origin-form target. On failure says what is wrong, as a short
/// fixed text: not origin-form, bad percent-encoding, control character or bad UTF-8, dot segment,
/// double-encoded slash, too many parameters.
std::expected<void, std::string_view> parse_target(std::string_view target, std::size_t max_parameters,
                                                   Request& request);

}  // namespace gatehouse::http
