#include "access/permission.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gatehouse::access {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

TEST(Permissions, OfAnOperatorReachNoTenant) {
  EXPECT_THAT(permissions_of(RoleCode::MS), ElementsAre("platform_read", "platform_manage"));
  EXPECT_EQ(reach_of(RoleCode::MS, Permission::chats_read), std::nullopt);
}

TEST(Permissions, OfAnAdministratorReachTheOrganizationButWriteOnlyOwnChats) {
  EXPECT_EQ(reach_of(RoleCode::OA, Permission::chats_read), Reach::organization);
  EXPECT_EQ(reach_of(RoleCode::OA, Permission::chats_write), Reach::own);
  EXPECT_THAT(permissions_of(RoleCode::OA), Not(Contains("platform_read")));
}

TEST(Permissions, OfAUserEndAtTheirOwnThings) {
  EXPECT_THAT(permissions_of(RoleCode::UR),
              ElementsAre("organization_read", "workspaces_read", "workspaces_join", "grants_read",
                          "grants_manage", "access_explain", "usage_read", "chats_read", "chats_write",
                          "models_read", "api_keys_read", "api_keys_manage", "gateway_call"));
  EXPECT_EQ(reach_of(RoleCode::UR, Permission::chats_read), Reach::own);
  EXPECT_EQ(reach_of(RoleCode::WM, Permission::policies_manage), std::nullopt);
}

Governance in_workspace(GovernanceRole role) {
  return {.role = role, .whole_organization = false};
}

TEST(Permissions, OfAWorkspaceAdministratorAreAManagersInOneWorkspace) {
  std::vector roles = {in_workspace(GovernanceRole::WorkspaceAdmin)};
  EXPECT_EQ(reach_of(RoleCode::UR, roles, Permission::workspaces_manage), Reach::workspace);
  EXPECT_EQ(reach_of(RoleCode::WM, roles, Permission::workspaces_manage), Reach::workspaces);
  EXPECT_EQ(reach_of(RoleCode::UR, roles, Permission::workspaces_create), std::nullopt);
}

TEST(Permissions, OfAnAuditorAreToReadWhateverTheOtherRolesGive) {
  std::vector roles = {in_workspace(GovernanceRole::WorkspaceAdmin), in_workspace(GovernanceRole::Auditor)};
  EXPECT_EQ(reach_of(RoleCode::OA, roles, Permission::policies_manage), std::nullopt);
  EXPECT_EQ(reach_of(RoleCode::UR, roles, Permission::gateway_call), std::nullopt);
  EXPECT_EQ(reach_of(RoleCode::UR, roles, Permission::audit_read), Reach::workspace);
  EXPECT_EQ(reach_of(RoleCode::UR, roles, Permission::account_manage), Reach::own);
  for (auto name : permissions_of(RoleCode::OA, roles))
    EXPECT_FALSE(is_write(*parse_permission(name))) << name;
}

TEST(Permissions, OfAnAuditorOfAllReachTheOrganization) {
  std::vector<Governance> roles = {{.role = GovernanceRole::Auditor, .whole_organization = true}};
  EXPECT_EQ(reach_of(RoleCode::UR, roles, Permission::audit_verify), Reach::organization);
  EXPECT_EQ(
      reach_of(RoleCode::UR, std::vector{in_workspace(GovernanceRole::Auditor)}, Permission::audit_verify),
      std::nullopt);
}

TEST(Permissions, MatrixHasACellForEachColumn) {
  for (const auto& row : matrix_rows()) EXPECT_EQ(row.cells.size(), matrix_columns().size());
}

}  // namespace
}  // namespace gatehouse::access
