// The second factor: codes of an authenticator (crypto/totp.h), or one of ten recovery codes. And the moment
// between password and code, in which nobody is signed in yet.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/call.h"
#include "base/error.h"
#include "base/task.h"
#include "crypto/secret.h"
#include "identity/accounts_store.h"
#include "identity/identity.h"
#include "identity/second_factors_store.h"

namespace gatehouse::identity {

inline constexpr std::size_t kRecoveryCodes = 10;
inline constexpr std::chrono::seconds kChallengeLifetime{300};

AccountOwner owner_of(const access::Principal&);

/// A new secret of the caller's, not in force until confirmed. Errors: already_exists if one is in force.
Task<Result<crypto::Secret>> begin_enrolment(access::Call&);
/// What an app reads from a QR code (Key URI Format).
crypto::Secret enrolment_uri(const crypto::Secret& base32, std::string_view email, std::string_view issuer);
/// Puts the caller's in force with its first code, and gives the recovery codes, shown once. Errors:
/// invalid_code, conflict (none was begun, or it is in force), rate_limited.
Task<Result<std::vector<std::string>>> confirm_enrolment(Identity&, access::Call&, std::string code);
Task<std::vector<std::string>> renew_recovery_codes(access::Reactor&, AccountOwner);

/// Takes a code of the authenticator or a recovery code; each counts once. Errors: invalid_code (also if
/// there is no second factor), rate_limited: wrong codes of one account, whoever sends them.
Task<Result<void>> take_code(Identity&, access::Reactor&, AccountOwner, std::string code);

/// Says that the password of an account was right, to nobody but this installation, for five minutes.
std::string issue_challenge(const access::NodeSecrets&, AccountOwner, const Account&, Timestamp now);
struct OpenedChallenge {
  AccountOwner owner;
  std::string password_mark;
};
/// Errors: invalid_credentials.
Result<OpenedChallenge> open_challenge(const access::NodeSecrets&, std::string_view text, Timestamp now);
/// Of the password that a challenge was issued for: one that was changed since ends it.
std::string password_mark(const Account&);

}  // namespace gatehouse::identity
