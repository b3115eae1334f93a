// Programs that call without a person: service accounts by token or client certificate, and what is signed
// with a tenant's secret. What they may do is in their rows, looked up once for each snapshot of the tenant;
// a token's own claims can only narrow it.
#pragma once

#include "access/principal.h"
#include "access/reactor.h"
#include "base/error.h"
#include "base/task.h"
#include "http/message.h"
#include "identity/identity.h"
#include "identity/service_token.h"

namespace gatehouse::identity {

/// By signature or client certificate; anonymous if the request has neither. Errors: as
/// Identity::authenticate.
Task<Result<access::Principal>> authenticate_program(Identity&, access::Reactor&, const http::Request&);

/// By a token that was verified.
Task<Result<access::Principal>> program_with(Identity&, access::Reactor&, ServiceClaims);

/// The same program as things stand now.
Task<Result<access::Principal>> renew_program(access::Reactor&, access::Principal);

}  // namespace gatehouse::identity
