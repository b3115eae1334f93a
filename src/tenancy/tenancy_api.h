// Operations that show an organization, its workspaces and its members; row-level security decides who sees
// what.
#pragma once

#include "access/operations.h"

namespace gatehouse::tenancy {

/// `GET /api/organization`, `/api/workspaces`, `/api/members`.
void add_operations(access::Operations&);

}  // namespace gatehouse::tenancy
