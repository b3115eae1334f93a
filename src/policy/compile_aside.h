// Compiling rules where it holds up nobody.
#pragma once

#include <memory>
#include <vector>

#include "base/error.h"
#include "base/task.h"
#include "domain/ids.h"
#include "policy/engine.h"

namespace gatehouse::policy {

/// RuleSet::compile on a thread beside the reactor: it takes 50 ms and more, most of it in Hyperscan. The
/// process remembers its last 64 rule sets, so that what reloads a tenant, and the reactors after the first,
/// need not compile again. `hash_key` of the defaults must depend on the organization alone.
Task<Result<std::shared_ptr<const RuleSet>>> compile_aside(OrganizationId, std::vector<Rule>, Defaults);

}  // namespace gatehouse::policy
