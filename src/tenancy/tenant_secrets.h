// The secrets with which an organization's servers sign requests, as whoever verifies a signature needs them.
#pragma once

#include <optional>

#include "access/reactor.h"
#include "base/task.h"
#include "crypto/secret.h"
#include "domain/ids.h"
#include "domain/terms.h"

namespace gatehouse::tenancy {

struct OpenTenantSecret {
  crypto::Secret secret;
  WorkspaceId default_workspace;  // of the organization: where what was signed with it acts
};

/// Nothing if there is no such version, or it has run out. Throws if it does not open.
Task<std::optional<OpenTenantSecret>> open_tenant_secret(access::Reactor&, Region, OrganizationId,
                                                         std::int64_t version);

}  // namespace gatehouse::tenancy
