#include "sso/provider_wire.h"

#include <algorithm>
#include <set>

#include "oidc/discovery.h"
#include "sso/domains_store.h"
#include "sso/provider_address.h"

namespace gatehouse::sso {
namespace {

/// Space-separated words of RFC 6749's characters, `openid` among them and `offline_access` not: a refresh
/// token would be kept for nothing.
Result<void> check_scopes(const std::string& scopes) {
  bool has_openid = false;
  for (std::size_t at = 0; at <= scopes.size();) {
    auto end = std::min(scopes.find(' ', at), scopes.size());
    auto word = std::string_view(scopes).substr(at, end - at);
    if (word.empty() ||
        !std::ranges::all_of(word, [](char c) { return c > ' ' && c < 0x7f && c != '"' && c != '\\'; }))
      return fail(invalid("/scopes", "bad_format", "must be words with one space between them"));
    if (word == "offline_access")
      return fail(
          invalid("/scopes", "not_allowed", "offline_access asks for a refresh token, which is not used"));
    has_openid = has_openid || word == "openid";
    at = end + 1;
  }
  if (!has_openid) return fail(invalid("/scopes", "required", "must contain openid"));
  return {};
}

Result<void> check_issuer(const std::string& issuer, const http::EgressPolicy& egress) {
  auto url = oidc::is_issuer(issuer) ? oidc::Url::parse(issuer) : std::nullopt;
  if (!url) return fail(invalid("/issuer", "bad_format", "must be an address without query and fragment"));
  if (issuer.contains('{') || issuer.contains('}'))
    return fail(invalid("/issuer", "bad_format", "still has a part to be filled in"));
  boost::system::error_code is_name;
  auto address = asio::ip::make_address(url->endpoint.host, is_name);
  if (!is_name && !egress.allows(url->endpoint.host, address))
    return fail(invalid("/issuer", "not_allowed", "is an address that this server may not call"));
  const bool is_excepted =
      is_name ? egress.excepts(url->endpoint.host) : egress.excepts(url->endpoint.host, address);
  if (!url->endpoint.tls && !is_excepted)
    return fail(invalid("/issuer", "not_encrypted",
                        "must begin with https://, as the operator has not excepted this host"));
  return {};
}

}  // namespace

IdentityProviderView view(SingleSignOn& sso, access::Call& call, const ProviderRow& row) {
  auto base = sso.base_url(call.reactor(), call.region());
  ProviderAddress at(call.region(), call.organization(), row.id);
  auto address = at.to_string();
  return {.id = row.id,
          .name = row.name,
          .preset = row.preset,
          .issuer = row.issuer,
          .client_id = row.client_id,
          .client_auth = row.client_auth,
          .secret_last_four = row.secret_last_four,
          .scopes = row.scopes,
          .domains = row.domains,
          .claims = claims_of(row),
          .mapping = mapping_of(row),
          .jit = row.jit,
          .vouches_for_email = row.vouches_for_email,
          .manages_existing = row.manages_existing,
          .is_active = row.is_active,
          .version = row.version,
          .callback_url = sso.callback_url(call.reactor(), at),
          .start_url = base + "/api/auth/sso/" + address + "/start",
          .backchannel_logout_url = base + "/api/auth/sso/backchannel-logout/" + address,
          .post_logout_url = base + "/sign-in"};
}

Task<Result<void>> check_row(SingleSignOn& sso, access::Call& call, const ProviderRow& row) {
  GH_CO_CHECK(check_issuer(row.issuer, sso.options().egress));
  GH_CO_CHECK(check_scopes(row.scopes));
  if (!std::ranges::all_of(row.client_id, [](char c) { return c > ' ' && c < 0x7f; }))
    co_return fail(invalid("/client_id", "bad_format", "must be printable ASCII without spaces"));
  if (row.vouches_for_email && row.domains.empty())
    co_return fail(
        invalid("/domains", "required", "name the domains whose addresses the provider vouches for"));
  auto mapping = mapping_of(row);
  if (auto pointer = beyond(mapping, call.principal().role))
    co_return fail(invalid("/mapping" + *pointer, "not_allowed", "is above your own role"));

  pg::Batch batch;
  add_select_domains(batch, call.organization(), std::nullopt);
  auto named = workspaces_of(mapping);
  add_count_workspaces(batch, call.organization(), {named.begin(), named.end()});
  auto rows = co_await call.write(std::move(batch));
  std::set<std::string> verified;
  for (auto& domain : rows[0].as<DomainRow>())
    if (domain.verified_at) verified.insert(std::move(domain.domain));
  for (std::size_t i = 0; i < row.domains.size(); ++i)
    if (!verified.contains(row.domains[i]))
      co_return fail(invalid("/domains/" + std::to_string(i), "not_verified",
                             "is no domain that the organization has verified"));
  if (rows[1].one<std::int64_t>() != static_cast<std::int64_t>(named.size()))
    co_return fail(invalid("/mapping/rules", "unknown_workspace", "names a workspace that is not there"));
  co_return Result<void>{};
}

Task<Result<crypto::Bytes>> seal_secret(access::Call& call, ProviderRow& row, std::string text) {
  bool is_printable = std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
  auto secret = crypto::Secret::take(std::move(text));
  if (!is_printable)
    co_return fail(invalid("/client_secret", "bad_format", "must be printable ASCII without spaces"));
  row.secret_last_four = secret.last_four();
  auto sealed = co_await call.reactor()
                    .region(call.region())
                    .keyring->seal(secret_context(call.organization(), row.id), std::move(secret));
  co_return std::move(sealed.bytes);
}

}  // namespace gatehouse::sso
