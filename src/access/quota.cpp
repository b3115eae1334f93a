#include "access/quota.h"

#include "access/admission.h"
#include "access/plans.h"
#include "access/reactor.h"
#include "base/failpoint.h"
#include "base/log.h"
#include "pg/params.h"
#include "pg/statement.h"

namespace gatehouse::access {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kDeadline = 5s;
// A lease expires in the database three minutes after it was taken (migration 0012). It is used for one, and
// a request that it admitted becomes an intent within another.
constexpr auto kUsedFor = 60s;
constexpr auto kSpentWithin = 120s;
constexpr auto kIdleFor = 3s;
constexpr auto kTendEvery = 1s;
constexpr auto kExhaustedFor = 500ms;
constexpr std::int64_t kLeastWanted = 8;
constexpr std::int64_t kMostWanted = 4096;
constexpr std::int64_t kWorthAhead = 16;
constexpr std::size_t kMostMeters = 10'000;

constexpr pg::Statement kTake{
    "quota.take",
    "select o_granted as granted, o_used as used, o_month as month from take_lease($1, $2, $3, $4, $5)"};
constexpr pg::Statement kReturn{
    "quota.return",
    "with gone as (delete from quota_leases where organization_id = $1 and id = $2 returning month)"
    " update tenant_usage u set request_count = u.request_count - $3, updated_at = clock_timestamp()"
    " from gone where u.organization_id = $1 and u.month = gone.month"};
// One that was given back after its lease.
constexpr pg::Statement kUncount{"quota.uncount",
                                 "update tenant_usage set request_count = request_count - 1 where "
                                 "organization_id = $1 and month = $2 and request_count > 0"};

struct TakenRow {
  std::int64_t granted;
  std::int64_t used;
  std::string month;
};
BOOST_DESCRIBE_STRUCT(TakenRow, (), (granted, used, month))

std::chrono::year_month this_month() {
  std::chrono::year_month_day today{std::chrono::floor<std::chrono::days>(gatehouse::now())};
  return today.year() / today.month();
}

std::string month_text() {
  auto month = this_month();
  return fmt::format("{:04}-{:02}", static_cast<int>(month.year()), static_cast<unsigned>(month.month()));
}

Error reached(const Plan& plan, std::int64_t limit, std::int64_t used) {
  auto next = this_month() + std::chrono::months(1);
  Timestamp resets_at = std::chrono::sys_days(next / 1);
  return {.code = ErrorCode::plan_limit_reached,
          .detail = fmt::format("The plan {} allows {} model requests a month, and they are used up",
                                plan.name, limit),
          .extension_name = "quota",
          .extension_json = fmt::format(R"({{"limit":{},"used":{},"resets_at":"{}"}})", limit, used,
                                        to_rfc3339(resets_at))};
}

void in_background(Reactor& reactor, std::string_view what, Task<void> work) {
  asio::co_spawn(
      reactor.executor(),
      [](std::string_view name, Task<void> task) -> Task<void> {
        try {
          co_await std::move(task);
        } catch (const std::exception& error) {
          // Counted until the lease expires; nothing is admitted by it.
          log::warn("quota.failed", {{"what", name}, {"error", error.what()}});
        }
      }(what, std::move(work)),
      asio::detached);
}

}  // namespace

Quota::Quota(Reactor& reactor, std::string node) : reactor_(reactor), node_(std::move(node)) {}

Quota::Ticket& Quota::Ticket::operator=(Ticket&& other) noexcept {
  if (this == &other) return *this;
  give_back();
  quota_ = other.quota_;
  lease_ = std::move(other.lease_);
  return *this;
}

std::optional<Uuid> Quota::Ticket::spend() {
  if (!lease_) return std::nullopt;
  if (Clock::now() - lease_->taken > kSpentWithin)
    throw Failure("a request waited too long between its admission and its intent");
  return std::exchange(lease_, nullptr)->id;
}

void Quota::Ticket::give_back() {
  if (auto lease = std::exchange(lease_, nullptr)) quota_->give_back(std::move(lease));
}

void Quota::give_back(std::shared_ptr<Lease> lease) {
  if (lease->is_open) {
    ++lease->left;
    return;
  }
  in_background(reactor_, "uncount", [](Reactor& reactor, std::shared_ptr<Lease> of) -> Task<void> {
    co_await reactor.region(of->region)
        .platform->run(pg::Batch(kUncount, pg::params(of->organization, of->month)), pg::within(kDeadline));
  }(reactor_, std::move(lease)));
}

Task<void> Quota::return_lease(std::shared_ptr<Lease> lease) {
  lease->is_open = false;
  co_await reactor_.region(lease->region)
      .platform->run(pg::Batch(kReturn, pg::params(lease->organization, lease->id, lease->left)),
                     pg::within(kDeadline));
}

std::shared_ptr<Quota::Lease> Quota::usable(Meter& meter, std::optional<std::int64_t> limit) const {
  if (meter.next && (!meter.lease || meter.lease->left <= 0))
    meter.lease = std::exchange(meter.next, nullptr);
  const auto& lease = meter.lease;
  if (!lease || lease->left <= 0 || lease->limit != limit || Clock::now() - lease->taken > kUsedFor ||
      lease->our_month != month_text())
    return nullptr;
  return lease;
}

Quota::Ticket Quota::take(std::shared_ptr<Meter> meter, std::shared_ptr<Lease> lease) {
  --lease->left;
  lease->used = Clock::now();
  bool is_low = lease->granted >= kWorthAhead && lease->left * 4 <= lease->granted;
  if (is_low && !meter->is_refilling && !meter->next) {
    meter->is_refilling = true;
    in_background(reactor_, "refill", refill_ahead(std::move(meter), lease));
  }
  return {*this, std::move(lease)};
}

Task<void> Quota::refill_ahead(std::shared_ptr<Meter> meter, std::shared_ptr<Lease> before) {
  auto done = std::unique_ptr<Meter, void (*)(Meter*)>(
      meter.get(), [](Meter* refilled) { refilled->is_refilling = false; });
  auto turn = co_await refilling_.enter(before->organization);
  if (meter->lease != before || meter->next) co_return;
  meter->next = co_await lease(*meter, before->organization, before->region, before->limit);
}

// In the organization's turn. Null: there is none.
Task<std::shared_ptr<Quota::Lease>> Quota::lease(Meter& meter, OrganizationId organization, Region region,
                                                 std::optional<std::int64_t> limit) {
  auto now = Clock::now();
  if (meter.lease && now - meter.lease->taken < 1s) meter.wanted = std::min(meter.wanted * 2, kMostWanted);
  auto id = Uuid::v7();
  auto our_month = month_text();
  auto rows = co_await reactor_.region(region).platform->run(
      pg::Batch(kTake, pg::params(organization, id, node_, meter.wanted, limit)), pg::within(kDeadline));
  GH_FAILPOINT("quota.leased");
  auto taken = rows[0].one<TakenRow>();
  if (taken.granted <= 0) {
    meter.exhausted_until = Clock::now() + kExhaustedFor;
    meter.exhausted_limit = limit;
    meter.exhausted_used = taken.used;
    co_return nullptr;
  }
  co_return std::make_shared<Lease>(Lease{.organization = organization,
                                          .region = region,
                                          .id = id,
                                          .month = std::move(taken.month),
                                          .granted = taken.granted,
                                          .left = taken.granted,
                                          .limit = limit,
                                          .our_month = std::move(our_month),
                                          .taken = now,
                                          .used = now});
}

Task<Result<Quota::Ticket>> Quota::admit(const TenantSnapshot& tenant) {
  auto plan = co_await plan_of(tenant);
  auto limit = plan ? plan->max_requests_month : std::nullopt;
  auto organization = tenant.tenant().id;
  auto region = tenant.tenant().region;
  auto& known = meters_[organization];
  if (!known) known = std::make_shared<Meter>();
  auto meter = known;
  if (auto usable_now = usable(*meter, limit)) co_return take(std::move(meter), std::move(usable_now));
  auto turn = co_await refilling_.enter(organization);
  if (auto usable_now = usable(*meter, limit)) co_return take(std::move(meter), std::move(usable_now));
  bool is_exhausted = Clock::now() < meter->exhausted_until && meter->exhausted_limit == limit;
  if (!is_exhausted) {
    if (auto taken = co_await lease(*meter, organization, region, limit)) {
      for (auto* slot : {&meter->lease, &meter->next})
        if (auto before = std::exchange(*slot, nullptr))
          in_background(reactor_, "return", return_lease(std::move(before)));
      meter->lease = taken;
      co_return take(std::move(meter), std::move(taken));
    }
  }
  if (!plan || !limit) throw Failure("a quota without a limit was refused");
  co_return fail(reached(*plan, *limit, meter->exhausted_used));
}

Task<void> Quota::tend() {
  for (;;) {
    co_await sleep_for(kTendEvery);
    auto now = Clock::now();
    for (auto& [organization, meter] : meters_) {
      if (!meter->lease || now - meter->lease->used < kIdleFor) continue;
      meter->wanted = std::max(meter->wanted / 2, kLeastWanted);
      for (auto* slot : {&meter->lease, &meter->next})
        if (auto idle = std::exchange(*slot, nullptr))
          in_background(reactor_, "return", return_lease(std::move(idle)));
    }
    if (meters_.size() > kMostMeters)
      std::erase_if(meters_, [](const auto& entry) {
        return !entry.second->lease && !entry.second->next && !entry.second->is_refilling;
      });
  }
}

Task<void> Quota::close() {
  for (auto& [organization, meter] : meters_)
    for (auto* slot : {&meter->lease, &meter->next})
      if (auto rest = std::exchange(*slot, nullptr)) co_await return_lease(std::move(rest));
}

Task<Result<Quota::Ticket>> pass_gates(const TenantSnapshot& tenant) {
  GH_CO_CHECK(check_status(tenant.tenant()));
  auto& quota = tenant.reactor().quota;
  if (!quota) co_return Quota::Ticket{};
  co_return co_await quota->admit(tenant);
}

}  // namespace gatehouse::access
