// What grants alone let the caller do with one thing, for views that offer only what will be allowed.
#pragma once

#include <vector>

#include "access/call.h"

namespace gatehouse::access {

Task<std::vector<AclAction>> granted_actions(Call&, ResourceKind, Uuid);

}  // namespace gatehouse::access
