#include "identity/credential.h"

#include "http/cookies.h"
#include "http/syntax.h"

namespace gatehouse::identity {
namespace {

constexpr std::string_view kBearer = "bearer ";

std::unexpected<Error> refused(std::string_view why) {
  return fail(ErrorCode::unauthenticated, std::string(why));
}

}  // namespace

Result<Credential> find_credential(const http::Request& request, std::string_view cookie_name) {
  if (auto header = request.headers.find("authorization")) {
    if (request.headers.count("authorization") > 1) return refused("More than one Authorization header");
    if (header->size() < kBearer.size() || !http::iequals(header->substr(0, kBearer.size()), kBearer))
      return refused("Authorization has to be a Bearer credential");
    auto text = http::trim(header->substr(kBearer.size()));
    if (text.empty()) return refused("The Bearer credential is empty");
    // A signed token has dots, the others have none.
    auto kind = text.starts_with("gh_")    ? Credential::Kind::api_key
                : text.starts_with("ghd_") ? Credential::Kind::scim_token
                                           : Credential::Kind::access_token;
    return Credential{kind, std::string(text)};
  }
  for (std::string_view name : {"x-api-key", "api-key"}) {
    auto header = request.headers.find(name);
    if (!header) continue;
    if (request.headers.count(name) > 1 || header->empty()) return refused("Send one API key");
    return Credential{Credential::Kind::api_key, std::string(*header)};
  }
  if (auto cookie = http::find_cookie(request.headers, cookie_name); cookie && !cookie->empty())
    return Credential{Credential::Kind::session, std::string(*cookie)};
  return Credential{};
}

}  // namespace gatehouse::identity
