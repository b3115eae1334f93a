#include "access/permission.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gatehouse::access {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

TEST(Permissions, OfAnOperatorReachNoTenant) {
  EXPECT_THAT(permissions_of(RoleCode::MS), ElementsAre("platform_read"));
  EXPECT_EQ(reach_of(RoleCode::MS, Permission::chats_read), std::nullopt);
}

TEST(Permissions, OfAnAdministratorReachTheOrganizationButWriteOnlyOwnChats) {
  EXPECT_EQ(reach_of(RoleCode::OA, Permission::chats_read), Reach::organization);
  EXPECT_EQ(reach_of(RoleCode::OA, Permission::chats_write), Reach::own);
  EXPECT_THAT(permissions_of(RoleCode::OA), Not(Contains("platform_read")));
}

TEST(Permissions, OfAUserEndAtTheirOwnThings) {
  EXPECT_THAT(permissions_of(RoleCode::UR),
              ElementsAre("organization_read", "workspaces_read", "chats_read", "chats_write", "models_read",
                          "api_keys_read", "api_keys_manage", "gateway_call"));
  EXPECT_EQ(reach_of(RoleCode::UR, Permission::chats_read), Reach::own);
  EXPECT_EQ(reach_of(RoleCode::WM, Permission::policies_manage), std::nullopt);
}

}  // namespace
}  // namespace gatehouse::access
