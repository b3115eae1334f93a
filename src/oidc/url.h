// An address that a provider names: where to call it, or where to send the browser.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "http/client.h"

namespace gatehouse::oidc {

/// http or https, a host, no user information and no fragment; 2,048 bytes of printable ASCII at most.
struct Url {
  http::Endpoint endpoint;  // its base_path is empty
  std::string target;       // path and query, begins with a slash
  std::string text;         // as it was given

  static std::optional<Url> parse(std::string_view);
};

/// Percent-encoded for a query or a form (unreserved characters stay).
std::string url_encoded(std::string_view);

using Parameters = std::initializer_list<std::pair<std::string_view, std::string_view>>;
/// `a=b&c=d`, percent-encoded; parameters without a value are left out.
std::string form(Parameters);
/// `url` with these behind what query it has.
std::string with_query(std::string_view url, Parameters);

}  // namespace gatehouse::oidc
