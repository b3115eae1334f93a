// Who calls by an organization's SCIM token.
#pragma once

#include "access/principal.h"
#include "access/reactor.h"
#include "base/error.h"
#include "base/task.h"
#include "http/message.h"
#include "identity/identity.h"

namespace gatehouse::identity {

/// By the token that was presented. Errors: as Identity::authenticate.
Task<Result<access::Principal>> authenticate_directory(Identity&, access::Reactor&, const http::Request&,
                                                       std::string token);
/// The same directory as things stand now.
Task<Result<access::Principal>> renew_directory(Identity&, access::Reactor&, access::Principal);

}  // namespace gatehouse::identity
