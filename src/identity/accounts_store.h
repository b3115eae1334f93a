// SQL of accounts: people in their regions, operators in the control database. As gatehouse_platform.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "access/reactor.h"
#include "domain/ids.h"
#include "domain/terms.h"

namespace gatehouse::identity {

struct Account {
  UserId id;
  std::string email;
  std::string name;
  std::optional<std::string> password_hash;
  std::optional<std::string> language;
  std::string theme;
  bool is_active = false;
  bool is_confirmed = false;  // the address is proved; an operator's always
};
BOOST_DESCRIBE_STRUCT(Account, (), (id, email, name, password_hash, language, theme, is_active, is_confirmed))

Task<std::optional<Account>> find_operator(access::Reactor&, std::string email);
Task<std::optional<Account>> get_operator(access::Reactor&, UserId);
/// False if the address is taken.
Task<bool> insert_operator(access::Reactor&, UserId, std::string email, std::string name,
                           std::string password_hash);
Task<std::optional<Account>> find_account(access::Reactor&, Region, std::string email);
Task<std::optional<Account>> get_account(access::Reactor&, Region, UserId);

/// In the first region that this node serves and that knows the person.
Task<std::optional<Region>> home_of(access::Reactor&, UserId);

/// Replaces the hash unless it has changed meanwhile.
Task<void> replace_password_hash(access::Reactor&, std::optional<Region>, UserId, std::string old_hash,
                                 std::string new_hash);

/// The address was proved by who is signed in to the account. In all regions that this node serves.
Task<void> confirm_address(access::Reactor&, UserId);

struct AccountChange {
  std::optional<std::string> name;
  std::optional<std::string> language;
  std::optional<std::string> theme;
};
/// No region: an operator's. Nothing happens where there is no such account.
Task<void> update_account(access::Reactor&, std::optional<Region>, UserId, AccountChange);

/// An active membership in an active organization.
struct Membership {
  OrganizationId organization_id;
  std::string name;
  std::string slug;
  Region region;
  DataMode data_mode;
  TenantStatus status;
  RoleCode role_code;
  bool is_owner;
  std::optional<Timestamp> last_session_at;
  std::optional<WorkspaceId> my_workspace;
  bool takes_passwords;     // its settings let a password open a session
  bool asks_second_factor;  // of this person's role
};
BOOST_DESCRIBE_STRUCT(Membership, (),
                      (organization_id, name, slug, region, data_mode, status, role_code, is_owner,
                       last_session_at, my_workspace, takes_passwords, asks_second_factor))
/// In all regions that this node serves, by name.
Task<std::vector<Membership>> list_memberships(access::Reactor&, UserId);

struct UsableWorkspace {
  WorkspaceId id;
  std::string name;
  WorkspaceType workspace_type;
  bool is_default;
};
BOOST_DESCRIBE_STRUCT(UsableWorkspace, (), (id, name, workspace_type, is_default))
/// Those the person belongs to; with `all_functional` also the organization's other functional ones.
Task<std::vector<UsableWorkspace>> list_usable_workspaces(access::Reactor&, Region, OrganizationId, UserId,
                                                          bool all_functional);

/// Where an organization lives, by the control directory.
Task<std::optional<Region>> region_of(access::Reactor&, OrganizationId);

}  // namespace gatehouse::identity
