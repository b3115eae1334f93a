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

/// The set of these names. Nobody gives more than they hold in that workspace, and only what programs can
/// have (access::reach_for_programs). Errors: validation_failed, at `/permissions/<index>`.
Task<Result<access::PermissionSet>> permissions_to_give(access::Call&, WorkspaceId,
                                                        json::List<json::Text<1, 64>, 64> names);

}  // namespace gatehouse::identity
