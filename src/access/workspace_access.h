// Which workspaces a person may name in a request, remembered with the tenant's snapshot.
#pragma once

#include "access/tenants.h"

namespace gatehouse::access {

/// Member of the workspace, or any workspace of the organization for an administrator's reach.
Task<bool> may_use_workspace(const TenantSnapshot&, UserId, Reach, WorkspaceId);

}  // namespace gatehouse::access
