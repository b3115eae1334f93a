#include "access/workspace_access.h"

#include <algorithm>

#include "pg/params.h"

namespace gatehouse::access {
namespace {

constexpr pg::Statement kWorkspaces{"workspaces.ids",
                                    "select id from workspaces where organization_id = $1 and is_active"};
constexpr pg::Statement kMine{"workspaces.mine",
                              "select workspace_id from workspace_users"
                              " where organization_id = $1 and user_id = $2 and is_active"};

struct Workspaces {
  std::vector<WorkspaceId> all;
  std::unordered_map<UserId, std::vector<WorkspaceId>> by_user;

  static Task<std::shared_ptr<Workspaces>> load(const TenantSnapshot& tenant) {
    auto rows = co_await tenant.read(pg::Batch(kWorkspaces, pg::params(tenant.tenant().id)));
    auto made = std::make_shared<Workspaces>();
    made->all = rows[0].as<WorkspaceId>();
    co_return made;
  }
};

}  // namespace

Task<bool> may_use_workspace(const TenantSnapshot& tenant, UserId user, Reach reach, WorkspaceId workspace) {
  auto known = co_await tenant.part<Workspaces>();
  if (std::ranges::find(known->all, workspace) == known->all.end()) co_return false;
  if (reach == Reach::organization) co_return true;
  auto found = known->by_user.find(user);
  if (found == known->by_user.end()) {
    auto rows = co_await tenant.read(pg::Batch(kMine, pg::params(tenant.tenant().id, user)));
    found = known->by_user.insert_or_assign(user, rows[0].as<WorkspaceId>()).first;
  }
  co_return std::ranges::find(found->second, workspace) != found->second.end();
}

}  // namespace gatehouse::access
