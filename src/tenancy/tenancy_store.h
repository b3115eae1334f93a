// Reads of an organization, its workspaces and members, under row-level security.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "access/call.h"

namespace gatehouse::tenancy {

struct OrganizationView {
  OrganizationId id;
  std::string name;
  std::string slug;
  Region region;
  DataMode data_mode;
  TenantStatus status;
  Timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(OrganizationView, (), (id, name, slug, region, data_mode, status, created_at))

struct WorkspaceView {
  WorkspaceId id;
  std::string name;
  WorkspaceType workspace_type;
  bool is_default;
  std::string visibility;
  Timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(WorkspaceView, (), (id, name, workspace_type, is_default, visibility, created_at))

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

/// Where a list by name goes on: after this row.
struct NamePlace {
  Uuid id;
  std::string name;
};
std::string to_cursor(const NamePlace&);
/// Nothing for text that to_cursor did not write.
std::optional<NamePlace> parse_cursor(std::string_view);

Task<std::optional<OrganizationView>> find_organization(access::Call&);
/// At most `limit` rows after `after`, by name.
Task<std::vector<WorkspaceView>> list_workspaces(access::Call&, std::optional<NamePlace> after,
                                                 std::int64_t limit);
Task<std::vector<MemberView>> list_members(access::Call&, std::optional<NamePlace> after, std::int64_t limit);

}  // namespace gatehouse::tenancy
