// The dashboard: the last thirty days, what policies decided in them, and what is set up.
#include <algorithm>

#include "pg/params.h"
#include "pg/statement.h"
#include "tenancy/usage_api.h"
#include "tenancy/usage_store.h"

namespace gatehouse::tenancy {
namespace {

using access::Call;
using access::Input;
using access::None;

constexpr int kDays = 30;

/// Thirty days of UTC, today the last of them.
struct Period {
  std::chrono::sys_days today = std::chrono::floor<std::chrono::days>(gatehouse::now());
  std::chrono::sys_days first = today - std::chrono::days(kDays - 1);

  Timestamp end() const { return today + std::chrono::days(1); }
  std::chrono::year_month month() const {
    std::chrono::year_month_day date{today};
    return date.year() / date.month();
  }
};

std::string text_of(std::chrono::sys_days day) {
  return to_rfc3339(day).substr(0, 10);
}

/// Every day of the period, also those of which there is no row.
std::vector<UsageDay> every_day(const Period& period, const std::vector<UsageDay>& some) {
  std::vector<UsageDay> all;
  for (auto day = period.first; day <= period.today; day += std::chrono::days(1)) {
    auto text = text_of(day);
    auto found = std::ranges::find(some, text, &UsageDay::day);
    all.push_back(found == some.end() ? UsageDay{.day = std::move(text)} : *found);
  }
  return all;
}

struct DashboardView {
  Reach reach = Reach::own;  // whose requests these are
  TenantStatus status = TenantStatus::active;
  std::optional<UsagePlan> plan;  // null: on none, or the call does not reach the organization
  UsageRequests requests;         // of this month
  std::optional<UsageUsers> users;
  std::vector<UsageDay> days;  // thirty, the last is today (UTC)
};
BOOST_DESCRIBE_STRUCT(DashboardView, (), (reach, status, plan, requests, users, days))

struct DecisionDay {
  std::string day;
  std::int64_t allow = 0;
  std::int64_t warn = 0;
  std::int64_t redact = 0;
  std::int64_t require_approval = 0;
  std::int64_t block = 0;
};
BOOST_DESCRIBE_STRUCT(DecisionDay, (), (day, allow, warn, redact, require_approval, block))

struct DashboardDecisions {
  Reach reach = Reach::own;
  std::vector<DecisionDay> days;
};
BOOST_DESCRIBE_STRUCT(DashboardDecisions, (), (reach, days))

// Of the audit database, all from its index audit_events_decisions. The days are values, because row-level
// security lets no bound into an index that has to be computed. A rule that is tried out decides about
// nothing. $4 is the workspace and $5 the person that the call's reach ends at.
constexpr pg::Statement kDecisions{
    "dashboard.decisions",
    "select to_char(d.begins at time zone 'UTC', 'YYYY-MM-DD') as day, c.* from unnest($2::timestamptz[],"
    " $3::timestamptz[]) d (begins, ends) cross join lateral ("
    "select count(*) filter (where decision = 'allow') as allow, count(*) filter (where decision = 'warn') "
    "as warn,"
    " count(*) filter (where decision = 'redact') as redact,"
    " count(*) filter (where decision = 'require_approval') as require_approval,"
    " count(*) filter (where decision = 'block') as block from audit_events"
    " where org_id = $1 and sealed_at >= d.begins and sealed_at < d.ends"
    " and decision is not null and action <> 'policy.evaluate' and ($4::uuid is null or workspace_id = $4)"
    " and ($5::uuid is null or (actor_type = 'user' and actor_id = $5))) c order by d.begins"};

Task<Result<DashboardView>> show(Call& call) {
  Period period;
  auto month = period.month();
  // The thirty days are the whole month, but on its 31st.
  Timestamp first_of_month = std::chrono::sys_days(month / 1);
  pg::Batch batch;
  add_usage_by_day(batch, call, std::min<Timestamp>(period.first, first_of_month), period.end());
  auto name = to_rfc3339(first_of_month).substr(0, 7);
  add_usage_counts(batch, call, name);
  auto rows = co_await call.read(std::move(batch));
  auto days = rows[0].as<UsageDay>();
  DashboardView view{.reach = call.reach(), .status = call.tenant().tenant().status};
  view.days = every_day(period, days);
  std::erase_if(days, [&](const UsageDay& day) { return !day.day.starts_with(name); });
  auto against = co_await usage_against_plan(call, rows[1], days);
  view.plan = std::move(against.plan);
  view.requests = {.used = against.used,
                   .limit = against.limit,
                   .resets_at = std::chrono::sys_days((month + std::chrono::months(1)) / 1)};
  view.users = against.users;
  co_return view;
}

Task<Result<DashboardDecisions>> decisions(Call& call) {
  Period period;
  std::vector<Timestamp> begins, ends;
  for (auto day = period.first; day <= period.today; day += std::chrono::days(1)) {
    begins.emplace_back(day);
    ends.emplace_back(day + std::chrono::days(1));
  }
  std::optional<WorkspaceId> workspace;
  std::optional<UserId> person;
  if (call.reach() == Reach::own)
    person = call.user();
  else if (call.reach() != Reach::organization)
    workspace = call.workspace();
  pg::Batch batch;
  batch.add(kDecisions, pg::params(call.organization(), begins, ends, workspace, person));
  auto rows = co_await call.read_audit(std::move(batch));
  co_return DashboardDecisions{call.reach(), rows[0].as<DecisionDay>()};
}

}  // namespace

void add_dashboard_operations(access::Operations& operations) {
  operations.add({.method = http::Method::get,
                  .path = "/api/dashboard",
                  .id = "getDashboard",
                  .summary = "This month against the plan, and thirty days of requests, tokens and cost",
                  .tag = "usage",
                  .permission = access::Permission::usage_read,
                  .audit_action = "dashboard.read",
                  .rate = access::RateClass::read},
                 [](Call& call, Input<> /*in*/) { return show(call); });

  operations.add({.method = http::Method::get,
                  .path = "/api/dashboard/decisions",
                  .id = "getDashboardDecisions",
                  .summary = "What policies decided about the requests of thirty days",
                  .tag = "usage",
                  .permission = access::Permission::usage_read,
                  .audit_action = "dashboard.read",
                  .rate = access::RateClass::read},
                 [](Call& call, Input<> /*in*/) { return decisions(call); });
}

}  // namespace gatehouse::tenancy
