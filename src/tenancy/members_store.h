// SQL of an organization's people, under row-level security.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/call.h"
#include "tenancy/name_page.h"
#include "tenancy/workspace_people.h"

namespace gatehouse::tenancy {

struct MemberView {
  UserId user_id;
  std::string name;
  std::string email;
  RoleCode role_code;
  bool is_owner;
  bool is_active;
  Timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(MemberView, (), (user_id, name, email, role_code, is_owner, is_active, created_at))

struct MemberFilter {
  std::optional<std::string> text;  // in name or e-mail, in any case
  std::optional<RoleCode> role_code;
  std::optional<bool> is_active;
  std::optional<WorkspaceId> workspace_id;
};

/// At most `limit` rows after `after`, by name.
Task<std::vector<MemberView>> list_members(access::Call&, MemberFilter, std::optional<NamePlace> after,
                                           std::int64_t limit);

struct MemberRow : MemberView {
  pg::Json attributes;
  bool in_reach;  // visible without a grant
};
BOOST_DESCRIBE_STRUCT(MemberRow, (MemberView), (attributes, in_reach))

struct WorkspaceOfMember {
  WorkspaceId id;
  std::string name;
  WorkspaceType workspace_type;
};
BOOST_DESCRIBE_STRUCT(WorkspaceOfMember, (), (id, name, workspace_type))

struct GroupOfMember {
  GroupId id;
  std::string name;
};
BOOST_DESCRIBE_STRUCT(GroupOfMember, (), (id, name))

struct RoleOfMember {
  RoleAssignmentId id;
  GovernanceRole role;
  std::optional<WorkspaceId> workspace_id;  // none: the whole organization
  std::optional<GroupId> group_id;          // by which it comes
};
BOOST_DESCRIBE_STRUCT(RoleOfMember, (), (id, role, workspace_id, group_id))

struct FoundMember {
  std::optional<MemberRow> member;
  std::vector<WorkspaceOfMember> workspaces;
  std::vector<GroupOfMember> groups;
  std::vector<RoleOfMember> roles;
};
Task<FoundMember> find_member(access::Call&, UserId);
/// The person's own row, in the call's transaction and locked.
Task<std::optional<MemberRow>> lock_member(access::Call&, UserId);
/// Whom an administrator ends does not come back by a provider's groups, not even who rests for want of them.
Task<void> forget_lost_groups(access::Call&, UserId);
/// Role, activity and attributes as the row has them. Throws pg::Error GH007 for the last administrator.
Task<void> update_member(access::Call&, MemberRow);
/// From whoever owns the organization to an active administrator.
Task<void> transfer_ownership(access::Call&, UserId to);
/// One's own profile. False if the caller is no active member.
Task<bool> set_own_profile(access::Call&, std::string document);

}  // namespace gatehouse::tenancy
