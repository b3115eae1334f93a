#include "access/permission.h"

#include <algorithm>
#include <array>

#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>

namespace gatehouse::access {
namespace {

constexpr auto no = std::optional<Reach>{};
constexpr auto own = std::optional(Reach::own);
constexpr auto here = std::optional(Reach::workspace);
constexpr auto mine = std::optional(Reach::workspaces);
constexpr auto all = std::optional(Reach::organization);

enum class Kind { personal, reads, writes };
using enum Kind;

/// What a governance role gives where it was assigned.
enum class Part {
  nil,
  self,   // one's own
  scope,  // the workspace, or the organization if assigned for all
  whole,  // the organization, and only if assigned for all
};
using enum Part;

struct Row {
  Permission permission;
  Kind kind;
  std::optional<Reach> ms, oa, wm, ur;
  // WorkspaceAdmin, Operator, Approver, Auditor, IntegrationAdmin
  std::array<Part, 5> governance;
  std::optional<Reach> programs;
};

using P = Permission;
// An operator (MS) belongs to no organization and sees no tenant's content without a membership.
// WorkspaceAdmin has a WM's powers in one workspace. Everybody with a governance role has an organization
// role too; what that gives is not said again.
constexpr std::array kMatrix = {
    //                                          MS   OA   WM    UR    WorkspaceAdmin Operator Approver Auditor
    //                                          Integration  programs
    Row{P::anyone, personal, own, own, own, own, {self, self, self, self, self}, own},
    Row{P::signed_in, personal, own, own, own, own, {self, self, self, self, self}, own},
    Row{P::account_manage, personal, own, own, own, own, {self, self, self, self, self}, no},
    Row{P::organization_read, reads, no, all, own, own, {nil, nil, nil, scope, nil}, all},
    Row{P::organization_manage, writes, no, all, no, no, {nil, nil, nil, nil, nil}, no},
    Row{P::workspaces_read, reads, no, all, mine, mine, {scope, nil, nil, scope, nil}, here},
    Row{P::workspaces_create, writes, no, all, no, no, {nil, nil, nil, nil, nil}, no},
    Row{P::workspaces_manage, writes, no, all, mine, no, {scope, nil, nil, nil, nil}, no},
    Row{P::workspaces_join, writes, no, own, own, own, {nil, nil, nil, nil, nil}, no},
    Row{P::members_read, reads, no, all, mine, no, {scope, nil, scope, scope, nil}, here},
    Row{P::members_manage, writes, no, all, no, no, {nil, nil, nil, nil, nil}, no},
    Row{P::invitations_read, reads, no, all, mine, no, {scope, nil, nil, scope, nil}, no},
    Row{P::invitations_manage, writes, no, all, mine, no, {scope, nil, nil, nil, nil}, no},
    Row{P::groups_read, reads, no, all, mine, no, {scope, nil, nil, scope, nil}, no},
    Row{P::groups_manage, writes, no, all, no, no, {nil, nil, nil, nil, nil}, no},
    Row{P::roles_read, reads, no, all, mine, no, {scope, nil, nil, scope, nil}, no},
    Row{P::roles_manage, writes, no, all, mine, no, {scope, nil, nil, nil, nil}, no},
    Row{P::grants_read, reads, no, all, mine, own, {scope, nil, nil, scope, nil}, no},
    Row{P::grants_manage, writes, no, all, mine, own, {scope, nil, nil, nil, nil}, no},
    Row{P::access_explain, reads, no, all, mine, own, {scope, nil, nil, scope, nil}, no},
    Row{P::access_view_as, reads, no, all, no, no, {nil, nil, nil, nil, nil}, no},
    Row{P::identity_providers_read, reads, no, all, no, no, {nil, nil, nil, whole, nil}, no},
    Row{P::identity_providers_manage, writes, no, all, no, no, {nil, nil, nil, nil, nil}, no},
    Row{P::service_accounts_read, reads, no, all, no, no, {nil, nil, nil, scope, scope}, no},
    Row{P::service_accounts_manage, writes, no, all, no, no, {nil, nil, nil, nil, scope}, no},
    Row{P::scim_manage, writes, no, all, no, no, {nil, nil, nil, nil, nil}, no},
    Row{P::scim_provision, writes, no, no, no, no, {nil, nil, nil, nil, nil}, all},
    Row{P::sessions_read, reads, no, all, no, no, {nil, nil, nil, whole, nil}, no},
    Row{P::sessions_manage, writes, no, all, no, no, {nil, nil, nil, nil, nil}, no},
    Row{P::usage_read, reads, no, all, here, own, {scope, nil, nil, scope, nil}, all},
    Row{P::stages_read, reads, no, all, mine, no, {nil, scope, nil, scope, nil}, all},
    Row{P::stages_manage, writes, no, all, no, no, {nil, nil, nil, nil, nil}, no},
    Row{P::simulator_run, writes, no, own, own, no, {nil, self, nil, nil, nil}, all},
    Row{P::chats_read, reads, no, all, own, own, {nil, nil, nil, scope, nil}, no},
    Row{P::chats_write, writes, no, own, own, own, {nil, nil, nil, nil, nil}, no},
    Row{P::models_read, reads, no, all, own, own, {nil, nil, nil, scope, nil}, own},
    Row{P::providers_read, reads, no, all, own, no, {self, nil, nil, scope, scope}, no},
    Row{P::providers_manage, writes, no, all, no, no, {nil, nil, nil, nil, nil}, no},
    Row{P::policies_read, reads, no, all, own, no, {self, nil, scope, scope, nil}, no},
    Row{P::policies_manage, writes, no, all, no, no, {nil, nil, nil, nil, nil}, no},
    Row{P::audit_read, reads, no, all, no, no, {nil, nil, nil, scope, nil}, here},
    Row{P::audit_verify, reads, no, all, no, no, {nil, nil, nil, whole, nil}, no},
    Row{P::audit_export, reads, no, all, no, no, {nil, nil, nil, whole, nil}, all},
    Row{P::api_keys_read, reads, no, all, own, own, {nil, nil, nil, scope, nil}, no},
    Row{P::api_keys_manage, writes, no, all, own, own, {nil, nil, nil, nil, nil}, no},
    Row{P::gateway_call, writes, no, own, own, own, {nil, nil, nil, nil, nil}, here},
    Row{P::platform_read, reads, all, no, no, no, {nil, nil, nil, nil, nil}, no},
    Row{P::platform_manage, writes, all, no, no, no, {nil, nil, nil, nil, nil}, no},
};

consteval bool in_order() {
  for (std::size_t i = 0; i < kMatrix.size(); ++i)
    if (static_cast<std::size_t>(kMatrix[i].permission) != i) return false;
  return kMatrix.size() == kPermissions;
}
static_assert(in_order(), "the matrix has one row a permission, in the enumeration's order");

const Row& row_of(Permission permission) {
  return kMatrix[index_of(permission)];
}

std::optional<Reach> reach_in(const Row& row, Governance given) {
  switch (row.governance[static_cast<std::size_t>(given.role)]) {
    case nil:
      return std::nullopt;
    case self:
      return Reach::own;
    case scope:
      return given.whole_organization ? Reach::organization : Reach::workspace;
    case whole:
      return given.whole_organization ? all : no;
  }
  return std::nullopt;
}

std::string cell(std::optional<Reach> reach) {
  return reach ? std::string(gatehouse::to_string(*reach)) : "-";
}

std::string cell(Part part) {
  switch (part) {
    case nil:
      return "-";
    case self:
      return "own";
    case scope:
      return "scope";
    case whole:
      return "organization";
  }
  return "-";
}

}  // namespace

bool is_write(Permission permission) {
  return row_of(permission).kind == writes;
}

bool outlasts(Permission permission) {
  const Row& row = row_of(permission);
  return row.kind == writes && !row.programs && permission != P::chats_write;
}

std::optional<Reach> reach_of(RoleCode role, Permission permission) {
  const Row& row = row_of(permission);
  switch (role) {
    case RoleCode::MS:
      return row.ms;
    case RoleCode::OA:
      return row.oa;
    case RoleCode::WM:
      return row.wm;
    case RoleCode::UR:
      return row.ur;
  }
  return std::nullopt;
}

std::optional<Reach> reach_of(RoleCode role, std::span<const Governance> governance, Permission permission) {
  const Row& row = row_of(permission);
  auto widest = reach_of(role, permission);
  for (const auto& given : governance) {
    if (given.role == GovernanceRole::Auditor && row.kind == writes) return std::nullopt;
    auto reach = reach_in(row, given);
    if (reach && (!widest || *widest < *reach)) widest = reach;
  }
  return widest;
}

std::optional<Reach> reach_for_programs(Permission permission) {
  return row_of(permission).programs;
}

PermissionSet default_key_scope() {
  PermissionSet scope;
  for (auto permission : {P::anyone, P::signed_in, P::models_read, P::gateway_call})
    scope.set(index_of(permission));
  return scope;
}

bool needs_session(Permission permission) {
  switch (permission) {
    case P::account_manage:
    case P::members_manage:
    case P::invitations_manage:
    case P::groups_manage:
    case P::roles_manage:
    case P::identity_providers_manage:
    case P::service_accounts_manage:
    case P::scim_manage:
    case P::api_keys_manage:
      return true;
    default:
      return false;
  }
}

std::vector<std::string_view> permissions_of(RoleCode role, std::span<const Governance> governance) {
  std::vector<std::string_view> names;
  for (const Row& row : kMatrix)
    if (row.kind != personal && reach_of(role, governance, row.permission))
      names.push_back(to_string(row.permission));
  return names;
}

const std::vector<std::string>& matrix_columns() {
  static const std::vector<std::string> columns = {
      "MS",      "OA", "WM", "UR", "WorkspaceAdmin", "Operator", "Approver", "Auditor", "IntegrationAdmin",
      "programs"};
  return columns;
}

std::vector<MatrixRow> matrix_rows() {
  std::vector<MatrixRow> rows;
  for (const Row& row : kMatrix) {
    MatrixRow shown{.permission = row.permission,
                    .writes = row.kind == writes,
                    .cells = {cell(row.ms), cell(row.oa), cell(row.wm), cell(row.ur)}};
    for (auto part : row.governance) shown.cells.push_back(cell(part));
    shown.cells.push_back(cell(row.programs));
    rows.push_back(std::move(shown));
  }
  return rows;
}

std::string_view to_string(Permission permission) {
  return boost::describe::enum_to_string(permission, "?");
}

std::optional<Permission> parse_permission(std::string_view text) {
  Permission permission{};
  if (!boost::describe::enum_from_string(std::string(text).c_str(), permission)) return std::nullopt;
  return permission;
}

}  // namespace gatehouse::access
