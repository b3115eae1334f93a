// The installation's plans as every node remembers them: they change seldom, and are asked for at each model
// request. A change is in force within two seconds; while the control database does not answer, what was
// known holds.
#pragma once

#include <atomic>
#include <memory>
#include <unordered_map>

#include "access/plan.h"
#include "base/task.h"

namespace gatehouse::access {

class Reactor;
class TenantSnapshot;

/// One per process, thread-safe.
class Plans {
 public:
  /// Null if it is not known (yet).
  std::shared_ptr<const Plan> find(PlanId) const;
  /// Asks the control database for one that is not known. Throws if that fails, or if there is no such plan:
  /// nothing is allowed by a plan that nobody knows.
  Task<std::shared_ptr<const Plan>> get(Reactor&, PlanId);
  /// Reads what changed in the last minute, or all.
  Task<void> refresh(Reactor&, bool all);
  /// Once a second, until cancelled. Of one reactor of the process.
  Task<void> follow(Reactor&);

 private:
  using Known = std::unordered_map<PlanId, std::shared_ptr<const Plan>>;
  void put(std::vector<std::shared_ptr<const Plan>>);

  std::atomic<std::shared_ptr<const Known>> known_{std::make_shared<const Known>()};
};

/// The organization's plan; null if it is on none, and then nothing is limited.
Task<std::shared_ptr<const Plan>> plan_of(const TenantSnapshot&);

/// For an operation that is a feature of some plans only. Errors: plan_limit_reached, naming the feature.
Task<Result<void>> require_feature(const TenantSnapshot&, std::string_view name);

}  // namespace gatehouse::access
