// An identity provider as the API shows and takes it, and the rules for what is taken.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "access/call.h"
#include "base/error.h"
#include "json/bounded.h"
#include "json/codec.h"
#include "sso/providers_store.h"
#include "sso/sso_service.h"

namespace gatehouse::sso {

struct IdentityProviderView {
  IdentityProviderId id;
  std::string name;
  PresetName preset = PresetName::custom;
  std::string issuer;
  std::string client_id;
  oidc::ClientAuth client_auth = oidc::ClientAuth::client_secret_basic;
  std::string secret_last_four;  // empty for a secret of fewer than twelve characters
  std::string scopes;
  std::vector<std::string> domains;
  ClaimNames claims;
  Mapping mapping;
  bool jit = false;
  bool vouches_for_email = false;
  bool manages_existing = false;
  bool is_active = true;
  std::int64_t version = 1;
  // To be registered with the provider.
  std::string callback_url;
  std::string start_url;
  std::string backchannel_logout_url;
  std::string post_logout_url;
};
BOOST_DESCRIBE_STRUCT(IdentityProviderView, (),
                      (id, name, preset, issuer, client_id, client_auth, secret_last_four, scopes, domains,
                       claims, mapping, jit, vouches_for_email, manages_existing, is_active, version,
                       callback_url, start_url, backchannel_logout_url, post_logout_url))

using DomainNames = json::List<json::Text<1, 253>, 50>;

/// `domains` are verified ones of the organization; with
/// none, its sign-in is offered to all addresses of verified domains, and vouches for none.
struct CreateIdentityProvider {
  json::Name<120> name;
  json::Defaulted<PresetName> preset = PresetName::custom;
  json::Text<1, 2048> issuer;
  json::Text<1, 255> client_id;
  json::Defaulted<oidc::ClientAuth> client_auth = oidc::ClientAuth::client_secret_basic;
  json::Text<1, 1024> client_secret;
  json::Defaulted<json::Text<1, 512>> scopes = json::Text<1, 512>("openid email profile");
  json::Defaulted<DomainNames> domains;
  json::Defaulted<ClaimNames> claims;
  json::Defaulted<Mapping> mapping = Mapping{.default_role = RoleCode::UR, .rules = {}};
  json::Defaulted<bool> jit = false;
  json::Defaulted<bool> vouches_for_email = false;
  json::Defaulted<bool> manages_existing = false;
  json::Defaulted<bool> is_active = true;
};
BOOST_DESCRIBE_STRUCT(CreateIdentityProvider, (),
                      (name, preset, issuer, client_id, client_auth, client_secret, scopes, domains, claims,
                       mapping, jit, vouches_for_email, manages_existing, is_active))

/// Another issuer or client needs the secret again: whoever may change where it is sent must not be able to
/// have the stored one sent there.
struct UpdateIdentityProvider {
  std::optional<json::Name<120>> name;
  std::optional<json::Text<1, 2048>> issuer;
  std::optional<json::Text<1, 255>> client_id;
  std::optional<oidc::ClientAuth> client_auth;
  std::optional<json::Text<1, 1024>> client_secret;
  std::optional<json::Text<1, 512>> scopes;
  std::optional<DomainNames> domains;
  std::optional<ClaimNames> claims;
  std::optional<Mapping> mapping;
  std::optional<bool> jit;
  std::optional<bool> vouches_for_email;
  std::optional<bool> manages_existing;
  std::optional<bool> is_active;
};
BOOST_DESCRIBE_STRUCT(UpdateIdentityProvider, (),
                      (name, issuer, client_id, client_auth, client_secret, scopes, domains, claims, mapping,
                       jit, vouches_for_email, manages_existing, is_active))

IdentityProviderView view(SingleSignOn&, access::Call&, const ProviderRow&);

/// What holds for a row however it came about: issuer, scopes, domains of the organization that are verified,
/// roles that the caller may give, workspaces that are there. Errors: validation_failed, forbidden.
Task<Result<void>> check_row(SingleSignOn&, access::Call&, const ProviderRow&);

/// Seals it for the row and sets its last four characters there. Errors: validation_failed.
Task<Result<crypto::Bytes>> seal_secret(access::Call&, ProviderRow&, std::string secret);

}  // namespace gatehouse::sso
