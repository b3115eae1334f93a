// SCIM 2.0 (RFC 7643, RFC 7644): an organization's directory provisions its people and groups under /scim/v2,
// and its administrator gives the directory a token.
#pragma once

#include "access/operations.h"
#include "identity/identity.h"

namespace gatehouse::scim {

/// `/scim/v2…` and `/api/scim…`. `identity` outlives the operations.
void add_operations(access::Operations&, identity::Identity& identity);

// The groups that it is made of.
void add_user_operations(access::Operations&, identity::Identity&);
void add_group_operations(access::Operations&, identity::Identity&);
void add_discovery_operations(access::Operations&, identity::Identity&);
void add_token_operations(access::Operations&, identity::Identity&);

}  // namespace gatehouse::scim
