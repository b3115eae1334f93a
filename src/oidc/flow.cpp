#include "oidc/flow.h"

#include <algorithm>

#include "crypto/digest.h"
#include "crypto/encoding.h"
#include "oidc/claims.h"
#include "oidc/id_token.h"

namespace gatehouse::oidc {
namespace {

constexpr std::size_t kLongestCode = 4096;
constexpr json::Limits kLimits{.max_bytes = kMaxDocument, .max_depth = 16, .max_elements = 10'000};

bool is_printable(std::string_view text, std::size_t longest) {
  return !text.empty() && text.size() <= longest &&
         std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 0x7f; });
}

std::optional<json::Object> read_object(std::string_view body) {
  auto value = json::parse(body, kLimits);
  if (!value || !value->is_object()) return std::nullopt;
  return std::move(value->get_object());
}

}  // namespace

std::string authorization_url(const Metadata& metadata, const AuthorizationRequest& request,
                              const FlowSecrets& secrets) {
  auto challenge = crypto::to_base64url(crypto::sha256(crypto::ByteView(secrets.verifier)));
  return with_query(metadata.authorization.text, {{"response_type", "code"},
                                                  {"client_id", request.client_id},
                                                  {"redirect_uri", request.redirect_uri},
                                                  {"scope", request.scope},
                                                  {"state", secrets.state},
                                                  {"nonce", secrets.nonce},
                                                  {"code_challenge", challenge},
                                                  {"code_challenge_method", "S256"},
                                                  {"login_hint", request.login_hint},
                                                  {"prompt", request.prompt}});
}

Checked<AuthorizationResponse> read_authorization_response(const Metadata& metadata,
                                                           const http::Request& request) {
  // Of a parameter that is there twice, others may read the other.
  for (std::string_view name : {"iss", "error", "code"})
    if (std::ranges::count(request.query, name, &std::pair<std::string, std::string>::first) > 1)
      return refuse(Refusal::response_invalid);
  auto issuer = request.find_query("iss");
  if (issuer ? *issuer != metadata.issuer : metadata.names_issuer) return refuse(Refusal::issuer_mismatch);
  if (auto error = request.find_query("error"))
    return refuse(*error == "access_denied" ? Refusal::access_denied : Refusal::provider_error);
  auto code = request.find_query("code");
  if (!code || !is_printable(*code, kLongestCode)) return refuse(Refusal::response_invalid);
  return AuthorizationResponse{.code = std::string(*code)};
}

http::ClientRequest token_request(const Metadata& metadata, const Client& client, std::string_view code,
                                  std::string_view redirect_uri, std::string_view verifier) {
  http::ClientRequest request{
      .method = http::Method::post, .endpoint = metadata.token.endpoint, .target = metadata.token.target};
  request.headers.set("content-type", "application/x-www-form-urlencoded");
  request.headers.set("accept", "application/json");
  std::string_view id, secret;
  switch (client.auth) {
    case ClientAuth::client_secret_basic: {
      // Both halves as in a form first (RFC 6749 2.3.1).
      auto pair = url_encoded(client.id) + ":" + url_encoded(client.secret->reveal());
      auto value = "Basic " + crypto::to_base64(crypto::ByteView(pair));
      request.headers.set("authorization", value);
      crypto::wipe_text(pair);
      crypto::wipe_text(value);
      break;
    }
    case ClientAuth::client_secret_post:
      id = client.id;
      secret = client.secret->reveal();
      break;
  }
  request.body = form({{"grant_type", "authorization_code"},
                       {"code", code},
                       {"redirect_uri", redirect_uri},
                       {"code_verifier", verifier},
                       {"client_id", id},
                       {"client_secret", secret}});
  return request;
}

Checked<Tokens> read_token_response(int status, std::string_view body) {
  if (status >= 500) return refuse(Refusal::provider_unavailable);
  auto answer = read_object(body);
  if (status != 200) {
    auto error = answer ? find_text(*answer, "error") : std::nullopt;
    return refuse(status == 401 || error == "invalid_client" || error == "unauthorized_client"
                      ? Refusal::client_refused
                      : Refusal::code_refused);
  }
  auto id_token = answer ? find_text(*answer, "id_token") : std::nullopt;
  if (!id_token) return refuse(Refusal::token_response_invalid);
  Tokens tokens{.id_token = std::move(*id_token), .access_token = {}};
  if (auto access = find_text(*answer, "access_token")) {
    auto type = find_text(*answer, "token_type");
    if (!type || !http::iequals(*type, "bearer") || !is_printable(*access, kMaxToken))
      return refuse(Refusal::token_response_invalid);
    tokens.access_token = std::move(*access);
  }
  return tokens;
}

http::ClientRequest userinfo_request(const Url& userinfo, std::string_view access_token) {
  http::ClientRequest request{
      .method = http::Method::get, .endpoint = userinfo.endpoint, .target = userinfo.target};
  request.headers.set("authorization", "Bearer " + std::string(access_token));
  request.headers.set("accept", "application/json");
  return request;
}

Checked<json::Object> read_userinfo(int status, std::string_view body, std::string_view subject) {
  auto claims = status == 200 ? read_object(body) : std::nullopt;
  if (!claims) return refuse(Refusal::provider_unavailable);
  if (find_subject(*claims) != subject) return refuse(Refusal::subject_changed);
  return std::move(*claims);
}

std::optional<std::string> logout_url(const Metadata& metadata, std::string_view client_id,
                                      std::string_view id_token_hint,
                                      std::string_view post_logout_redirect_uri) {
  if (!metadata.end_session) return std::nullopt;
  return with_query(metadata.end_session->text, {{"client_id", client_id},
                                                 {"id_token_hint", id_token_hint},
                                                 {"post_logout_redirect_uri", post_logout_redirect_uri}});
}

}  // namespace gatehouse::oidc
