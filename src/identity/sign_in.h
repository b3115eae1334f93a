// From e-mail and password to a session: the same answer, in the same time, whether the account exists or
// not.
#pragma once

#include <string>

#include "access/call.h"
#include "base/error.h"
#include "base/task.h"
#include "crypto/secret.h"
#include "identity/accounts_store.h"
#include "identity/identity.h"
#include "identity/session_origin.h"

namespace gatehouse::identity {

/// Signs in and gives whom the call then speaks for; the session's cookie stands in the call's headers and
/// its event was recorded before it. The person's last used organization becomes the active one, or the
/// first. A failure is recorded on the platform's chain, with keyed hashes of e-mail and network address, and
/// so is, now and then, that sign-ins are refused for too many (lockout.h).
/// Errors: invalid_credentials, wrong_region (the address is known in another alone), rate_limited (per
/// account), overloaded, not_a_member (of anything), password_sign_in_off (in all of the person's
/// organizations), second_factor_required: with a `challenge` that finish_sign_in() takes.
Task<Result<access::Principal>> sign_in(Identity&, access::Call&, std::string email, crypto::Secret password);

/// The second step, with a code of the second factor. Errors: invalid_credentials (the challenge is too old),
/// invalid_code, rate_limited, not_a_member, password_sign_in_off.
Task<Result<access::Principal>> finish_sign_in(Identity&, access::Call&, std::string challenge,
                                               std::string code);

/// An active membership in an active organization, whichever region it is in.
Task<std::optional<Membership>> find_membership(access::Reactor&, UserId, OrganizationId);

struct OpenedBy {
  SessionMethod method = SessionMethod::password;
  std::optional<Timestamp> second_factor_at;  // when its person showed it
  std::optional<Timestamp> ends_at;           // with the session that it replaces; none: a whole lifetime
};
/// A new session in the organization, or an operator's without one. Sets the cookie and the audit note.
/// `origin`: the organization's provider vouched for the person; the method is then that.
Task<access::Principal> open_session(Identity&, access::Call&, UserId, const Membership*, OpenedBy = {},
                                     std::optional<SessionOrigin> origin = std::nullopt);

}  // namespace gatehouse::identity
