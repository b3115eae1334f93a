// Why somebody who came back from a provider is not signed in. Stable names: they stand in audit events and
// in the address of the sign-in page, which has words for each.
#pragma once

#include <expected>
#include <string_view>

#include <boost/describe/enum.hpp>
#include <boost/describe/enum_to_string.hpp>

#include "oidc/refusal.h"

namespace gatehouse::sso {

enum class Refusal {
  // Of the way back.
  state_invalid,  // none that this installation made
  state_unknown,
  state_used,
  state_expired,
  other_browser,
  other_provider,  // at the callback of another than it left for
  // Of the organization and its provider.
  provider_inactive,
  tenant_cancelled,
  not_in_plan,
  // Of the person.
  email_missing,
  domain_not_verified,  // no domain of the organization, or not one of the provider's
  email_not_verified,   // nobody vouches for the address
  not_a_member,         // and the provider makes no members
  account_inactive,
  membership_inactive,
  no_role,             // no group gives one
  plan_full,           // no more users
  last_administrator,  // whose role the groups would take
  groups_invalid,
  groups_incomplete,  // more groups than the provider puts into a token
  linked_to_another,
};
BOOST_DESCRIBE_ENUM(Refusal, state_invalid, state_unknown, state_used, state_expired, other_browser,
                    other_provider, provider_inactive, tenant_cancelled, not_in_plan, email_missing,
                    domain_not_verified, email_not_verified, not_a_member, account_inactive,
                    membership_inactive, no_role, plan_full, last_administrator, groups_invalid,
                    groups_incomplete, linked_to_another)

/// Either kind, by its name.
struct Reason {
  Reason(oidc::Refusal why) : code(oidc::to_string(why)) {}
  Reason(Refusal why) : code(boost::describe::enum_to_string(why, "?")) {}

  std::string_view code;
};

template <class T = void>
using Judged = std::expected<T, Reason>;

inline std::unexpected<Reason> refuse(Reason why) {
  return std::unexpected(why);
}

}  // namespace gatehouse::sso
