// The token endpoint for service accounts (RFC 6749 4.4, client credentials).
#include "crypto/encoding.h"
#include "http/syntax.h"
#include "http/target.h"
#include "identity/client_id.h"
#include "identity/known_credentials.h"
#include "identity/operation_groups.h"
#include "identity/programs_store.h"
#include "identity/service_token.h"

namespace gatehouse::identity {
namespace {

using access::Call;
using access::Input;
using access::None;
using access::Permission;

struct ServiceAccessToken {
  std::string access_token;
  std::string token_type;
  std::int64_t expires_in = 0;  // seconds
  std::string scope;            // what it was given, names separated by spaces
};
BOOST_DESCRIBE_STRUCT(ServiceAccessToken, (), (access_token, token_type, expires_in, scope))

struct TokenRequest {
  std::string grant_type, client_id, client_secret, scope;
};

std::unexpected<Error> no_client() {
  return fail(ErrorCode::invalid_credentials, "The client or its secret is not valid");
}

/// `application/x-www-form-urlencoded`, each parameter once (RFC 6749 3.2).
Result<TokenRequest> read_form(std::string_view body) {
  auto parsed = http::parse_form(body);
  if (!parsed) return fail(ErrorCode::bad_request, "Send application/x-www-form-urlencoded");
  TokenRequest request;
  for (auto& [name, value] : *parsed) {
    std::string* member = name == "grant_type"      ? &request.grant_type
                          : name == "client_id"     ? &request.client_id
                          : name == "client_secret" ? &request.client_secret
                          : name == "scope"         ? &request.scope
                                                    : nullptr;
    if (!member) continue;  // unrecognized parameters are ignored
    if (!member->empty()) return fail(ErrorCode::bad_request, name + " is given twice");
    *member = std::move(value);
  }
  return request;
}

/// The client from the Authorization header (Basic), if it is there.
Result<void> read_basic(const http::Request& request, TokenRequest& out) {
  constexpr std::string_view kBasic = "basic ";
  auto header = request.headers.find("authorization");
  if (!header) return {};
  if (header->size() < kBasic.size() || !http::iequals(header->substr(0, kBasic.size()), kBasic))
    return fail(ErrorCode::invalid_credentials, "Authorization has to be Basic");
  auto bytes = crypto::from_base64(http::trim(header->substr(kBasic.size())));
  std::string text = bytes ? std::string(bytes->begin(), bytes->end()) : std::string();
  auto colon = text.find(':');
  if (colon == text.npos) return no_client();
  if (!out.client_secret.empty())
    return fail(ErrorCode::bad_request, "Send the client's secret in one place");
  out.client_id = text.substr(0, colon);
  out.client_secret = text.substr(colon + 1);
  return {};
}

struct Proven {
  ServiceClaims claims;  // with all that the account may
};

Task<Result<Proven>> prove(Identity& identity, Call& call, TokenRequest request) {
  auto& reactor = call.reactor();
  auto client = ClientId::parse(request.client_id);
  auto presented = crypto::parse_token(crypto::TokenKind::client_secret, request.client_secret);
  if (!client || !presented) co_return no_client();
  if (!reactor.serves(client->region)) co_return fail(identity.wrong_region(client->region));
  auto address = http::hash_of_client(call.request().peer.ip, 0);
  if (auto wait = identity.unknown_keys().wait(address, identity.options().unknown_keys))
    co_return fail(Error{.code = ErrorCode::rate_limited,
                         .detail = "Too many credentials from this address were not valid",
                         .retry_after = *wait});
  ServiceAccountSecretId id{presented->address.id};
  auto secret = co_await find_client_secret(reactor, client->region, client->organization, id);
  auto account =
      co_await find_service_account(reactor, client->region, client->organization, client->account);
  bool is_good = secret && account && crypto::matches(*presented, secret->hash) &&
                 secret->account == client->account && !secret->is_revoked &&
                 (!secret->expires_at || *secret->expires_at > now()) && account->is_usable;
  if (!is_good) {
    identity.unknown_keys().take(address, identity.options().unknown_keys);
    co_return no_client();
  }
  GH_CO_TRY(auto tenant, co_await reactor.tenants().get(client->region, client->organization));
  GH_CO_CHECK(access::check_status(tenant->tenant()));
  co_await touch_service_account(reactor, client->region, client->organization, client->account, id, now());
  co_return Proven{.claims = {.client = *client,
                              .secret = id,
                              .workspace = account->workspace,
                              .permissions = account->permissions}};
}

Task<Result<ServiceAccessToken>> give_token(Identity& identity, Call& call, std::string body) {
  GH_CO_TRY(auto request, read_form(body));
  GH_CO_CHECK(read_basic(call.request(), request));
  if (request.grant_type != "client_credentials") co_return fail(ErrorCode::unsupported_grant_type);
  auto wanted = parse_scope(request.scope);
  GH_CO_TRY(auto proven, co_await prove(identity, call, std::move(request)));
  auto& claims = proven.claims;
  if (!wanted || (wanted->any() && (*wanted & ~claims.permissions).any()))
    co_return fail(ErrorCode::invalid_scope);
  if (wanted->any()) claims.permissions = *wanted;
  auto& note = call.audit();
  note.organization = claims.client.organization;
  note.region = claims.client.region;
  note.service_account = claims.client.account;
  note.resource_id = claims.client.account.to_string();
  note.resource_type = "service_account";
  const auto& options = identity.options();
  std::string scope;
  for (const auto& name : names_of(claims.permissions)) scope += (scope.empty() ? "" : " ") + name;
  co_return ServiceAccessToken{.access_token = issue_service_token(*options.signing_key, options.issuer,
                                                                   claims, options.access_token_lifetime),
                               .token_type = "Bearer",
                               .expires_in = options.access_token_lifetime.count(),
                               .scope = std::move(scope)};
}

}  // namespace

void add_token_operations(access::Operations& operations, Identity& identity) {
  operations.add({.method = http::Method::post,
                  .path = "/api/oauth/token",
                  .id = "createServiceToken",
                  .summary = "A short-lived token for a service account, for its secret (client credentials)",
                  .tag = "token",
                  .permission = Permission::anyone,
                  .audit_action = "token.create",
                  .rate = access::RateClass::write,
                  .body_limit = 8 * 1024,
                  .body_type = "application/x-www-form-urlencoded",
                  .errors = access::ErrorStyle::oauth,
                  .failures = {ErrorCode::invalid_credentials, ErrorCode::unsupported_grant_type,
                               ErrorCode::invalid_scope}},
                 [&identity](Call& call, Input<None, None, access::RawBody> in) {
                   return give_token(identity, call, std::move(in.body.text));
                 });
}

}  // namespace gatehouse::identity
