// Choosing a new password: with the old one, or by a link that came by mail or from an administrator.
#pragma once

#include <optional>
#include <string>

#include "access/call.h"
#include "base/error.h"
#include "base/task.h"
#include "identity/accounts_store.h"
#include "identity/identity.h"

namespace gatehouse::identity {

inline constexpr std::chrono::seconds kResetLifetime{1800};

/// A session that an organization's provider opened speaks for its person there alone: password and second
/// factor are none of its business. Errors: forbidden.
Result<void> check_speaks_for_person(const access::Principal&);

/// Replaces the caller's password and ends their other sessions. Errors: validation_failed, rate_limited,
/// overloaded.
Task<Result<void>> change_password(Identity&, access::Call&, crypto::Secret current, crypto::Secret wanted);

/// Sends a link to the address if an active person has it. Answers before it looks, so that neither answer
/// nor time says whether there is one. Nothing happens where no mail is sent. Errors: rate_limited (by
/// address), overloaded.
Task<Result<void>> request_reset(Identity&, access::Call&, std::string email);

struct ResetLink {
  Timestamp expires_at;
  std::optional<std::string> url;  // nothing: it was sent
};
/// For a member of the caller's organization and of no other. Errors: not_found, forbidden (the owner, by
/// another), conflict (they belong elsewhere as well, or are not active).
Task<Result<ResetLink>> make_reset_link(Identity&, access::Call&, UserId);

/// Sets the password by a link's token, once, and ends all of the person's sessions. An administrator's is
/// judged again as when it was made, and so is whether they are one still. Errors: invalid_link,
/// wrong_region, validation_failed, overloaded.
Task<Result<void>> reset_password(Identity&, access::Call&, std::string token, crypto::Secret password);

}  // namespace gatehouse::identity
