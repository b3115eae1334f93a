// What a person may put into a program's hands.
#pragma once

#include <string>
#include <vector>

#include "access/call.h"
#include "access/permission.h"
#include "base/error.h"
#include "base/task.h"
#include "json/bounded.h"

namespace gatehouse::identity {

/// Whose program it is: an API key reaches no further than its person does, whatever it was given; a service
/// account has nobody behind it, so its maker must reach as far as it would.
enum class ProgramKind { api_key, service_account };

/// The set of these names. Nobody gives more than they hold in that workspace, and only what programs can
/// have (access::reach_for_programs). Errors: validation_failed, at `/permissions/<index>`.
Task<Result<access::PermissionSet>> permissions_to_give(access::Call&, ProgramKind, WorkspaceId,
                                                        json::List<json::Text<1, 64>, 64> names);

/// Whether the caller could give a service account what it has: who makes a credential for it, or switches it
/// on, can call as it does. Errors: forbidden.
Task<Result<void>> check_may_hold(access::Call&, WorkspaceId, std::vector<std::string> permissions);

}  // namespace gatehouse::identity
