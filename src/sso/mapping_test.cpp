#include "sso/mapping.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gatehouse::sso {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const WorkspaceId kSupport = WorkspaceId::make(), kSales = WorkspaceId::make();

Mapping mapping() {
  return {.default_role = RoleCode::UR,
          .rules = json::List<GroupRule, 200>(
              {{.group = "staff", .workspace_ids = json::List<WorkspaceId, 50>({kSupport})},
               {.group = "leads",
                .role_code = RoleCode::WM,
                .workspace_ids = json::List<WorkspaceId, 50>({kSupport, kSales})},
               {.group = "it", .role_code = RoleCode::OA}})};
}

Granted granted(std::vector<std::string> groups, const Mapping& of = mapping()) {
  return evaluate(of, groups);
}

TEST(Mapping, TheHighestRoleOfAllGroupsCountsAndTheirWorkspacesAddUp) {
  EXPECT_EQ(granted({"staff"}).role, RoleCode::UR);
  EXPECT_THAT(granted({"staff"}).workspaces, ElementsAre(kSupport));
  EXPECT_EQ(granted({"staff", "leads"}).role, RoleCode::WM);
  EXPECT_EQ(granted({"it", "leads"}).role, RoleCode::OA);
  EXPECT_EQ(granted({"it", "leads"}).workspaces, (std::set{kSupport, kSales}));
  EXPECT_THAT(granted({"leads", "unknown"}).groups, ElementsAre("leads"));
}

TEST(Mapping, WhoIsInNoGroupGetsTheDefaultOrNothing) {
  EXPECT_EQ(granted({}).role, RoleCode::UR);
  EXPECT_THAT(granted({"Staff"}).workspaces, IsEmpty()) << "groups are compared byte for byte";
  auto strict = mapping();
  strict.default_role.reset();
  EXPECT_EQ(granted({"staff"}, strict).role, std::nullopt);
  EXPECT_EQ(granted({"it"}, strict).role, RoleCode::OA);
}

TEST(Mapping, NobodyHandsOutARoleAboveTheirOwn) {
  EXPECT_EQ(beyond(mapping(), RoleCode::OA), std::nullopt);
  EXPECT_EQ(beyond(mapping(), RoleCode::WM), "/rules/2/role_code");
  EXPECT_EQ(beyond(mapping(), RoleCode::UR), "/rules/1/role_code");
  auto operators = mapping();
  operators.default_role = RoleCode::MS;
  EXPECT_EQ(beyond(operators, RoleCode::OA), "/default_role");
  EXPECT_EQ(beyond(operators, RoleCode::MS), "/default_role");
}

}  // namespace
}  // namespace gatehouse::sso
