#include "identity/programs_store.h"

#include "identity/stored_hash.h"
#include "pg/params.h"
#include "pg/statement.h"

namespace gatehouse::identity {
namespace {

using namespace std::chrono_literals;

constexpr auto kDeadline = 5s;

constexpr pg::Statement kAccount{
    "service_accounts.find",
    "select a.workspace_id, a.permissions, a.is_active and w.is_active and o.is_active as is_usable, "
    "a.last_used_at"
    " from service_accounts a join organizations o on o.id = a.organization_id"
    " join workspaces w on w.organization_id = a.organization_id and w.id = a.workspace_id"
    " where a.organization_id = $1 and a.id = $2"};
constexpr pg::Statement kCertificates{
    "service_accounts.certificates",
    "select fingerprint, not_before, not_after from service_account_certificates"
    " where organization_id = $1 and service_account_id = $2 and revoked_at is null"};
constexpr pg::Statement kSecrets{
    "service_accounts.secrets",
    "select id from service_account_secrets"
    " where organization_id = $1 and service_account_id = $2 and revoked_at is null"};
constexpr pg::Statement kSecret{
    "service_accounts.secret",
    "select service_account_id, secret_hash, expires_at, revoked_at is not null as is_revoked"
    " from service_account_secrets where organization_id = $1 and id = $2"};
constexpr pg::Statement kTouchAccount{
    "service_accounts.touch",
    "update service_accounts set last_used_at = $3 where organization_id = $1 and id = $2"
    " and (last_used_at is null or last_used_at < $3 - interval '55 s')"};
constexpr pg::Statement kTouchSecret{
    "service_accounts.touch_secret",
    "update service_account_secrets set last_used_at = $3 where organization_id = $1 and id = $2"
    " and (last_used_at is null or last_used_at < $3 - interval '55 s')"};
constexpr pg::Statement kTakeSignature{
    "request_signatures.take",
    "insert into request_signatures (organization_id, signature) values ($1, $2) on conflict do nothing"};

struct AccountRow {
  WorkspaceId workspace_id;
  std::vector<std::string> permissions;
  bool is_usable;
  std::optional<Timestamp> last_used_at;
};
BOOST_DESCRIBE_STRUCT(AccountRow, (), (workspace_id, permissions, is_usable, last_used_at))

struct CertificateRow {
  crypto::Bytes fingerprint;
  Timestamp not_before, not_after;
};
BOOST_DESCRIBE_STRUCT(CertificateRow, (), (fingerprint, not_before, not_after))

struct SecretRow {
  ServiceAccountId service_account_id;
  crypto::Bytes secret_hash;
  std::optional<Timestamp> expires_at;
  bool is_revoked;
};
BOOST_DESCRIBE_STRUCT(SecretRow, (), (service_account_id, secret_hash, expires_at, is_revoked))

Task<std::vector<pg::Rows>> run(access::Reactor& reactor, Region region, pg::Batch batch) {
  co_return co_await reactor.region(region).platform->run(std::move(batch), pg::within(kDeadline));
}

}  // namespace

access::PermissionSet to_permissions(const std::vector<std::string>& names) {
  access::PermissionSet set;
  for (const auto& name : names)
    if (auto permission = access::parse_permission(name)) set.set(access::index_of(*permission));
  return set;
}

Task<std::optional<ServiceAccountRecord>> find_service_account(access::Reactor& reactor, Region region,
                                                               OrganizationId organization,
                                                               ServiceAccountId id) {
  pg::Batch batch(kAccount, pg::params(organization, id));
  batch.add(kCertificates, pg::params(organization, id)).add(kSecrets, pg::params(organization, id));
  auto rows = co_await run(reactor, region, std::move(batch));
  auto row = rows[0].find_one<AccountRow>();
  if (!row) co_return std::nullopt;
  ServiceAccountRecord record{.workspace = row->workspace_id,
                              .permissions = to_permissions(row->permissions),
                              .is_usable = row->is_usable,
                              .last_used_at = row->last_used_at.value_or(Timestamp{})};
  for (const auto& one : rows[1].as<CertificateRow>())
    record.certificates.push_back({read_hash(one.fingerprint), one.not_before, one.not_after});
  record.secrets = rows[2].as<ServiceAccountSecretId>();
  co_return record;
}

Task<std::optional<ClientSecretRecord>> find_client_secret(access::Reactor& reactor, Region region,
                                                           OrganizationId organization,
                                                           ServiceAccountSecretId id) {
  auto rows = co_await run(reactor, region, pg::Batch(kSecret, pg::params(organization, id)));
  auto row = rows[0].find_one<SecretRow>();
  if (!row) co_return std::nullopt;
  co_return ClientSecretRecord{.account = row->service_account_id,
                               .hash = read_hash(row->secret_hash),
                               .expires_at = row->expires_at,
                               .is_revoked = row->is_revoked};
}

Task<void> touch_service_account(access::Reactor& reactor, Region region, OrganizationId organization,
                                 ServiceAccountId id, std::optional<ServiceAccountSecretId> secret,
                                 Timestamp now) {
  pg::Batch batch(kTouchAccount, pg::params(organization, id, now));
  if (secret) batch.add(kTouchSecret, pg::params(organization, *secret, now));
  co_await run(reactor, region, std::move(batch));
}

Task<bool> take_signature(access::Reactor& reactor, Region region, OrganizationId organization,
                          crypto::Digest signature) {
  auto rows = co_await run(reactor, region, pg::Batch(kTakeSignature, pg::params(organization, signature)));
  co_return rows[0].affected() == 1;
}

}  // namespace gatehouse::identity
