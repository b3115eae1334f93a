// Keyset paging: `limit` and `page_token` in, `next_page_token` out. A token is the last row's key, sealed,
// so that nobody can make or alter one, and bound to the operation and the organization.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/describe/class.hpp>

#include "access/call.h"
#include "base/error.h"
#include "json/bounded.h"
#include "json/presence.h"

namespace gatehouse::access {

using PageLimit = json::Defaulted<json::Int<1, 200>>;
using PageToken = std::optional<json::Text<1, 1024>>;

/// Query parameters of a plain list. A list with filters has a described struct of its own with these two
/// members.
struct PageQuery {
  PageLimit limit = 50;
  PageToken page_token;
};
BOOST_DESCRIBE_STRUCT(PageQuery, (), (limit, page_token))

/// `cursor` is whatever the store needs to go on: `2026-11-20T…Z|<uuid>`.
std::string make_page_token(Call&, std::string_view cursor);
/// Errors: invalid_page_token.
Result<std::string> open_page_token(Call&, std::string_view token);

}  // namespace gatehouse::access
