#include "sso/mapping.h"

#include <algorithm>

namespace gatehouse::sso {

bool may_grant(RoleCode holder, RoleCode given) {
  // The enumeration goes from the highest role down. An operator's is nobody's to hand out.
  return given != RoleCode::MS && holder <= given;
}

std::set<WorkspaceId> workspaces_of(const Mapping& mapping) {
  std::set<WorkspaceId> named;
  for (const auto& rule : *mapping.rules) {
    named.insert(rule.workspace_ids->begin(), rule.workspace_ids->end());
    for (const auto& grant : *rule.governance_roles)
      if (grant.workspace_id) named.insert(*grant.workspace_id);
  }
  return named;
}

Granted evaluate(const Mapping& mapping, std::span<const std::string> groups) {
  Granted granted;
  for (const auto& rule : *mapping.rules) {
    if (std::ranges::find(groups, rule.group.str()) == groups.end()) continue;
    granted.groups.push_back(rule.group);
    if (rule.role_code && (!granted.role || *rule.role_code < *granted.role)) granted.role = rule.role_code;
    granted.workspaces.insert(rule.workspace_ids->begin(), rule.workspace_ids->end());
    granted.governance.insert(rule.governance_roles->begin(), rule.governance_roles->end());
  }
  if (!granted.role) granted.role = mapping.default_role;
  return granted;
}

std::optional<std::string> beyond(const Mapping& mapping, RoleCode holder) {
  if (mapping.default_role && !may_grant(holder, *mapping.default_role)) return "/default_role";
  for (std::size_t i = 0; i < mapping.rules->size(); ++i) {
    const auto& role = (*mapping.rules)[i].role_code;
    if (role && !may_grant(holder, *role)) return "/rules/" + std::to_string(i) + "/role_code";
  }
  return std::nullopt;
}

}  // namespace gatehouse::sso
