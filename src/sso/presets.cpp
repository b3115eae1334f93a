#include "sso/presets.h"

#include <array>

namespace gatehouse::sso {
namespace {

using enum oidc::ClientAuth;

constexpr std::array kPresets = {
    Preset{PresetName::custom, "OpenID Connect", "", "openid email profile", "groups", client_secret_basic,
           false, "https://openid.net/developers/how-connect-works/"},
    Preset{PresetName::workos, "WorkOS", "https://{environment}.authkit.app", "openid email profile", "role",
           client_secret_post, false, "https://workos.com/docs/authkit/connect"},
    Preset{PresetName::clerk, "Clerk", "https://{instance}.clerk.accounts.dev", "openid email profile",
           "groups", client_secret_basic, false, "https://clerk.com/docs/advanced-usage/clerk-idp"},
    // Issuers for all tenants at once (`common`, `organizations`) are none that a token could equal.
    Preset{PresetName::entra, "Microsoft Entra ID", "https://login.microsoftonline.com/{tenant id}/v2.0",
           "openid email profile", "groups", client_secret_post, true,
           "https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc"},
    Preset{PresetName::okta, "Okta", "https://{your domain}.okta.com", "openid email profile groups",
           "groups", client_secret_basic, false,
           "https://developer.okta.com/docs/guides/sign-into-web-app-redirect/"},
    Preset{PresetName::google, "Google Workspace", "https://accounts.google.com", "openid email profile",
           "groups", client_secret_post, false,
           "https://developers.google.com/identity/openid-connect/openid-connect"},
    Preset{PresetName::keycloak, "Keycloak", "https://{host}/realms/{realm}", "openid email profile",
           "realm_access.roles", client_secret_basic, false,
           "https://www.keycloak.org/docs/latest/server_admin/#_oidc_clients"},
};

}  // namespace

std::span<const Preset> presets() {
  return kPresets;
}

}  // namespace gatehouse::sso
