// The tokens by which an organization's directory is known (SCIM): one at a time, and while it is rotated the
// one before. A token opens Permission::scim_provision and nothing else.
#pragma once

#include <optional>
#include <vector>

#include <boost/describe/class.hpp>

#include "access/call.h"
#include "crypto/digest.h"
#include "domain/ids.h"
#include "domain/terms.h"

namespace gatehouse::identity {

/// As it is looked up when the directory calls, by gatehouse_platform.
struct ScimTokenRecord {
  crypto::Digest hash{};
  std::optional<Timestamp> expires_at;
  /// Not revoked, and the organization is there.
  bool is_usable = false;
  Timestamp last_used_at;
};
Task<std::optional<ScimTokenRecord>> find_scim_token(access::Reactor&, Region, OrganizationId, ScimTokenId);
Task<void> touch_scim_token(access::Reactor&, Region, OrganizationId, ScimTokenId, Timestamp now);

/// As its administrator sees it.
struct ScimTokenView {
  ScimTokenId id;
  std::string last_four;
  std::optional<UserId> created_by_user_id;
  Timestamp created_at;
  std::optional<Timestamp> expires_at;  // of one that was replaced
  std::optional<Timestamp> last_used_at;
};
BOOST_DESCRIBE_STRUCT(ScimTokenView, (),
                      (id, last_four, created_by_user_id, created_at, expires_at, last_used_at))

/// Those that are good, the current one first.
pg::Batch select_scim_tokens(OrganizationId);
/// In the call's transaction. Throws pg::Error (unique violation) if there is one already.
Task<void> insert_scim_token(access::Call&, ScimTokenId, crypto::Digest, std::string last_four);
/// Lets the current token run out after `overlap` and ends the one before it. The ids that ended at once:
/// the one before, and with no overlap the current one. Nothing if there is no current token.
Task<std::optional<std::vector<ScimTokenId>>> replace_scim_token(access::Call&, std::chrono::seconds overlap);
Task<bool> revoke_scim_token(access::Call&, ScimTokenId);

}  // namespace gatehouse::identity
