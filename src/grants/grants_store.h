// SQL of grants, under row-level security: who sees which is said by the policies of permissions_acl.
#pragma once

#include <optional>
#include <vector>

#include "access/call.h"
#include "grants/grants.h"

namespace gatehouse::grants {

struct GrantFilter {
  std::optional<ResourceKind> resource_kind;
  std::optional<Uuid> resource_id;
  std::optional<UserId> user;    // the holder
  std::optional<GroupId> group;  // the holder
  bool with_ended = false;       // also revoked and expired ones
};

/// At most `limit`, newest first, before `before`.
Task<std::vector<GrantView>> list_grants(access::Call&, GrantFilter, std::optional<GrantId> before,
                                         std::int64_t limit);
Task<std::optional<GrantView>> find_grant(access::Call&, GrantId);

struct NewGrant {
  GrantId id;
  ResourceKind kind;
  Uuid resource;
  AclAction action;
  std::optional<UserId> user;
  std::optional<GroupId> group;
  std::optional<GrantId> parent;  // by which the caller manages the thing
  Timestamp valid_from;
  std::optional<Timestamp> valid_to;
  std::string attributes;  // JSON
};
/// Nothing if the database finds that it is not the caller's to give. Throws pg::Error GH020 for one too
/// many.
Task<std::optional<GrantView>> insert_grant(access::Call&, NewGrant);
/// Nothing if there is none that is in force or to come, or it is not the caller's to revoke.
Task<std::optional<GrantView>> revoke_grant(access::Call&, GrantId, std::optional<std::string> reason);

Task<std::optional<UserId>> find_member_by_email(access::Call&, std::string email);
Task<bool> is_active_member(access::Call&, UserId);
Task<bool> is_active_group(access::Call&, GroupId);

struct Thing {
  std::optional<UserId> owner;
  std::optional<WorkspaceId> workspace;  // where it is
  bool is_personal = false;              // a workspace of one person
  bool is_in_reach = false;              // a workspace that the call may change
  bool is_known_to_all = false;          // a workspace that anybody of the organization may know of
  std::vector<WorkspaceId> known_in;     // whose people may know of it: above a workspace, around a person
};
BOOST_DESCRIBE_STRUCT(Thing, (), (owner, workspace, is_personal, is_in_reach, is_known_to_all, known_in))
/// A chat, workspace or person of the organization, as far as the caller may see it.
Task<std::optional<Thing>> find_thing(access::Call&, ResourceKind, Uuid);

}  // namespace gatehouse::grants
