#include <chrono>
#include <optional>

#include "base/log.h"
#include "pg/params.h"
#include "policy/rule_sets.h"

namespace gatehouse::policy {
namespace {

using namespace std::chrono_literals;

constexpr auto kFlushEvery = 5s;
constexpr auto kDeadline = 10s;

// A rule that was deleted meanwhile has no hits to show any more.
constexpr pg::Statement kAdd{
    "policies.add_hits",
    "insert into policy_hits (organization_id, rule_id, day, hits)"
    " select r.organization_id, r.id, current_date, counted.hits"
    " from unnest($1::uuid[], $2::uuid[], $3::bigint[]) as counted (organization_id, rule_id, hits)"
    " join policy_rules r on r.organization_id = counted.organization_id and r.id = counted.rule_id"
    " on conflict (organization_id, rule_id, day) do update set hits = policy_hits.hits + excluded.hits"};
constexpr pg::Statement kForget{
    "policies.forget_hits",
    "delete from policy_hits where organization_id = any ($1) and day < current_date - 60"};

Task<std::optional<Region>> region_of(access::Reactor& reactor, OrganizationId organization) {
  for (auto& access : reactor.regions())
    if (co_await reactor.tenants().get(access.region, organization)) co_return access.region;
  co_return std::nullopt;
}

}  // namespace

void HitCounter::record(OrganizationId organization, const Decision& decision) {
  if (decision.hits.empty()) return;
  std::lock_guard lock(mutex_);
  for (const auto& hit : decision.hits)
    if (!hit.rule_id.is_nil()) ++counts_[{organization, hit.rule_id}];
}

HitCounter::Counts HitCounter::take() {
  std::lock_guard lock(mutex_);
  return std::exchange(counts_, {});
}

void HitCounter::put_back(const Counts& counts) {
  std::lock_guard lock(mutex_);
  for (const auto& [key, count] : counts) counts_[key] += count;
}

Task<void> HitCounter::flush(access::Reactor& reactor) {
  std::map<OrganizationId, Counts> by_organization;
  for (const auto& [key, count] : take()) by_organization[key.first][key] = count;
  struct Columns {
    Counts counts;
    std::vector<OrganizationId> organizations;
    std::vector<RuleId> rules;
    std::vector<std::int64_t> hits;
  };
  std::map<Region, Columns> by_region;
  for (auto& [organization, counts] : by_organization) {
    std::optional<Region> region;
    try {
      region = co_await region_of(reactor, organization);
    } catch (const Failure&) {
      put_back(counts);
      continue;
    }
    if (!region) continue;
    auto& columns = by_region[*region];
    for (const auto& [key, count] : counts) {
      columns.organizations.push_back(key.first);
      columns.rules.push_back(key.second);
      columns.hits.push_back(count);
    }
    columns.counts.merge(counts);
  }
  for (auto& [region, columns] : by_region) {
    try {
      pg::Batch batch(kAdd, pg::params(columns.organizations, columns.rules, columns.hits));
      batch.add(kForget, pg::params(columns.organizations));
      co_await reactor.region(region).platform->run(std::move(batch), pg::within(kDeadline));
    } catch (const Failure& failure) {
      put_back(columns.counts);
      log::warn("policy.hits_not_written", {{"region", to_string(region)}, {"error", failure.what()}});
    }
  }
}

Task<void> HitCounter::flush_loop(access::Reactor& reactor) {
  for (;;) {
    co_await sleep_for(kFlushEvery);
    co_await flush(reactor);
  }
}

}  // namespace gatehouse::policy
