#include "identity/program_scope.h"

#include "access/roles.h"

namespace gatehouse::identity {
namespace {

using access::Permission;

/// A program that acts does so for itself in its workspace; one that reads sees all that its reach opens.
bool reaches_further(Permission permission, Reach giver) {
  return !access::is_write(permission) && *access::reach_for_programs(permission) > giver;
}

}  // namespace

Task<Result<access::PermissionSet>> permissions_to_give(access::Call& call, ProgramKind kind,
                                                        WorkspaceId workspace,
                                                        json::List<json::Text<1, 64>, 64> names) {
  auto roles = co_await call.tenant().part<access::PeopleRoles>();
  auto governance = roles->in(call.user(), workspace);
  access::PermissionSet given;
  std::vector<FieldError> wrong;
  for (std::size_t i = 0; i < names.size(); ++i) {
    auto refuse = [&](std::string_view code, std::string_view message) {
      wrong.push_back({"/permissions/" + std::to_string(i), std::string(code), std::string(message)});
    };
    auto permission = access::parse_permission(names[i].str());
    if (!permission) {
      refuse("unknown", "is no permission");
      continue;
    }
    auto reach = access::reach_of(call.principal().role, governance, *permission);
    if (access::is_personal(*permission) || !access::reach_for_programs(*permission))
      refuse("not_for_programs", "cannot be given to a program");
    else if (!reach)
      refuse("not_held", "is not yours to give");
    else if (kind == ProgramKind::service_account && reaches_further(*permission, *reach))
      refuse("beyond_reach", "reaches further for a program than for you");
    else
      given.set(access::index_of(*permission));
  }
  if (!wrong.empty()) co_return fail(invalid(std::move(wrong)));
  co_return given;
}

Task<Result<void>> check_may_hold(access::Call& call, WorkspaceId workspace,
                                  std::vector<std::string> permissions) {
  auto held = co_await permissions_to_give(call, ProgramKind::service_account, workspace,
                                           {permissions.begin(), permissions.end()});
  if (!held) co_return fail(ErrorCode::forbidden, "This service account may more than you may give");
  co_return Result<void>{};
}

}  // namespace gatehouse::identity
