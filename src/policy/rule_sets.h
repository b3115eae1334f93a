// The compiled rules of a tenant, as model calls use them, and how often each rule matched.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include "access/reactor.h"
#include "access/tenants.h"
#include "base/task.h"
#include "crypto/secret.h"
#include "domain/ids.h"
#include "policy/engine.h"

namespace gatehouse::policy {

/// What is in force for a call made in `workspace` (nil: none): the organization's rules, and those of that
/// workspace. Never null. Rules that cannot be read or compiled block everything, and are logged.
/// Throws if the database or the vault fails: then there is no call either.
Task<std::shared_ptr<const RuleSet>> rules_for(const access::TenantSnapshot&, WorkspaceId workspace);

/// The same as the rows have them now, which is in force within two seconds. One round trip, and a
/// compilation if they changed.
Task<std::shared_ptr<const RuleSet>> rules_as_written(const access::TenantSnapshot&, WorkspaceId workspace);

/// The key of the `hash` operator: derived from the organization's first key, so that equal values stay equal
/// when later keys replace it. Throws Failure if that key is gone.
Task<crypto::Secret> hash_key(access::Reactor&, Region, OrganizationId);

/// A part of the tenant's snapshot; use rules_for() for the rules in force.
class TenantRules {
 public:
  static Task<std::shared_ptr<TenantRules>> load(const access::TenantSnapshot&);

  std::shared_ptr<const RuleSet> in(WorkspaceId) const;

 private:
  std::shared_ptr<const RuleSet> organization_;
  std::unordered_map<WorkspaceId, std::shared_ptr<const RuleSet>>
      workspaces_;  // those with rules of their own
};

/// How often each rule matched, by day. One per process, thread-safe. Counts that a crash takes are lost:
/// the figure is for people, the audit events are the record.
class HitCounter {
 public:
  /// Shadow hits count too. Takes a lock for less than a microsecond.
  void record(OrganizationId, const Decision&);

  /// Adds what was counted to `policy_hits`, in the organization's region. What could not be written is kept
  /// for the next time.
  Task<void> flush(access::Reactor&);
  /// Every few seconds, until cancelled. Of one reactor of the process. A graceful stop ends with flush().
  Task<void> flush_loop(access::Reactor&);

 private:
  using Key = std::pair<OrganizationId, RuleId>;
  using Counts = std::map<Key, std::int64_t>;

  Counts take();
  void put_back(const Counts&);

  std::mutex mutex_;
  Counts counts_;
};

}  // namespace gatehouse::policy
