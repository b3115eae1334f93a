// Operations of sign-in, sessions, one's own account, access tokens and API keys.
#pragma once

#include "access/operations.h"
#include "identity/identity.h"

namespace gatehouse::identity {

/// `/api/auth/…`, `/.well-known/jwks.json` and `/api/api-keys…`. `identity` outlives the operations.
void add_operations(access::Operations&, Identity& identity);

}  // namespace gatehouse::identity
