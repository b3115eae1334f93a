// The groups that add_operations() is made of.
#pragma once

#include "access/operations.h"
#include "identity/identity.h"

namespace gatehouse::identity {

void add_auth_operations(access::Operations&, Identity&);
void add_session_operations(access::Operations&, Identity&);
void add_api_key_operations(access::Operations&, Identity&);
void add_service_account_operations(access::Operations&);
void add_token_operations(access::Operations&, Identity&);
void add_organization_session_operations(access::Operations&, Identity&);
void add_invitation_operations(access::Operations&, Identity&);
void add_invitation_acceptance(access::Operations&, Identity&);
void add_second_factor_operations(access::Operations&, Identity&);
void add_password_operations(access::Operations&, Identity&);
void add_sign_up_operations(access::Operations&, Identity&);

}  // namespace gatehouse::identity
