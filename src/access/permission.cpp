#include "access/permission.h"

#include <array>

#include <boost/describe/enum_to_string.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>

namespace gatehouse::access {
namespace {

constexpr auto no = std::optional<Reach>{};
constexpr auto own = std::optional(Reach::own);
constexpr auto spaces = std::optional(Reach::workspaces);
constexpr auto all = std::optional(Reach::organization);

struct Row {
  Permission permission;
  std::optional<Reach> ms, oa, wm, ur;
};

// An operator (MS) belongs to no organization and sees no tenant's content without a membership.
constexpr std::array kMatrix = {
    //  permission                      MS   OA   WM      UR
    Row{Permission::anyone, own, own, own, own},
    Row{Permission::signed_in, own, own, own, own},
    Row{Permission::account_manage, own, own, own, own},
    Row{Permission::organization_read, no, all, own, own},
    Row{Permission::workspaces_read, no, all, spaces, spaces},
    Row{Permission::members_read, no, all, spaces, no},
    Row{Permission::chats_read, no, all, own, own},
    Row{Permission::chats_write, no, own, own, own},
    Row{Permission::models_read, no, all, own, own},
    Row{Permission::providers_read, no, all, own, no},
    Row{Permission::providers_manage, no, all, no, no},
    Row{Permission::policies_read, no, all, own, no},
    Row{Permission::policies_manage, no, all, no, no},
    Row{Permission::audit_read, no, all, no, no},
    Row{Permission::audit_export, no, all, no, no},
    Row{Permission::api_keys_read, no, all, own, own},
    Row{Permission::api_keys_manage, no, all, own, own},
    Row{Permission::gateway_call, no, own, own, own},
    Row{Permission::platform_read, all, no, no, no},
};

consteval bool in_order() {
  for (std::size_t i = 0; i < kMatrix.size(); ++i)
    if (static_cast<std::size_t>(kMatrix[i].permission) != i) return false;
  return kMatrix.size() == boost::mp11::mp_size<boost::describe::describe_enumerators<Permission>>::value;
}
static_assert(in_order(), "the matrix has one row a permission, in the enumeration's order");

}  // namespace

std::optional<Reach> reach_of(RoleCode role, Permission permission) {
  const Row& row = kMatrix[static_cast<std::size_t>(permission)];
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

bool needs_session(Permission permission) {
  return permission == Permission::account_manage || permission == Permission::api_keys_manage;
}

bool is_open_to_api_keys(Permission permission) {
  return permission == Permission::anyone || permission == Permission::signed_in ||
         permission == Permission::models_read || permission == Permission::gateway_call;
}

std::vector<std::string_view> permissions_of(RoleCode role) {
  std::vector<std::string_view> names;
  for (const Row& row : kMatrix)
    if (!is_personal(row.permission) && reach_of(role, row.permission))
      names.push_back(to_string(row.permission));
  return names;
}

std::string_view to_string(Permission permission) {
  return boost::describe::enum_to_string(permission, "?");
}

}  // namespace gatehouse::access
