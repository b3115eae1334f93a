// How often grants were used, and refused for their conditions: counted in memory, written in batches, for
// people who tend them. The record of each use is the audit event of its call.
#pragma once

#include <map>
#include <mutex>

#include "base/task.h"
#include "domain/ids.h"
#include "domain/terms.h"

namespace gatehouse::access {

class Reactor;

/// One per process, thread-safe.
class GrantUses {
 public:
  /// Takes a lock for less than a microsecond.
  void record(Region, OrganizationId, GrantId, bool allowed);

  /// Adds what was counted to `permissions_acl`. What could not be written is kept for the next time.
  Task<void> flush(Reactor&);
  /// Every few seconds, until cancelled. Of one reactor of the process.
  Task<void> flush_loop(Reactor&);

 private:
  struct Count {
    std::int64_t uses = 0;
    std::int64_t violations = 0;
  };
  using Counts = std::map<std::pair<OrganizationId, GrantId>, Count>;

  std::mutex mutex_;
  std::map<Region, Counts> counts_;
};

}  // namespace gatehouse::access
