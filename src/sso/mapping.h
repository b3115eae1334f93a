// What a provider's groups give: a role in the organization, workspaces, and governance roles. Pure.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "domain/ids.h"
#include "domain/terms.h"
#include "json/bounded.h"
#include "json/codec.h"

namespace gatehouse::sso {

/// For one workspace, or without one for the whole organization.
struct GovernanceGrant {
  GovernanceRole role = GovernanceRole::Operator;
  std::optional<WorkspaceId> workspace_id;
  auto operator<=>(const GovernanceGrant&) const = default;
};
BOOST_DESCRIBE_STRUCT(GovernanceGrant, (), (role, workspace_id))

/// Who is in `group` (compared byte for byte) gets all that stands here.
struct GroupRule {
  json::Text<1, 256> group;
  std::optional<RoleCode> role_code;
  json::Defaulted<json::List<WorkspaceId, 50>> workspace_ids;
  json::Defaulted<json::List<GovernanceGrant, 50>> governance_roles;
};
BOOST_DESCRIBE_STRUCT(GroupRule, (), (group, role_code, workspace_ids, governance_roles))

struct Mapping {
  /// Of those whom no rule gives one. Null: they may not sign in.
  std::optional<RoleCode> default_role;
  json::Defaulted<json::List<GroupRule, 200>> rules;
};
BOOST_DESCRIBE_STRUCT(Mapping, (), (default_role, rules))

struct Granted {
  std::optional<RoleCode> role;  // the highest of all that match
  std::set<WorkspaceId> workspaces;
  std::set<GovernanceGrant> governance;
  std::vector<std::string> groups;  // of the mapping, that matched
};
/// All workspaces that it names.
std::set<WorkspaceId> workspaces_of(const Mapping&);
Granted evaluate(const Mapping&, std::span<const std::string> groups);

/// Whether whoever holds `holder` may hand out `given`: no role above one's own (seed 004).
bool may_grant(RoleCode holder, RoleCode given);
/// The pointer of the first thing in it that `holder` may not hand out, such as `/rules/2/role_code`; nothing
/// if there is none.
std::optional<std::string> beyond(const Mapping&, RoleCode holder);

}  // namespace gatehouse::sso
