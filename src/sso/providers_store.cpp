#include "sso/providers_store.h"

#include "json/codec.h"
#include "pg/params.h"
#include "pg/statement.h"

namespace gatehouse::sso {
namespace {

using namespace std::chrono_literals;

constexpr auto kDeadline = 5s;

constexpr pg::Statement kSelect{
    "sso.select_providers",
    "select id, name, preset, issuer, client_id, client_auth, secret_last_four, scopes, domains, claims, "
    "mapping,"
    " jit, vouches_for_email, manages_existing, is_active, version::int8 from identity_providers"
    " where organization_id = $1 and ($2::uuid is null or id = $2) order by name, id"};
constexpr pg::Statement kLock{
    "sso.lock_provider",
    "select id from identity_providers where organization_id = $1 and id = $2 for update"};
constexpr pg::Statement kInsert{
    "sso.insert_provider",
    "insert into identity_providers (organization_id, id, name, preset, issuer, client_id, client_auth,"
    " secret_last_four, scopes, domains, claims, mapping, jit, vouches_for_email, manages_existing, "
    "is_active,"
    " sealed_secret) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"};
constexpr pg::Statement kUpdate{
    "sso.update_provider",
    "update identity_providers set name = $3, issuer = $4, client_id = $5, client_auth = $6,"
    " secret_last_four = $7, scopes = $8, domains = $9, claims = $10, mapping = $11, jit = $12,"
    " vouches_for_email = $13, manages_existing = $14, is_active = $15, version = $16"
    " where organization_id = $1 and id = $2"};
constexpr pg::Statement kUpdateSecret{
    "sso.update_secret",
    "update identity_providers set sealed_secret = $3 where organization_id = $1 and id = $2"};
constexpr pg::Statement kDelete{"sso.delete_provider",
                                "delete from identity_providers where organization_id = $1 and id = $2"};
constexpr pg::Statement kCount{"sso.count_providers",
                               "select count(*) from identity_providers where organization_id = $1"};
constexpr pg::Statement kCountWorkspaces{
    "sso.count_workspaces",
    "select count(*) from workspaces where organization_id = $1 and id = any ($2::uuid[]) and is_active"
    " and workspace_type = 'FUNCTIONAL'"};
constexpr pg::Statement kFindSecret{
    "sso.find_secret", "select sealed_secret from identity_providers where organization_id = $1 and id = $2"};
constexpr pg::Statement kOffered{
    "sso.list_offered",
    "select id, name, preset from identity_providers where organization_id = $1 and is_active"
    " and (domains = '{}' or $2::text = any (domains)) order by name, id"};

template <class T>
T read(const pg::Json& column, std::string_view what) {
  auto value = json::decode_text<T>(column.text);
  if (!value) throw Failure("a stored " + std::string(what) + " cannot be read: " + value.error().detail);
  return std::move(*value);
}

}  // namespace

ClaimNames claims_of(const ProviderRow& row) {
  return read<ClaimNames>(row.claims, "claim mapping");
}
Mapping mapping_of(const ProviderRow& row) {
  return read<Mapping>(row.mapping, "group mapping");
}

vault::SealContext secret_context(OrganizationId organization, IdentityProviderId provider) {
  return {.organization = organization.value,
          .table = "identity_providers",
          .row = provider.to_string(),
          .field = "sealed_secret"};
}

void add_select_providers(pg::Batch& batch, OrganizationId organization,
                          std::optional<IdentityProviderId> provider) {
  batch.add(kSelect, pg::params(organization, provider));
}

void add_lock_provider(pg::Batch& batch, OrganizationId organization, IdentityProviderId provider) {
  batch.add(kLock, pg::params(organization, provider));
}

void add_insert_provider(pg::Batch& batch, OrganizationId organization, const ProviderRow& row,
                         const crypto::Bytes& sealed) {
  batch.add(kInsert,
            pg::params(organization, row.id, row.name, row.preset, row.issuer, row.client_id, row.client_auth,
                       row.secret_last_four, row.scopes, row.domains, row.claims, row.mapping, row.jit,
                       row.vouches_for_email, row.manages_existing, row.is_active, sealed));
}

void add_update_provider(pg::Batch& batch, OrganizationId organization, const ProviderRow& row,
                         const std::optional<crypto::Bytes>& sealed) {
  batch.add(kUpdate, pg::params(organization, row.id, row.name, row.issuer, row.client_id, row.client_auth,
                                row.secret_last_four, row.scopes, row.domains, row.claims, row.mapping,
                                row.jit, row.vouches_for_email, row.manages_existing, row.is_active,
                                static_cast<std::int32_t>(row.version)));
  if (sealed) batch.add(kUpdateSecret, pg::params(organization, row.id, sealed));
}

void add_delete_provider(pg::Batch& batch, OrganizationId organization, IdentityProviderId provider) {
  batch.add(kDelete, pg::params(organization, provider));
}

void add_count_providers(pg::Batch& batch, OrganizationId organization) {
  batch.add(kCount, pg::params(organization));
}

void add_count_workspaces(pg::Batch& batch, OrganizationId organization,
                          const std::vector<WorkspaceId>& ids) {
  batch.add(kCountWorkspaces, pg::params(organization, ids));
}

Task<std::optional<UsableProvider>> find_provider(access::Reactor& reactor, Region region,
                                                  OrganizationId organization, IdentityProviderId provider) {
  pg::Batch batch;
  add_select_providers(batch, organization, provider);
  batch.add(kFindSecret, pg::params(organization, provider));
  auto rows = co_await reactor.region(region).platform->run(std::move(batch), pg::within(kDeadline));
  auto row = rows[0].find_one<ProviderRow>();
  if (!row || rows[1].empty()) co_return std::nullopt;
  co_return UsableProvider{std::move(*row), rows[1].at(0, 0).get<crypto::Bytes>()};
}

Task<std::vector<OfferedProvider>> list_offered(access::Reactor& reactor, Region region,
                                                OrganizationId organization, std::string domain) {
  auto rows = co_await reactor.region(region).platform->run(
      pg::Batch(kOffered, pg::params(organization, domain)), pg::within(kDeadline));
  co_return rows[0].as<OfferedProvider>();
}

}  // namespace gatehouse::sso
