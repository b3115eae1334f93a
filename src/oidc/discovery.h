// What a provider says of itself (OpenID Connect Discovery 1.0), as far as a relying party needs it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oidc/refusal.h"
#include "oidc/url.h"

namespace gatehouse::oidc {

struct Metadata {
  std::string issuer;
  Url authorization;
  Url token;
  Url keys;
  std::optional<Url> userinfo;
  std::optional<Url> end_session;
  std::vector<std::string> token_auth_methods;  // client_secret_basic if the document does not say
  /// Its redirects name the issuer (RFC 9207): one that does not is refused.
  bool names_issuer = false;
  bool supports_backchannel_logout = false;
};

/// An issuer is an address without query and fragment. Whether it may be called is the egress guard's affair.
bool is_issuer(std::string_view);
/// Where the document of an issuer is.
std::optional<Url> discovery_url(std::string_view issuer);

/// `issuer` must be what the document says, byte for byte. Addresses that the browser is sent to are https
/// unless the issuer itself is not. Refusals: discovery_invalid, issuer_mismatch.
Checked<Metadata> parse_metadata(std::string_view document, std::string_view issuer);

}  // namespace gatehouse::oidc
