// SQL of API keys: looked up as gatehouse_platform when one is presented, managed under row-level security.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "access/call.h"
#include "access/reactor.h"
#include "crypto/digest.h"
#include "domain/ids.h"
#include "domain/terms.h"
#include "http/address.h"

namespace gatehouse::identity {

struct ApiKeyRecord {
  UserId user;
  WorkspaceId workspace;
  crypto::Digest hash{};
  RoleCode role = RoleCode::UR;
  access::PermissionSet scope;                // what it was given
  std::vector<http::Cidr> allowed_addresses;  // none: from anywhere
  std::optional<Timestamp> expires_at;
  Timestamp last_used_at;
  /// Not revoked, its person still an active member who may use its workspace.
  bool is_usable = false;
};

Task<std::optional<ApiKeyRecord>> find_api_key(access::Reactor&, Region, OrganizationId, ApiKeyId);
Task<void> touch_api_key(access::Reactor&, Region, OrganizationId, ApiKeyId, Timestamp now);

struct ApiKeyView {
  ApiKeyId id;
  std::string name;
  WorkspaceId workspace_id;
  UserId user_id;
  std::string last_four;
  std::vector<std::string> permissions;
  std::vector<std::string> allowed_addresses;
  Timestamp created_at;
  std::optional<Timestamp> expires_at;
  std::optional<Timestamp> last_used_at;
  std::optional<Timestamp> revoked_at;
};
BOOST_DESCRIBE_STRUCT(ApiKeyView, (),
                      (id, name, workspace_id, user_id, last_four, permissions, allowed_addresses, created_at,
                       expires_at, last_used_at, revoked_at))

struct NewApiKey {
  ApiKeyId id;
  WorkspaceId workspace;
  std::string name;
  crypto::Digest hash;
  std::string last_four;
  std::optional<std::vector<std::string>> permissions;  // none: models alone
  std::vector<std::string> allowed_addresses;
  std::optional<Timestamp> expires_at;
};

/// Newest first; own keys, or everybody's for an administrator's reach.
Task<std::vector<ApiKeyView>> list_api_keys(access::Call&, std::optional<ApiKeyId> before,
                                            std::int64_t limit);
/// For the caller. Gives the row as it stands. Throws pg::Error for a workspace that is not there.
Task<ApiKeyView> insert_api_key(access::Call&, NewApiKey);
/// False if there is none that the caller may revoke. Revoking again changes nothing.
Task<bool> revoke_api_key(access::Call&, ApiKeyId);

}  // namespace gatehouse::identity
