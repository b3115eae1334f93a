// SQL of SCIM groups, under row-level security: the groups that the directory made, and no other.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/call.h"
#include "scim/list_query.h"
#include "scim/patch.h"

namespace gatehouse::scim {

struct StoredGroup {
  GroupId id;
  std::string name;
  std::optional<std::string> external_id;
  std::int64_t version = 1;
  Timestamp created_at;
  Timestamp updated_at;
  std::vector<UserId> members;  // empty where they were not asked for
};

/// `base`: `https://…/scim/v2`.
json::Object to_json(const StoredGroup&, std::string_view base);
std::string version_of(const StoredGroup&);

struct GroupPage {
  std::int64_t total = 0;
  std::vector<StoredGroup> groups;
};

/// Of all groups of a page, which ends before the one that would go beyond it: `itemsPerPage` may be less
/// than `count` (RFC 7644, 3.4.2.4). The first group comes whole, whatever its size.
inline constexpr std::int64_t kMostMembers = 5'000;

/// One query a page; a second one only for a page behind the last.
Task<GroupPage> list_groups(access::Call&, const ListQuery&, bool with_members);
Task<std::optional<StoredGroup>> find_group(access::Call&, GroupId, bool with_members);
/// In the call's transaction, locked.
Task<std::optional<StoredGroup>> lock_group(access::Call&, GroupId, bool with_members);

/// Throws pg::Error (unique violation) for a name or externalId that is taken.
Task<void> insert_group(access::Call&, GroupId, std::string name, std::optional<std::string> external_id);
Task<void> update_group(access::Call&, GroupId, std::string name, std::optional<std::string> external_id);
Task<void> delete_group(access::Call&, GroupId);
/// Who comes and who goes. Errors: invalidValue (there is no such user).
Task<Result<void>> change_members(access::Call&, GroupId, GroupChange);

}  // namespace gatehouse::scim
