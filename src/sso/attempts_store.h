// Rows of sign-ins that are on their way through a provider. As gatehouse_platform: nobody is signed in yet.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "access/reactor.h"
#include "audit/event.h"
#include "crypto/digest.h"
#include "domain/ids.h"
#include "oidc/id_token.h"
#include "pg/params.h"

namespace gatehouse::sso {

/// sign_in: from the sign-in page. link: somebody who is signed in adds a login. test: an administrator tries
/// a provider; nobody is signed in by it.
enum class Purpose { sign_in, link, test };
BOOST_DESCRIBE_ENUM(Purpose, sign_in, link, test)

struct Attempt {
  OrganizationId organization;
  Region region = Region::us;
  SignInAttemptId id;
  IdentityProviderId provider;
  Purpose purpose = Purpose::sign_in;
  std::optional<UserId> user;        // of a link or a test
  std::optional<SessionId> session;  // of a link
  std::string return_to;
};

inline constexpr std::chrono::minutes kAttemptLifetime{10};

Task<void> insert_attempt(access::Reactor&, Attempt, crypto::Digest state, crypto::Digest browser);

struct UsedAttempt {
  Attempt attempt;
  crypto::Digest browser{};
  bool was_used = false;
  bool has_expired = false;
};
/// Marks it as used, whatever comes of it, and gives it as it was before. Nothing if there is none with this
/// state, or the session in which a link was begun has ended.
Task<std::optional<UsedAttempt>> use_attempt(access::Reactor&, Region, OrganizationId, SignInAttemptId,
                                             crypto::Digest state);
/// Of a test.
Task<void> store_outcome(access::Reactor&, Attempt, pg::Json outcome);

/// Ends the sessions that the token names and records `event`, with how many they were, in the transaction
/// that remembers the token: if it fails, the token can come again. Nothing for one that was seen before.
Task<std::optional<std::vector<SessionId>>> obey_logout_token(access::Reactor&, Region, OrganizationId,
                                                              IdentityProviderId, oidc::LogoutToken,
                                                              audit::Event event);
/// Drops attempts and logout tokens that are of no use any more.
Task<void> forget_old(access::Reactor&, Region);

}  // namespace gatehouse::sso
