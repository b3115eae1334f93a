// Grants as people give and revoke them: one action on one thing, to a person or a group.
//
// Nobody gives more than they hold. Of a chat its owner gives everything, an administrator (who may read all)
// REA; of a workspace, who manages it; of the organization and of other people's profiles an administrator;
// of one's own profile oneself, REA. Who was granted MNG passes on all but MNG: such a grant holds as long as
// they hold the one that it comes from, under its conditions as well, and ends with that. Nobody grants to
// themselves, nor to a group of theirs what is not their own. Personal workspaces are nobody's to share. What
// no operation asks for is not granted.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include "access/call.h"
#include "access/grant_attributes.h"
#include "access/operations.h"
#include "domain/ids.h"
#include "domain/terms.h"

namespace gatehouse::grants {

enum class GrantState { active, scheduled, expired, revoked };
BOOST_DESCRIBE_ENUM(GrantState, active, scheduled, expired, revoked)

struct GrantView {
  GrantId id;
  ResourceKind resource_kind;
  Uuid resource_id;
  std::optional<std::string> resource_name;  // where the reader may see the thing itself
  AclAction action;
  GrantState state;
  UserId created_by_user_id;
  std::optional<std::string> created_by_name;
  std::optional<UserId> created_for_user_id;  // either a person or a group
  std::optional<GroupId> created_for_group_id;
  std::optional<std::string> created_for_name;
  Timestamp created_at;
  Timestamp valid_from;
  std::optional<Timestamp> valid_to;  // included
  std::optional<Timestamp> revoked_at;
  std::optional<UserId> revoked_by_user_id;
  std::optional<std::string> revoke_reason;
  std::int64_t access_count;
  std::optional<Timestamp> last_access_at;
  std::int64_t violations_count;  // uses refused for the conditions
  access::GrantAttributes attributes;
};
BOOST_DESCRIBE_STRUCT(GrantView, (),
                      (id, resource_kind, resource_id, resource_name, action, state, created_by_user_id,
                       created_by_name, created_for_user_id, created_for_group_id, created_for_name,
                       created_at, valid_from, valid_to, revoked_at, revoked_by_user_id, revoke_reason,
                       access_count, last_access_at, violations_count, attributes))

struct CreateGrant {
  ResourceKind resource_kind;
  Uuid resource_id;
  AclAction action;
  std::optional<UserId> created_for_user_id;  // exactly one of the three
  std::optional<json::Email> created_for_email;
  std::optional<GroupId> created_for_group_id;
  std::optional<Timestamp> valid_from;  // default: now
  std::optional<Timestamp> valid_to;    // default: without end
  std::optional<access::GrantAttributes> attributes;
};
BOOST_DESCRIBE_STRUCT(CreateGrant, (),
                      (resource_kind, resource_id, action, created_for_user_id, created_for_email,
                       created_for_group_id, valid_from, valid_to, attributes))

/// Whether an operation asks for this action on one thing of the kind or, `listed`, on all of them.
bool is_asked_for(const access::Operations&, ResourceKind, AclAction, bool listed);

/// Errors: validation_failed (each bad field at once), forbidden (not the caller's to give), conflict (too
/// many are in force).
Task<Result<GrantView>> give(access::Call&, const access::Operations&, CreateGrant);

}  // namespace gatehouse::grants
