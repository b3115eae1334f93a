// SQL of service accounts as people manage them, under row-level security.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "access/call.h"
#include "crypto/certificate.h"
#include "domain/ids.h"

namespace gatehouse::identity {

struct ClientSecretView {
  ServiceAccountSecretId id;
  std::string last_four;
  Timestamp created_at;
  std::optional<Timestamp> expires_at;
  std::optional<Timestamp> last_used_at;
};
BOOST_DESCRIBE_STRUCT(ClientSecretView, (), (id, last_four, created_at, expires_at, last_used_at))

struct ClientCertificateView {
  ServiceAccountCertificateId id;
  std::string subject;
  std::string fingerprint;  // SHA-256 of the DER form, hex
  Timestamp not_before;
  Timestamp not_after;
  Timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(ClientCertificateView, (),
                      (id, subject, fingerprint, not_before, not_after, created_at))

struct ServiceAccountView {
  ServiceAccountId id;
  std::string client_id;  // for the token endpoint and `Gatehouse-Client`
  std::string name;
  std::string description;
  WorkspaceId workspace_id;
  std::vector<std::string> permissions;
  bool is_active;
  Timestamp created_at;
  std::optional<Timestamp> last_used_at;
  std::vector<ClientSecretView> secrets;            // not revoked
  std::vector<ClientCertificateView> certificates;  // not revoked
};
BOOST_DESCRIBE_STRUCT(ServiceAccountView, (),
                      (id, client_id, name, description, workspace_id, permissions, is_active, created_at,
                       last_used_at, secrets, certificates))

struct ServiceAccountRow {
  ServiceAccountId id;
  std::string name;
  std::string description;
  WorkspaceId workspace_id;
  std::vector<std::string> permissions;
  bool is_active;
  std::int64_t version;
  Timestamp created_at;
  std::optional<Timestamp> last_used_at;
};
BOOST_DESCRIBE_STRUCT(ServiceAccountRow, (),
                      (id, name, description, workspace_id, permissions, is_active, version, created_at,
                       last_used_at))

/// Newest first, with what belongs to them: one round trip.
Task<std::vector<ServiceAccountView>> list_service_accounts(access::Call&,
                                                            std::optional<ServiceAccountId> before,
                                                            std::int64_t limit);
struct VersionedAccount {
  ServiceAccountView view;
  std::int64_t version = 0;
};
Task<std::optional<VersionedAccount>> find_service_account(access::Call&, ServiceAccountId);
/// The same within the call's write transaction, which holds the account to its end: what of it is counted is
/// counted by one at a time.
Task<std::optional<VersionedAccount>> reread_service_account(access::Call&, ServiceAccountId);

/// Errors: already_exists (the name).
Task<Result<void>> insert_service_account(access::Call&, ServiceAccountRow);
/// Nothing changed if `version` is not the row's any more: false. Errors: already_exists.
Task<Result<bool>> update_service_account(access::Call&, ServiceAccountRow);

struct NewClientSecret {
  ServiceAccountSecretId id;
  ServiceAccountId account;
  crypto::Digest hash;
  std::string last_four;
  std::optional<Timestamp> expires_at;
};
Task<void> insert_client_secret(access::Call&, NewClientSecret);
Task<bool> revoke_client_secret(access::Call&, ServiceAccountId, ServiceAccountSecretId);
/// Errors: already_exists.
Task<Result<void>> insert_client_certificate(access::Call&, ServiceAccountCertificateId, ServiceAccountId,
                                             crypto::CertificateInfo);
Task<bool> revoke_client_certificate(access::Call&, ServiceAccountId, ServiceAccountCertificateId);

}  // namespace gatehouse::identity
