// The groups that add_operations() is made of.
#pragma once

#include "access/operations.h"

namespace gatehouse::tenancy {

void add_organization_operations(access::Operations&);
void add_workspace_operations(access::Operations&);
void add_workspace_people_operations(access::Operations&);
void add_member_operations(access::Operations&);
void add_profile_operations(access::Operations&);
void add_group_operations(access::Operations&);
void add_role_operations(access::Operations&);

}  // namespace gatehouse::tenancy
