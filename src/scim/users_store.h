// SQL of SCIM users, under row-level security.
#pragma once

#include <optional>
#include <vector>

#include "access/call.h"
#include "scim/list_query.h"
#include "scim/user_resource.h"

namespace gatehouse::scim {

struct StoredUser {
  ShownUser shown;
  bool is_owner = false;
  /// The membership alone; `shown.said.active` needs the person to be active as well.
  bool is_active = false;
};

struct UserPage {
  std::int64_t total = 0;
  std::vector<ShownUser> users;
};

/// One query a page; a second one only for a page behind the last.
Task<UserPage> list_users(access::Call&, const ListQuery&);
Task<std::optional<StoredUser>> find_user(access::Call&, UserId);
/// In the call's transaction, the membership locked.
Task<std::optional<StoredUser>> lock_user(access::Call&, UserId);

/// Whether the address is a member's, and whether the directory has deleted that one.
struct KnownMember {
  UserId user_id;
  bool is_deleted = false;
};
BOOST_DESCRIBE_STRUCT(KnownMember, (), (user_id, is_deleted))
Task<std::optional<KnownMember>> find_member(access::Call&, std::string email);

/// What the directory says, whether or not it said anything before. Throws pg::Error (unique violation) for
/// another's externalId.
Task<void> save_user(access::Call&, UserId, UserResource);
/// The same for a membership that is being made, by gatehouse_platform.
void add_new_user(pg::Batch&, OrganizationId, UserId, const UserResource&, bool made_person);

/// Ends the membership, also one that rests and would come back by a provider's groups; or begins it anew as
/// a user's. Throws pg::Error GH007.
Task<void> end_membership(access::Call&, UserId);
Task<void> renew_membership(access::Call&, UserId);
/// Gone for the directory, with what it said, and out of the groups that it made.
Task<void> mark_deleted(access::Call&, UserId);

/// Of a person whom the directory made and who belongs nowhere else; of others nothing is changed.
Task<void> rename_person(access::Call&, std::string email, std::string name);
/// False: it is another's to change. Throws pg::Error (unique violation) for an address that is taken.
Task<bool> readdress_person(access::Call&, std::string email, std::string new_email);

}  // namespace gatehouse::scim
