// What a caller may do: an enumeration, and one matrix from roles to how far each permission reaches.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include <boost/describe/enum.hpp>

#include "domain/terms.h"

namespace gatehouse::access {

enum class Permission {
  anyone,          // no credential
  signed_in,       // any principal, to read of its own account
  account_manage,  // one's own account, sessions and tokens
  organization_read,
  workspaces_read,
  members_read,
  chats_read,
  chats_write,
  models_read,
  providers_read,
  providers_manage,
  policies_read,
  policies_manage,
  audit_read,
  audit_export,
  api_keys_read,
  api_keys_manage,
  gateway_call,
  platform_read,
};
BOOST_DESCRIBE_ENUM(Permission, anyone, signed_in, account_manage, organization_read, workspaces_read,
                    members_read, chats_read, chats_write, models_read, providers_read, providers_manage,
                    policies_read, policies_manage, audit_read, audit_export, api_keys_read, api_keys_manage,
                    gateway_call, platform_read)

/// How much of an organization the permission opens to the role; nullopt: not at all.
/// The personal ones are `own` for every role.
std::optional<Reach> reach_of(RoleCode, Permission);

/// Of the caller's own person, whatever its organization and the organization's status.
constexpr bool is_personal(Permission permission) {
  return permission <= Permission::account_manage;
}

/// Only for a session in its cookie: with these, a token or key that was stolen for minutes could be turned
/// into one that lasts.
bool needs_session(Permission);

/// Whether an API key may be used for it. A key is in the hands of a program and of whoever reads its
/// configuration: it calls models, in its workspace, tells whose it is, and opens nothing else of what its
/// person may.
bool is_open_to_api_keys(Permission);

/// The names a role holds, without the personal ones; what `/api/auth/me` tells the console.
std::vector<std::string_view> permissions_of(RoleCode);

std::string_view to_string(Permission);

}  // namespace gatehouse::access
