// Operations about an organization, its workspaces, its people, their groups and roles; row-level security
// decides who sees and changes what.
#pragma once

#include "access/operations.h"

namespace gatehouse::tenancy {

void add_operations(access::Operations&);

}  // namespace gatehouse::tenancy
