#include "scim/scim_api.h"

namespace gatehouse::scim {

void add_operations(access::Operations& operations, identity::Identity& identity) {
  add_token_operations(operations, identity);
  add_discovery_operations(operations, identity);
  add_user_operations(operations, identity);
  add_group_operations(operations, identity);
}

}  // namespace gatehouse::scim
