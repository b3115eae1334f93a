// PATCH (RFC 7644, 3.5.2), with what Entra and Okta make of it: `op` in any case, booleans as text, `replace`
// without a path, members to remove named in `value`. Pure.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "domain/ids.h"
#include "json/value.h"
#include "scim/user_resource.h"

namespace gatehouse::scim {

inline constexpr std::size_t kMaxOperations = 1'000;

struct PatchOperation {
  enum class Kind { add, replace, remove };
  Kind kind = Kind::add;
  std::optional<Path> path;
  json::Value value;  // null: none
};
/// Errors: invalidSyntax, invalidPath, noTarget (`remove` without a path), tooMany.
Result<std::vector<PatchOperation>> read_patch(std::string_view body);

/// Errors: those of set_attribute() and remove_attribute(). On an error nothing is to be kept.
Result<void> apply_patch(UserResource&, const std::vector<PatchOperation>&);

/// What becomes of a group. Who is in it may be thousands, so only what changes is said.
struct GroupChange {
  std::optional<std::string> display_name;
  std::optional<std::optional<std::string>> external_id;  // inner nothing: cleared
  bool clears_members = false;                            // before `add`
  std::set<UserId> add;
  std::set<UserId> remove;
};
/// Errors: invalidPath, invalidValue, mutability.
Result<GroupChange> group_change(const std::vector<PatchOperation>&);
/// POST and PUT: all that the group is to be. Errors: invalidSyntax, invalidValue.
Result<GroupChange> read_group(std::string_view body);

}  // namespace gatehouse::scim
