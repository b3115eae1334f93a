#include "access/tenants.h"

#include "access/reactor.h"
#include "access/session_context.h"
#include "base/log.h"
#include "pg/params.h"
#include "pg/statement.h"

namespace gatehouse::access {
namespace {

using namespace std::chrono_literals;

constexpr auto kPollInterval = 1s;
constexpr auto kStaleAfter = 2s;
constexpr auto kReadDeadline = 5s;
constexpr auto kPollReach = 60s;  // as in the statement below
constexpr std::size_t kMostTenants = 10'000;
// Made-up ones: ids are random, so nobody can have asked for one before it was made.
constexpr auto kAbsentFor = 30s;
constexpr std::size_t kMostAbsent = 10'000;

constexpr pg::Statement kTenant{
    "tenants.get",
    "select o.name, o.slug, o.data_mode::text, o.status::text, o.plan_id, o.created_at, v.version,"
    " case when jsonb_typeof(o.settings -> 'write_cap_per_hour') = 'number'"
    " then least(greatest((o.settings ->> 'write_cap_per_hour')::numeric, 0), 1000000000)::bigint end"
    " as write_cap_per_hour"
    " from organizations o join tenant_versions v on v.organization_id = o.id where o.id = $1"};
// The overlap covers transactions that were in flight at the last poll; the version tells what is news.
constexpr pg::Statement kChangedVersions{"tenants.changed",
                                         "select organization_id, version from tenant_versions where "
                                         "changed_at > clock_timestamp() - interval '60 s'"};

struct VersionRow {
  OrganizationId organization_id;
  std::int64_t version;
};
BOOST_DESCRIBE_STRUCT(VersionRow, (), (organization_id, version))

}  // namespace

Task<std::vector<pg::Rows>> TenantSnapshot::read(pg::Batch batch) const {
  pg::Batch whole;
  add_context(whole,
              {.organization = tenant_.id,
               .workspace = {},
               .user = {},
               .role = RoleCode::OA,
               .reach = Reach::organization},
              true);
  whole.append(std::move(batch));
  auto rows = co_await reactor_.region(tenant_.region)
                  .app->run(std::move(whole), std::chrono::steady_clock::now() + kReadDeadline);
  rows.erase(rows.begin());
  co_return rows;
}

std::shared_ptr<const TenantSnapshot> TenantCache::find(Region region, OrganizationId organization) {
  auto found = entries_.find(organization);
  if (found == entries_.end() || found->second.snapshot->tenant().region != region) return nullptr;
  auto current_at = std::max(confirmed_[region], found->second.asked);
  return std::chrono::steady_clock::now() - current_at < kStaleAfter ? found->second.snapshot : nullptr;
}

Task<Result<std::shared_ptr<const TenantSnapshot>>> TenantCache::get(Region region,
                                                                     OrganizationId organization) {
  if (auto known = find(region, organization)) co_return known;
  auto turn = co_await loading_.enter(organization);
  if (auto known = find(region, organization)) co_return known;
  auto& absent = absent_[region];
  if (auto found = absent.find(organization); found != absent.end()) {
    if (std::chrono::steady_clock::now() < found->second) co_return fail(ErrorCode::not_found);
    absent.erase(found);
  }

  pg::Batch batch;
  add_context(batch,
              {.organization = organization,
               .workspace = {},
               .user = {},
               .role = RoleCode::OA,
               .reach = Reach::organization},
              true);
  batch.add(kTenant, pg::params(organization));
  auto asked = std::chrono::steady_clock::now();
  auto rows = co_await reactor_.region(region).app->run(std::move(batch), asked + kReadDeadline);
  if (rows[1].empty()) {
    if (absent.size() >= kMostAbsent) absent.erase(absent.begin());
    absent[organization] = asked + kAbsentFor;
    co_return fail(ErrorCode::not_found);
  }
  auto row = rows[1][0];
  auto snapshot = std::make_shared<const TenantSnapshot>(
      reactor_, Tenant{.id = organization,
                       .region = region,
                       .name = row.get<std::string>("name"),
                       .slug = row.get<std::string>("slug"),
                       .data_mode = row.get<DataMode>("data_mode"),
                       .status = row.get<TenantStatus>("status"),
                       .plan = row.get<std::optional<PlanId>>("plan_id"),
                       .write_cap_per_hour = row.get<std::optional<std::int64_t>>("write_cap_per_hour"),
                       .created_at = row.get<Timestamp>("created_at")});
  auto version = row.get<std::int64_t>("version");
  // Read again because nobody could confirm it for a while: if nothing changed, what was derived stays good.
  if (auto known = entries_.find(organization); known != entries_.end() && known->second.version == version &&
                                                known->second.snapshot->tenant().region == region) {
    known->second.asked = asked;
    co_return known->second.snapshot;
  }
  if (entries_.size() >= kMostTenants) entries_.erase(entries_.begin());
  entries_[organization] = {snapshot, version, asked};
  co_return snapshot;
}

Task<void> TenantCache::poll(Region region) {
  pg::Batch batch;
  batch.add(kChangedVersions, pg::params());
  auto asked = std::chrono::steady_clock::now();
  auto rows = co_await reactor_.region(region).platform->run(std::move(batch), asked + kStaleAfter);
  // What changed between a poll long ago and this one's reach was never seen.
  if (asked - confirmed_[region] > kPollReach - kReadDeadline)
    std::erase_if(entries_, [&](const auto& entry) {
      return entry.second.snapshot->tenant().region == region && entry.second.asked < asked - kReadDeadline;
    });
  for (const auto& row : rows[0].as<VersionRow>()) {
    auto found = entries_.find(row.organization_id);
    if (found != entries_.end() && found->second.version != row.version) entries_.erase(found);
  }
  confirmed_[region] = asked;
}

Task<void> TenantCache::follow_versions(Region region) {
  for (;;) {
    try {
      co_await poll(region);
    } catch (const std::exception& failure) {
      log::warn("tenants.poll_failed", {{"region", to_string(region)}, {"error", failure.what()}});
    }
    co_await sleep_for(kPollInterval);
  }
}

}  // namespace gatehouse::access
