// SQL of service accounts as they are looked up when they call, as gatehouse_platform.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/permission.h"
#include "access/reactor.h"
#include "crypto/digest.h"
#include "domain/ids.h"
#include "domain/terms.h"

namespace gatehouse::identity {

/// A service account as it stands: what it may do is said by the row, never by a token alone.
struct ServiceAccountRecord {
  WorkspaceId workspace;
  access::PermissionSet permissions;
  /// Active, in an active workspace of an organization that is there.
  bool is_usable = false;
  Timestamp last_used_at;
  /// Fingerprints of certificates that are not revoked, with their ends.
  struct Certificate {
    crypto::Digest fingerprint{};
    Timestamp not_before, not_after;
  };
  std::vector<Certificate> certificates;
  std::vector<ServiceAccountSecretId> secrets;  // not revoked
  /// That tokens of ours named, and that are not among those: they were once, and do not come back.
  std::vector<ServiceAccountSecretId> ended_secrets;

  bool has_secret(ServiceAccountSecretId id) const { return std::ranges::find(secrets, id) != secrets.end(); }
  bool has_ended(ServiceAccountSecretId id) const {
    return std::ranges::find(ended_secrets, id) != ended_secrets.end();
  }
};
Task<std::optional<ServiceAccountRecord>> find_service_account(access::Reactor&, Region, OrganizationId,
                                                               ServiceAccountId);

struct ClientSecretRecord {
  ServiceAccountId account;
  crypto::Digest hash{};
  std::optional<Timestamp> expires_at;
  bool is_revoked = false;
};
Task<std::optional<ClientSecretRecord>> find_client_secret(access::Reactor&, Region, OrganizationId,
                                                           ServiceAccountSecretId);

/// "Last used", at most once a minute, of the account and of the secret if one was used.
Task<void> touch_service_account(access::Reactor&, Region, OrganizationId, ServiceAccountId,
                                 std::optional<ServiceAccountSecretId>, Timestamp now);

/// False: it was accepted before.
Task<bool> take_signature(access::Reactor&, Region, OrganizationId, crypto::Digest signature);

/// The permissions that are known by these names; others name nothing any more.
access::PermissionSet to_permissions(const std::vector<std::string>& names);

}  // namespace gatehouse::identity
