// "View as": an administrator sees what a member sees. Read-only, and each call is recorded as the
// administrator's.
#pragma once

#include "access/principal.h"
#include "base/error.h"
#include "base/task.h"
#include "http/message.h"

namespace gatehouse::access {

class Reactor;

/// The principal as `Gatehouse-View-As` (a member's id) asks for it; without that header as it is. Errors:
/// forbidden for who may not, not_found for an id that is no active member's.
Task<Result<Principal>> view_as(Reactor&, const http::Request&, Principal);

}  // namespace gatehouse::access
