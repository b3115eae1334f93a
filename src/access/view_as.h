// "View as": an administrator sees what a member sees. Read-only, and each call is recorded as the
// administrator's.
#pragma once

#include <string_view>

#include "access/authenticator.h"
#include "access/principal.h"
#include "base/error.h"
#include "base/task.h"

namespace gatehouse::access {

class Reactor;

/// The member (an id) as the principal, whose act it stays, sees the organization. Errors: forbidden for who
/// may not, second_factor_missing, tenant_suspended, tenant_cancelled, not_found for an id that is no active
/// member's.
Task<Result<Principal>> view_as(Reactor&, Principal, std::string_view member);

/// Authenticator::renew(), also of who views as another: both must still have what it takes.
Task<Result<Principal>> renew(Authenticator&, Reactor&, Principal);

}  // namespace gatehouse::access
