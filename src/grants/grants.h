// Grants as people give and revoke them: one action on one thing, to a person or a group.
//
// Nobody gives more than they hold. Of a chat its owner gives everything, an administrator (who may read all)
// REA, and who was granted MNG all but MNG; of a workspace, who manages it; of the organization and of other
// people's profiles an administrator; of one's own profile oneself, REA. Personal workspaces are nobody's to
// share.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include "access/call.h"
#include "access/grant_attributes.h"
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

/// Errors: validation_failed (each bad field at once), forbidden (not the caller's to give).
Task<Result<GrantView>> give(access::Call&, CreateGrant);

/// Errors: validation_failed, forbidden, as above.
Task<Result<void>> check_may_give(access::Call&, ResourceKind, Uuid resource, AclAction);

}  // namespace gatehouse::grants
