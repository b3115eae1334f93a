#include "oidc/discovery.h"

#include "json/value.h"
#include "oidc/claims.h"

namespace gatehouse::oidc {
namespace {

constexpr json::Limits kLimits{.max_bytes = kMaxDocument, .max_depth = 8, .max_elements = 4'000};
constexpr std::size_t kMostMethods = 50;

/// False if it is there and of no use.
bool read_url(const json::Object& document, std::string_view name, bool https_only, std::optional<Url>& out) {
  if (!document.contains(name)) return true;
  auto text = find_text(document, name);
  out = text ? Url::parse(*text) : std::nullopt;
  return out && (out->endpoint.tls || !https_only);
}

bool is_true(const json::Object& document, std::string_view name) {
  const auto* value = document.if_contains(name);
  return value && value->is_bool() && value->get_bool();
}

}  // namespace

bool is_issuer(std::string_view text) {
  return !text.contains('?') && Url::parse(text).has_value();
}

std::optional<Url> discovery_url(std::string_view issuer) {
  if (!is_issuer(issuer)) return std::nullopt;
  if (issuer.ends_with('/')) issuer.remove_suffix(1);
  return Url::parse(std::string(issuer) + "/.well-known/openid-configuration");
}

Checked<Metadata> parse_metadata(std::string_view text, std::string_view issuer) {
  auto parsed = json::parse(text, kLimits);
  const json::Object* document = parsed ? parsed->if_object() : nullptr;
  if (!document) return refuse(Refusal::discovery_invalid);
  auto named = find_text(*document, "issuer");
  if (!named) return refuse(Refusal::discovery_invalid);
  if (*named != issuer) return refuse(Refusal::issuer_mismatch);

  Metadata metadata{.issuer = std::string(issuer)};
  const bool https = issuer.starts_with("https:");
  std::optional<Url> authorization, token, keys;
  if (!read_url(*document, "authorization_endpoint", https, authorization) ||
      !read_url(*document, "token_endpoint", https, token) || !read_url(*document, "jwks_uri", https, keys) ||
      !read_url(*document, "userinfo_endpoint", https, metadata.userinfo) ||
      !read_url(*document, "end_session_endpoint", https, metadata.end_session) || !authorization || !token ||
      !keys)
    return refuse(Refusal::discovery_invalid);
  metadata.authorization = std::move(*authorization);
  metadata.token = std::move(*token);
  metadata.keys = std::move(*keys);
  if (document->contains("token_endpoint_auth_methods_supported")) {
    auto methods = find_texts(*document, "token_endpoint_auth_methods_supported", kMostMethods);
    if (!methods) return refuse(Refusal::discovery_invalid);
    metadata.token_auth_methods = std::move(*methods);
  } else {
    metadata.token_auth_methods = {"client_secret_basic"};
  }
  metadata.names_issuer = is_true(*document, "authorization_response_iss_parameter_supported");
  metadata.supports_backchannel_logout = is_true(*document, "backchannel_logout_supported");
  return metadata;
}

}  // namespace gatehouse::oidc
