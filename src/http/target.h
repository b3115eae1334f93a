// The request target: path and query, decoded once and strictly, so that every later look-up sees one
// spelling. A path keeps its empty segments, which no operation has: `//api` is not `/api`.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/message.h"

namespace gatehouse::http {

/// Fills path and query of `request` from an origin-form target. On failure says what is wrong, as a short
/// fixed text: not origin-form, bad percent-encoding, control character or bad UTF-8, dot segment,
/// double-encoded slash, too many parameters.
std::expected<void, std::string_view> parse_target(std::string_view target, std::size_t max_parameters,
                                                   Request& request);

using Parameters = std::vector<std::pair<std::string, std::string>>;

/// A query, or a body of `application/x-www-form-urlencoded`: decoded, in order. Fails as above.
std::expected<Parameters, std::string_view> parse_form(std::string_view text,
                                                       std::size_t max_parameters = 100);

}  // namespace gatehouse::http
