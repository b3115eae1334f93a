// Starting points for well-known identity providers, from their documentation; none was tried against the
// service itself.
#pragma once

#include <span>
#include <string_view>

#include <boost/describe/enum.hpp>

#include "oidc/flow.h"

namespace gatehouse::sso {

enum class PresetName { custom, workos, clerk, entra, okta, google, keycloak };
BOOST_DESCRIBE_ENUM(PresetName, custom, workos, clerk, entra, okta, google, keycloak)

struct Preset {
  PresetName name;
  std::string_view title;
  /// With what stands in braces to be filled in; empty: to be typed.
  std::string_view issuer;
  std::string_view scopes;
  std::string_view groups_claim;
  oidc::ClientAuth client_auth;
  /// It sends no `email_verified`; an organization that trusts it for its domains has to say so.
  bool omits_email_verified;
  std::string_view documentation;
};

std::span<const Preset> presets();

}  // namespace gatehouse::sso
