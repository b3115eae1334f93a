#include "tenancy/usage_api.h"

#include "access/plans.h"
#include "json/bounded.h"
#include "pg/params.h"
#include "pg/statement.h"

namespace gatehouse::tenancy {
namespace {

using access::Call;
using access::Input;
using access::None;

/// `2026-11`, from 2020 on.
class Month {
 public:
  static std::optional<Month> parse(std::string_view text) {
    auto digit = [&](std::size_t at) { return text[at] - '0'; };
    if (text.size() != 7 || text[4] != '-') return std::nullopt;
    for (std::size_t at : {0U, 1U, 2U, 3U, 5U, 6U})
      if (text[at] < '0' || text[at] > '9') return std::nullopt;
    int year = digit(0) * 1000 + digit(1) * 100 + digit(2) * 10 + digit(3);
    auto month = static_cast<unsigned>(digit(5) * 10 + digit(6));
    if (year < 2020 || month < 1 || month > 12) return std::nullopt;
    return Month(std::chrono::year(year) / std::chrono::month(month));
  }
  static Month current() {
    std::chrono::year_month_day today{std::chrono::floor<std::chrono::days>(gatehouse::now())};
    return Month(today.year() / today.month());
  }
  Month() = default;
  std::string to_string() const {
    return fmt::format("{:04}-{:02}", static_cast<int>(month_.year()), static_cast<unsigned>(month_.month()));
  }
  Timestamp begin() const { return std::chrono::sys_days(month_ / 1); }
  Timestamp end() const { return std::chrono::sys_days((month_ + std::chrono::months(1)) / 1); }

 private:
  explicit Month(std::chrono::year_month month) : month_(month) {}
  std::chrono::year_month month_{};
};

}  // namespace
}  // namespace gatehouse::tenancy

template <>
struct gatehouse::json::Codec<gatehouse::tenancy::Month> : TextCodec<gatehouse::tenancy::Month> {
  static constexpr std::string_view kWhat = "a month such as 2026-11";
  static Value schema(Components&) {
    return detail::string_schema({}, "^[0-9]{4}-(0[1-9]|1[0-2])$", std::nullopt, std::nullopt);
  }
};

namespace gatehouse::tenancy {
namespace {

struct UsageQuery {
  std::optional<Month> month;  // absent: this one
};
BOOST_DESCRIBE_STRUCT(UsageQuery, (), (month))

struct UsagePlan {
  std::string name;
  std::string slug;
  access::Features features;
};
BOOST_DESCRIBE_STRUCT(UsagePlan, (), (name, slug, features))

struct UsageRequests {
  std::int64_t used = 0;
  std::optional<std::int64_t> limit;  // null: unlimited
  Timestamp resets_at;
};
BOOST_DESCRIBE_STRUCT(UsageRequests, (), (used, limit, resets_at))

struct UsageUsers {
  std::int64_t used = 0;
  std::optional<std::int64_t> limit;
};
BOOST_DESCRIBE_STRUCT(UsageUsers, (), (used, limit))

struct UsageDay {
  std::string day;  // `2026-11-20`, UTC
  std::int64_t requests = 0;
  std::int64_t blocked = 0;
  std::int64_t failed = 0;
  std::int64_t input_tokens = 0;
  std::int64_t output_tokens = 0;
  std::int64_t cost = 0;  // microdollars
};
BOOST_DESCRIBE_STRUCT(UsageDay, (), (day, requests, blocked, failed, input_tokens, output_tokens, cost))

struct UsageModel {
  std::string model;
  std::int64_t requests = 0;
  std::int64_t input_tokens = 0;
  std::int64_t output_tokens = 0;
  std::int64_t cost = 0;
};
BOOST_DESCRIBE_STRUCT(UsageModel, (), (model, requests, input_tokens, output_tokens, cost))

struct UsageView {
  std::string month;
  TenantStatus status = TenantStatus::active;
  std::optional<UsagePlan> plan;  // null: on none, and nothing is limited
  UsageRequests requests;
  UsageUsers users;
  std::vector<UsageDay> by_day;      // days on which something was asked
  std::vector<UsageModel> by_model;  // those that cost most, at most 50
};
BOOST_DESCRIBE_STRUCT(UsageView, (), (month, status, plan, requests, users, by_day, by_model))

struct CountRow {
  std::int64_t used;
  std::int64_t users;
};
BOOST_DESCRIBE_STRUCT(CountRow, (), (used, users))

constexpr pg::Statement kCounts{"usage.counts",
                                "select requests_used($1, $2) as used, (select count(*) from memberships"
                                " where organization_id = $1 and is_active) as users"};

// Closed days from their sums, the days since from the events themselves.
#define GH_USAGE                                                                                           \
  "with open as (select coalesce(max(day) + 1, '2020-01-01') as first from usage_days),"                   \
  " rows as (select day, model, requests, blocked, failed, input_tokens, output_tokens, cost"              \
  " from usage_snapshots where organization_id = $1 and day >= ($2 at time zone 'UTC')::date"              \
  " and day < ($3 at time zone 'UTC')::date union all"                                                     \
  " select (created_at at time zone 'UTC')::date, model, 1, (outcome = 'blocked')::int,"                   \
  " (outcome in ('failed', 'unknown'))::int, input_tokens, output_tokens, cost from metering_events, open" \
  " where organization_id = $1 and created_at >= greatest($2, open.first::timestamp at time zone 'UTC')"   \
  " and created_at < $3) "

constexpr pg::Statement kByDay{
    "usage.by_day", GH_USAGE
    "select day::text, sum(requests)::bigint as requests, sum(blocked)::bigint as blocked,"
    " sum(failed)::bigint as failed, sum(input_tokens)::bigint as input_tokens,"
    " sum(output_tokens)::bigint as output_tokens, sum(cost)::bigint as cost"
    " from rows group by day order by day"};
constexpr pg::Statement kByModel{
    "usage.by_model", GH_USAGE
    "select model, sum(requests)::bigint as requests, sum(input_tokens)::bigint as input_tokens,"
    " sum(output_tokens)::bigint as output_tokens, sum(cost)::bigint as cost"
    " from rows group by model order by cost desc, requests desc, model limit 50"};

Task<Result<UsageView>> show(Call& call, Input<None, UsageQuery> in) {
  auto month = in.query.month.value_or(Month::current());
  auto id = call.organization();
  pg::Batch batch;
  batch.add(kCounts, pg::params(id, month.to_string()))
      .add(kByDay, pg::params(id, month.begin(), month.end()))
      .add(kByModel, pg::params(id, month.begin(), month.end()));
  auto rows = co_await call.read(std::move(batch));
  auto counts = rows[0].one<CountRow>();
  UsageView view{.month = month.to_string(), .status = call.tenant().tenant().status};
  view.requests = {.used = counts.used, .limit = std::nullopt, .resets_at = month.end()};
  view.users = {.used = counts.users, .limit = std::nullopt};
  if (auto plan = co_await access::plan_of(call.tenant())) {
    view.plan = UsagePlan{plan->name, plan->slug, plan->features};
    view.requests.limit = plan->max_requests_month;
    view.users.limit = plan->features.number("max_users");
  }
  view.by_day = rows[1].as<UsageDay>();
  view.by_model = rows[2].as<UsageModel>();
  call.audit().resource_id = view.month;
  co_return view;
}

}  // namespace

void add_usage_operations(access::Operations& operations) {
  operations.add(
      {.method = http::Method::get,
       .path = "/api/usage",
       .id = "getUsage",
       .summary = "A month's model requests, tokens and cost against the plan, by day and by model",
       .tag = "usage",
       .permission = access::Permission::usage_read,
       .audit_action = "usage.read",
       .rate = access::RateClass::read},
      [](Call& call, Input<None, UsageQuery> in) { return show(call, in); });
}

}  // namespace gatehouse::tenancy
