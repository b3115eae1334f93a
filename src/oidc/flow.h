// The authorization code flow with PKCE, without sockets: what the browser is sent to, what it brings back,
// and what is said to the token endpoint (OpenID Connect Core 3.1, RFC 6749, 7636, 9207).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/describe/enum.hpp>

#include "crypto/secret.h"
#include "http/client.h"
#include "http/message.h"
#include "json/value.h"
#include "oidc/discovery.h"
#include "oidc/refusal.h"

namespace gatehouse::oidc {

/// How we prove to the token endpoint who we are. Not with a key of the installation (private_key_jwt): all
/// organizations would have the same, and any could act as the client of any other.
enum class ClientAuth { client_secret_basic, client_secret_post };
BOOST_DESCRIBE_ENUM(ClientAuth, client_secret_basic, client_secret_post)

/// What one sign-in carries from its start to its end. `verifier` and `nonce` never leave the server and the
/// browser's way to the provider in clear, respectively; neither has to be stored if the caller can derive
/// them from `state` again.
struct FlowSecrets {
  std::string state;
  std::string nonce;
  std::string verifier;  // 43 to 128 unreserved characters
};

struct AuthorizationRequest {
  std::string_view client_id;
  std::string_view redirect_uri;
  std::string_view scope;
  std::string_view login_hint;  // empty: none
  std::string_view prompt;      // empty: none
};
/// With `response_type=code` and PKCE S256.
std::string authorization_url(const Metadata&, const AuthorizationRequest&, const FlowSecrets&);

/// What the redirect back says. Whose it is, by `state`, is settled before.
struct AuthorizationResponse {
  std::string code;
};
/// Refusals: access_denied, provider_error, response_invalid, issuer_mismatch (`iss` is another's, or absent
/// though the provider says that it names it).
Checked<AuthorizationResponse> read_authorization_response(const Metadata&, const http::Request&);

struct Client {
  std::string_view id;
  ClientAuth auth = ClientAuth::client_secret_basic;
  const crypto::Secret* secret = nullptr;
};
http::ClientRequest token_request(const Metadata&, const Client&, std::string_view code,
                                  std::string_view redirect_uri, std::string_view verifier);

struct Tokens {
  std::string id_token;
  std::string access_token;  // may be empty; only ever shown to the userinfo endpoint
};
/// Refusals: code_refused, client_refused, provider_unavailable (5xx), token_response_invalid. A refresh
/// token is not looked at: a session's length is ours, and roles are read anew at each sign-in.
Checked<Tokens> read_token_response(int status, std::string_view body);

/// GET with the access token as bearer.
http::ClientRequest userinfo_request(const Url& userinfo, std::string_view access_token);
/// `subject` is the ID token's: an answer about anybody else is refused (Core 5.3.2). Refusals:
/// provider_unavailable (no 200, or no JSON, as a signed answer is), subject_changed.
Checked<json::Object> read_userinfo(int status, std::string_view body, std::string_view subject);

/// Where to send the browser to end the provider's session as well (RP-Initiated Logout). Nothing if the
/// provider has no such place.
std::optional<std::string> logout_url(const Metadata&, std::string_view client_id,
                                      std::string_view id_token_hint,
                                      std::string_view post_logout_redirect_uri);

}  // namespace gatehouse::oidc
