// What a caller may do: an enumeration, and one matrix from roles to how far each permission reaches. The
// matrix is also what the console and docs/permissions.md show.
#pragma once

#include <bitset>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/describe/enum.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/mp11/list.hpp>

#include "domain/terms.h"

namespace gatehouse::access {

enum class Permission {
  anyone,          // no credential
  signed_in,       // any principal, to read of its own account
  account_manage,  // one's own account, sessions and tokens
  organization_read,
  organization_manage,
  workspaces_read,
  workspaces_create,
  workspaces_manage,  // settings and people of a workspace
  workspaces_join,    // oneself, where anybody may
  members_read,
  members_manage,
  invitations_read,
  invitations_manage,
  groups_read,
  groups_manage,
  roles_read,
  roles_manage,
  grants_read,
  grants_manage,
  access_explain,
  access_view_as,
  identity_providers_read,
  identity_providers_manage,
  service_accounts_read,
  service_accounts_manage,
  scim_manage,
  scim_provision,  // of the organization's SCIM token alone
  sessions_read,
  sessions_manage,  // of the organization's people
  usage_read,
  stages_read,
  stages_manage,
  simulator_run,
  chats_read,
  chats_write,
  models_read,
  providers_read,
  providers_manage,
  policies_read,
  policies_manage,
  audit_read,
  audit_verify,
  audit_export,
  api_keys_read,
  api_keys_manage,
  gateway_call,
  platform_read,
  platform_manage,
};
BOOST_DESCRIBE_ENUM(Permission, anyone, signed_in, account_manage, organization_read, organization_manage,
                    workspaces_read, workspaces_create, workspaces_manage, workspaces_join, members_read,
                    members_manage, invitations_read, invitations_manage, groups_read, groups_manage,
                    roles_read, roles_manage, grants_read, grants_manage, access_explain, access_view_as,
                    identity_providers_read, identity_providers_manage, service_accounts_read,
                    service_accounts_manage, scim_manage, scim_provision, sessions_read, sessions_manage,
                    usage_read, stages_read, stages_manage, simulator_run, chats_read, chats_write,
                    models_read, providers_read, providers_manage, policies_read, policies_manage, audit_read,
                    audit_verify, audit_export, api_keys_read, api_keys_manage, gateway_call, platform_read,
                    platform_manage)

inline constexpr std::size_t kPermissions =
    boost::mp11::mp_size<boost::describe::describe_enumerators<Permission>>::value;

/// Some of the permissions: what a program's credential was given.
using PermissionSet = std::bitset<kPermissions>;
constexpr std::size_t index_of(Permission permission) {
  return static_cast<std::size_t>(permission);
}

/// Of the caller's own person, whatever its organization and the organization's status.
constexpr bool is_personal(Permission permission) {
  return permission <= Permission::account_manage;
}
/// Of the installation, for operators.
constexpr bool is_of_platform(Permission permission) {
  return permission >= Permission::platform_read;
}
/// Whether it lets its holder change anything, spend or act. An Auditor and who views as another may not.
bool is_write(Permission);
/// Whether what it changes may outlast the right to it (roles, keys, invitations, settings), unlike chats and
/// calls: such a change is made only if the caller has the right still when it is made (Call::write).
bool outlasts(Permission);

/// How far the organization role alone opens the permission; nullopt: not at all. The personal ones are `own`
/// for every role.
std::optional<Reach> reach_of(RoleCode, Permission);

/// A governance role as it counts in one call: assigned for the workspace of the call, or for all.
struct Governance {
  GovernanceRole role;
  bool whole_organization = false;
};
/// Role and governance roles together: the widest of what they give; nothing that writes where one is
/// Auditor.
std::optional<Reach> reach_of(RoleCode, std::span<const Governance>, Permission);

/// How far it can be given to a program (service account, or an API key's scope); nullopt: not to programs.
std::optional<Reach> reach_for_programs(Permission);
/// What an API key opens that was given no permissions: calling models, listing them, whose it is (decision
/// 0008).
PermissionSet default_key_scope();

/// Only for a session in its cookie: with these, a token or key that was stolen for minutes could be turned
/// into one that lasts, or into an account or a role for whoever has it.
bool needs_session(Permission);

/// The names that role and governance roles hold, without the personal ones; what `/api/auth/me` tells the
/// console.
std::vector<std::string_view> permissions_of(RoleCode, std::span<const Governance> = {});

/// A row of the matrix, as it is shown. Cells: `-`, `own`, `workspace`, `workspaces`, `organization`; of a
/// governance role `scope` (the workspace, or the organization if it was assigned for all) and `organization`
/// (for all only).
struct MatrixRow {
  Permission permission;
  bool writes = false;
  std::vector<std::string> cells;  // in the order of matrix_columns()
};
const std::vector<std::string>& matrix_columns();
std::vector<MatrixRow> matrix_rows();

std::string_view to_string(Permission);
std::optional<Permission> parse_permission(std::string_view);

}  // namespace gatehouse::access
