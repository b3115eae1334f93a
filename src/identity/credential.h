// Which credential a request carries, found without looking anything up.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "http/message.h"

namespace gatehouse::identity {

struct Credential {
  enum class Kind { none, session, api_key, access_token, scim_token };
  Kind kind = Kind::none;
  std::string text;
};

/// `Authorization: Bearer` with an API key, an access token or a directory's token, else `x-api-key` or
/// `api-key`, else the cookie. Errors: unauthenticated for another scheme, an empty value, or a header given
/// twice.
Result<Credential> find_credential(const http::Request&, std::string_view cookie_name);

}  // namespace gatehouse::identity
