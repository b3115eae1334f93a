#include "tenancy/usage_store.h"

#include "access/plans.h"
#include "pg/params.h"
#include "pg/statement.h"

namespace gatehouse::tenancy {
namespace {

using access::Call;

struct CountRow {
  std::int64_t used;
  std::int64_t users;
};
BOOST_DESCRIBE_STRUCT(CountRow, (), (used, users))

// Asked with any reach, so that a batch has always as many results; the counters are shown to that of the
// organization.
constexpr pg::Statement kCounts{"usage.counts",
                                "select requests_used($1, $2) as used, (select count(*) from memberships"
                                " where organization_id = $1 and is_active) as users"};

// Closed days from their sums, the days since from the events themselves; their first is a value of its own,
// so that it bounds the index. Row-level security shows what is in reach; a workspace ($4) is named besides,
// because one's own requests elsewhere are shown to every reach.
#define GH_ALL                                                                                              \
  "with rows as (select day, model, requests, blocked, failed, input_tokens, output_tokens, cost"           \
  " from usage_snapshots where organization_id = $1 and day >= ($2 at time zone 'UTC')::date"               \
  " and day < ($3 at time zone 'UTC')::date and ($4::uuid is null or workspace_id = $4) union all"          \
  " select (created_at at time zone 'UTC')::date, model, 1, (outcome = 'blocked')::int,"                    \
  " (outcome in ('failed', 'unknown'))::int, input_tokens, output_tokens, cost from metering_events"        \
  " where organization_id = $1 and created_at >= (select greatest($2, coalesce(max(day) + 1, '2020-01-01')" \
  "::timestamp at time zone 'UTC') from usage_days)"                                                        \
  " and created_at < $3 and ($4::uuid is null or workspace_id = $4)) "
// The sums do not tell people apart.
#define GH_OWN                                                                                 \
  "with rows as (select (created_at at time zone 'UTC')::date as day, model, 1 as requests,"   \
  " (outcome = 'blocked')::int as blocked, (outcome in ('failed', 'unknown'))::int as failed," \
  " input_tokens, output_tokens, cost from metering_events where organization_id = $1"         \
  " and created_at >= $2 and created_at < $3 and actor_id = $4) "
#define GH_BY_DAY                                                                         \
  "select day::text, sum(requests)::bigint as requests, sum(blocked)::bigint as blocked," \
  " sum(failed)::bigint as failed, sum(input_tokens)::bigint as input_tokens,"            \
  " sum(output_tokens)::bigint as output_tokens, sum(cost)::bigint as cost"               \
  " from rows group by day order by day"
#define GH_BY_MODEL                                                                             \
  "select model, sum(requests)::bigint as requests, sum(input_tokens)::bigint as input_tokens," \
  " sum(output_tokens)::bigint as output_tokens, sum(cost)::bigint as cost"                     \
  " from rows group by model order by cost desc, requests desc, model limit 50"

constexpr pg::Statement kByDay{"usage.by_day", GH_ALL GH_BY_DAY};
constexpr pg::Statement kByModel{"usage.by_model", GH_ALL GH_BY_MODEL};
constexpr pg::Statement kOwnByDay{"usage.own_by_day", GH_OWN GH_BY_DAY};
constexpr pg::Statement kOwnByModel{"usage.own_by_model", GH_OWN GH_BY_MODEL};

#undef GH_ALL
#undef GH_OWN
#undef GH_BY_DAY
#undef GH_BY_MODEL

pg::Params usage_params(const Call& call, Timestamp from, Timestamp to) {
  std::optional<Uuid> whose;
  if (call.reach() == Reach::own)
    whose = call.user().value;
  else if (call.reach() != Reach::organization)
    whose = call.workspace().value;
  return pg::params(call.organization(), from, to, whose);
}

}  // namespace

void add_usage_by_day(pg::Batch& batch, const Call& call, Timestamp from, Timestamp to) {
  batch.add(call.reach() == Reach::own ? kOwnByDay : kByDay, usage_params(call, from, to));
}

void add_usage_by_model(pg::Batch& batch, const Call& call, Timestamp from, Timestamp to) {
  batch.add(call.reach() == Reach::own ? kOwnByModel : kByModel, usage_params(call, from, to));
}

void add_usage_counts(pg::Batch& batch, const Call& call, const std::string& month) {
  batch.add(kCounts, pg::params(call.organization(), month));
}

Task<AgainstPlan> usage_against_plan(Call& call, const pg::Rows& counts, const std::vector<UsageDay>& days) {
  AgainstPlan against;
  if (call.reach() != Reach::organization) {
    for (const auto& day : days) against.used += day.requests;
    co_return against;
  }
  auto row = counts.one<CountRow>();
  against.used = row.used;
  against.users = UsageUsers{.used = row.users, .limit = std::nullopt};
  if (auto plan = co_await access::plan_of(call.tenant())) {
    against.plan = UsagePlan{plan->name, plan->slug, plan->features};
    against.limit = plan->max_requests_month;
    against.users->limit = plan->features.number("max_users");
  }
  co_return against;
}

}  // namespace gatehouse::tenancy
