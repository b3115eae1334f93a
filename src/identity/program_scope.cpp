#include "identity/program_scope.h"

#include "access/roles.h"

namespace gatehouse::identity {

Task<Result<access::PermissionSet>> permissions_to_give(access::Call& call, WorkspaceId workspace,
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
    if (!permission)
      refuse("unknown", "is no permission");
    else if (access::is_personal(*permission) || !access::reach_for_programs(*permission))
      refuse("not_for_programs", "cannot be given to a program");
    else if (!access::reach_of(call.principal().role, governance, *permission))
      refuse("not_held", "is not yours to give");
    else
      given.set(access::index_of(*permission));
  }
  if (!wrong.empty()) co_return fail(Error{.code = ErrorCode::validation_failed, .fields = std::move(wrong)});
  co_return given;
}

}  // namespace gatehouse::identity
