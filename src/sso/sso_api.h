// Operations of single sign-on: providers and domains of an organization, signing in through them, and the
// logins of one's own account.
#pragma once

#include "access/operations.h"
#include "sso/sso_service.h"

namespace gatehouse::sso {

/// `/api/identity-provider…`, `/api/domains…`, `/api/auth/sso…` and `/api/auth/logins…`. `sso` outlives the
/// operations.
void add_operations(access::Operations&, SingleSignOn& sso);

// The groups that it is made of.
void add_provider_operations(access::Operations&, SingleSignOn&);
void add_domain_operations(access::Operations&, SingleSignOn&);
void add_sign_in_operations(access::Operations&, SingleSignOn&);
void add_identity_operations(access::Operations&, SingleSignOn&);

}  // namespace gatehouse::sso
