// The way of a sign-in through a provider: to it, and back.
//
//   start      an attempt is stored with the hash of its `state` and of a cookie of this browser; the browser
//              goes to the provider with state, nonce and PKCE challenge
//   callback   the attempt is used up, whatever comes of it; then browser, provider, code, ID token and, if
//   need
//              be, userinfo are checked, in this order, and a session is opened
//
// Nonce and PKCE verifier are derived from the state under the installation's key, so that the database holds
// nothing with which a code could be exchanged. No token of the provider is kept but the ID token inside the
// sealed address of its sign-out; refresh tokens are neither asked for nor kept.
#pragma once

#include <string>

#include "access/call.h"
#include "access/operation.h"
#include "sso/attempts_store.h"
#include "sso/linking.h"
#include "sso/provider_address.h"
#include "sso/sso_service.h"

namespace gatehouse::sso {

/// A path of this console: begins with one slash, printable ASCII, 512 characters at most. `/` for anything
/// else.
std::string local_path(std::string_view);

/// An active provider of an organization that is not cancelled. Refusals: provider_inactive,
/// tenant_cancelled.
Task<Judged<Provider>> active_provider(access::Reactor&, ProviderAddress);
/// The same, by which people may sign in: the organization's plan has it too. Refusal: not_in_plan.
Task<Judged<Provider>> usable_provider(access::Reactor&, ProviderAddress);

/// Stores the attempt, sets the browser's cookie, and gives the provider's address for it. Refusals: those of
/// oidc::Issuers::metadata.
Task<Judged<std::string>> begin(SingleSignOn&, access::Call&, const Provider&, Attempt,
                                std::string login_hint);

/// To the provider, or to the sign-in page with the reason. A refusal is recorded as a sign-in that failed.
Task<access::Redirect> start(SingleSignOn&, access::Call&, ProviderAddress, std::string return_to,
                             std::string login_hint);

/// What a test tells: the names of what came, never what it said, and what it would give.
struct TestOutcome {
  std::vector<std::string> claims;
  bool has_email = false;
  bool email_is_verified = false;
  std::optional<std::string> address_refusal;  // why the address would connect to nobody
  std::vector<std::string> matched_groups;
  std::int64_t group_count = 0;
  std::optional<RoleCode> role_code;
};
BOOST_DESCRIBE_STRUCT(TestOutcome, (),
                      (claims, has_email, email_is_verified, address_refusal, matched_groups, group_count,
                       role_code))

/// Back at the callback of this provider: to where the attempt wanted to go, or to the page it came from with
/// the reason. Records what came of it: `session.create`, and `login.link` or `identity_provider.test` for
/// those.
Task<access::Redirect> finish(SingleSignOn&, access::Call&, ProviderAddress);

}  // namespace gatehouse::sso
