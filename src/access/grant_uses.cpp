#include "access/grant_uses.h"

#include <chrono>
#include <vector>

#include "access/reactor.h"
#include "base/log.h"
#include "pg/params.h"
#include "pg/statement.h"

namespace gatehouse::access {
namespace {

using namespace std::chrono_literals;

constexpr auto kFlushEvery = 5s;
constexpr auto kDeadline = 10s;

constexpr pg::Statement kAdd{
    "acl.add_uses",
    "update permissions_acl g set access_count = g.access_count + counted.uses,"
    " violations_count = g.violations_count + counted.violations,"
    " last_access_at = case when counted.uses > 0 then now() else g.last_access_at end"
    " from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[])"
    " as counted (organization_id, id, uses, violations)"
    " where g.organization_id = counted.organization_id and g.id = counted.id"};

}  // namespace

void GrantUses::record(Region region, OrganizationId organization, GrantId grant, bool allowed) {
  std::lock_guard lock(mutex_);
  auto& count = counts_[region][{organization, grant}];
  ++(allowed ? count.uses : count.violations);
}

Task<void> GrantUses::flush(Reactor& reactor) {
  std::map<Region, Counts> taken;
  {
    std::lock_guard lock(mutex_);
    taken = std::exchange(counts_, {});
  }
  for (auto& [region, counts] : taken) {
    std::vector<OrganizationId> organizations;
    std::vector<GrantId> grants;
    std::vector<std::int64_t> uses, violations;
    for (const auto& [key, count] : counts) {
      organizations.push_back(key.first);
      grants.push_back(key.second);
      uses.push_back(count.uses);
      violations.push_back(count.violations);
    }
    try {
      co_await reactor.region(region).platform->run(
          pg::Batch(kAdd, pg::params(organizations, grants, uses, violations)), pg::within(kDeadline));
    } catch (const Failure& failure) {
      log::warn("acl.uses_not_written", {{"region", to_string(region)}, {"error", failure.what()}});
      std::lock_guard lock(mutex_);
      for (const auto& [key, count] : counts) {
        auto& kept = counts_[region][key];
        kept.uses += count.uses;
        kept.violations += count.violations;
      }
    }
  }
}

Task<void> GrantUses::flush_loop(Reactor& reactor) {
  for (;;) {
    co_await sleep_for(kFlushEvery);
    co_await flush(reactor);
  }
}

}  // namespace gatehouse::access
