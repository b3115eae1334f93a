#include "identity/service_accounts_store.h"

#include <unordered_map>

#include "crypto/encoding.h"
#include "identity/client_id.h"
#include "pg/error.h"
#include "pg/params.h"
#include "pg/statement.h"

namespace gatehouse::identity {
namespace {

#define GH_ACCOUNT \
  "id, name, description, workspace_id, permissions, is_active, version, created_at, last_used_at"

constexpr pg::Statement kList{
    "service_accounts.list",
    "select " GH_ACCOUNT
    " from service_accounts where organization_id = $1 and ($2::uuid is null or id < $2)"
    " order by id desc limit $3"};
constexpr pg::Statement kGet{"service_accounts.get",
                             "select " GH_ACCOUNT
                             " from service_accounts where organization_id = $1 and id = $2"};
#undef GH_ACCOUNT
constexpr pg::Statement kLock{
    "service_accounts.lock",
    "select from service_accounts where organization_id = $1 and id = $2 for no key update"};

constexpr pg::Statement kSecrets{
    "service_accounts.list_secrets",
    "select service_account_id, id, last_four, created_at, expires_at, last_used_at from "
    "service_account_secrets"
    " where organization_id = $1 and revoked_at is null and ($2::uuid is null or service_account_id = $2)"
    " order by id"};
constexpr pg::Statement kCertificates{
    "service_accounts.list_certificates",
    "select service_account_id, id, subject, encode(fingerprint, 'hex') as fingerprint, not_before, "
    "not_after,"
    " created_at from service_account_certificates where organization_id = $1 and revoked_at is null"
    " and ($2::uuid is null or service_account_id = $2) order by id"};
constexpr pg::Statement kInsert{
    "service_accounts.insert",
    "insert into service_accounts (organization_id, id, workspace_id, name, description, permissions,"
    " created_by_user_id) values ($1, $2, $3, $4, $5, $6, $7)"};
constexpr pg::Statement kUpdate{"service_accounts.update",
                                "update service_accounts set name = $4, description = $5, permissions = $6, "
                                "is_active = $7, version = version + 1"
                                " where organization_id = $1 and id = $2 and version = $3"};
constexpr pg::Statement kInsertSecret{"service_accounts.insert_secret",
                                      "insert into service_account_secrets (organization_id, id, "
                                      "service_account_id, secret_hash, last_four, expires_at)"
                                      " values ($1, $2, $3, $4, $5, $6)"};
constexpr pg::Statement kRevokeSecret{
    "service_accounts.revoke_secret",
    "update service_account_secrets set revoked_at = now()"
    " where organization_id = $1 and service_account_id = $2 and id = $3 and revoked_at is null"};
constexpr pg::Statement kInsertCertificate{
    "service_accounts.insert_certificate",
    "insert into service_account_certificates (organization_id, id, service_account_id, fingerprint, subject,"
    " not_before, not_after) values ($1, $2, $3, $4, $5, $6, $7)"};
constexpr pg::Statement kRevokeCertificate{
    "service_accounts.revoke_certificate",
    "update service_account_certificates set revoked_at = now()"
    " where organization_id = $1 and service_account_id = $2 and id = $3 and revoked_at is null"};

struct OwnedSecret : ClientSecretView {
  ServiceAccountId service_account_id;
};
BOOST_DESCRIBE_STRUCT(OwnedSecret, (ClientSecretView), (service_account_id))
struct OwnedCertificate : ClientCertificateView {
  ServiceAccountId service_account_id;
};
BOOST_DESCRIBE_STRUCT(OwnedCertificate, (ClientCertificateView), (service_account_id))

ServiceAccountView to_view(const access::Call& call, ServiceAccountRow row) {
  return {.id = row.id,
          .client_id = ClientId{call.region(), call.organization(), row.id}.to_string(),
          .name = std::move(row.name),
          .description = std::move(row.description),
          .workspace_id = row.workspace_id,
          .permissions = std::move(row.permissions),
          .is_active = row.is_active,
          .created_at = row.created_at,
          .last_used_at = row.last_used_at};
}

/// Puts secrets (rows[1]) and certificates (rows[2]) where they belong.
void add_belongings(std::vector<ServiceAccountView>& views, const std::vector<pg::Rows>& rows) {
  std::unordered_map<ServiceAccountId, ServiceAccountView*> by_id;
  for (auto& view : views) by_id[view.id] = &view;
  for (auto& one : rows[1].as<OwnedSecret>())
    if (auto found = by_id.find(one.service_account_id); found != by_id.end())
      found->second->secrets.push_back(std::move(one));
  for (auto& one : rows[2].as<OwnedCertificate>())
    if (auto found = by_id.find(one.service_account_id); found != by_id.end())
      found->second->certificates.push_back(std::move(one));
}

pg::Batch one_account(const access::Call& call, ServiceAccountId id) {
  pg::Batch batch(kGet, pg::params(call.organization(), id));
  batch.add(kSecrets, pg::params(call.organization(), id))
      .add(kCertificates, pg::params(call.organization(), id));
  return batch;
}

std::optional<VersionedAccount> read_account(const access::Call& call, const std::vector<pg::Rows>& rows) {
  auto row = rows[0].find_one<ServiceAccountRow>();
  if (!row) return std::nullopt;
  auto version = row->version;
  std::vector<ServiceAccountView> views;
  views.push_back(to_view(call, std::move(*row)));
  add_belongings(views, rows);
  return VersionedAccount{std::move(views.front()), version};
}

}  // namespace

Task<std::vector<ServiceAccountView>> list_service_accounts(access::Call& call,
                                                            std::optional<ServiceAccountId> before,
                                                            std::int64_t limit) {
  std::optional<ServiceAccountId> of_all;
  pg::Batch batch(kList, pg::params(call.organization(), before, limit));
  batch.add(kSecrets, pg::params(call.organization(), of_all))
      .add(kCertificates, pg::params(call.organization(), of_all));
  auto rows = co_await call.read(std::move(batch));
  std::vector<ServiceAccountView> views;
  for (auto& row : rows[0].as<ServiceAccountRow>()) views.push_back(to_view(call, std::move(row)));
  add_belongings(views, rows);
  co_return views;
}

Task<std::optional<VersionedAccount>> find_service_account(access::Call& call, ServiceAccountId id) {
  auto rows = co_await call.read(one_account(call, id));
  co_return read_account(call, rows);
}

Task<std::optional<VersionedAccount>> reread_service_account(access::Call& call, ServiceAccountId id) {
  pg::Batch batch(kLock, pg::params(call.organization(), id));
  batch.append(one_account(call, id));
  auto rows = co_await call.write(std::move(batch));
  rows.erase(rows.begin());
  co_return read_account(call, rows);
}

Task<Result<void>> insert_service_account(access::Call& call, ServiceAccountRow row) {
  try {
    co_await call.write(kInsert, pg::params(call.organization(), row.id, row.workspace_id, row.name,
                                            row.description, row.permissions, call.user()));
  } catch (const pg::Error& error) {
    if (error.is_unique_violation())
      co_return fail(ErrorCode::already_exists, "There is a service account of this name");
    throw;
  }
  co_return Result<void>{};
}

Task<Result<bool>> update_service_account(access::Call& call, ServiceAccountRow row) {
  try {
    auto rows = co_await call.write(kUpdate, pg::params(call.organization(), row.id, row.version, row.name,
                                                        row.description, row.permissions, row.is_active));
    co_return rows.affected() == 1;
  } catch (const pg::Error& error) {
    if (error.is_unique_violation())
      co_return fail(ErrorCode::already_exists, "There is a service account of this name");
    throw;
  }
}

Task<void> insert_client_secret(access::Call& call, NewClientSecret secret) {
  co_await call.write(kInsertSecret, pg::params(call.organization(), secret.id, secret.account, secret.hash,
                                                secret.last_four, secret.expires_at));
}

Task<bool> revoke_client_secret(access::Call& call, ServiceAccountId account, ServiceAccountSecretId id) {
  auto rows = co_await call.write(kRevokeSecret, pg::params(call.organization(), account, id));
  co_return rows.affected() == 1;
}

Task<Result<void>> insert_client_certificate(access::Call& call, ServiceAccountCertificateId id,
                                             ServiceAccountId account, crypto::CertificateInfo certificate) {
  try {
    co_await call.write(kInsertCertificate,
                        pg::params(call.organization(), id, account, certificate.fingerprint,
                                   certificate.subject, certificate.not_before, certificate.not_after));
  } catch (const pg::Error& error) {
    if (error.is_unique_violation())
      co_return fail(ErrorCode::already_exists, "The certificate is there already");
    throw;
  }
  co_return Result<void>{};
}

Task<bool> revoke_client_certificate(access::Call& call, ServiceAccountId account,
                                     ServiceAccountCertificateId id) {
  auto rows = co_await call.write(kRevokeCertificate, pg::params(call.organization(), account, id));
  co_return rows.affected() == 1;
}

}  // namespace gatehouse::identity
