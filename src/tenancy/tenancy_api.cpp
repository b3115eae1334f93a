#include "tenancy/tenancy_api.h"

#include "tenancy/operation_groups.h"

namespace gatehouse::tenancy {

void add_operations(access::Operations& operations) {
  add_organization_operations(operations);
  add_workspace_operations(operations);
  add_workspace_people_operations(operations);
  add_member_operations(operations);
  add_profile_operations(operations);
  add_group_operations(operations);
  add_role_operations(operations);
}

}  // namespace gatehouse::tenancy
