#include "tenancy/usage_api.h"

#include "json/bounded.h"
#include "tenancy/usage_store.h"

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

struct UsageView {
  std::string month;
  Reach reach = Reach::own;  // whose requests these are
  TenantStatus status = TenantStatus::active;
  std::optional<UsagePlan> plan;
  UsageRequests requests;
  std::optional<UsageUsers> users;   // of the organization's reach alone
  std::vector<UsageDay> by_day;      // days on which something was asked
  std::vector<UsageModel> by_model;  // those that cost most, at most 50
};
BOOST_DESCRIBE_STRUCT(UsageView, (), (month, reach, status, plan, requests, users, by_day, by_model))

Task<Result<UsageView>> show(Call& call, Input<None, UsageQuery> in) {
  auto month = in.query.month.value_or(Month::current());
  pg::Batch batch;
  add_usage_by_day(batch, call, month.begin(), month.end());
  add_usage_by_model(batch, call, month.begin(), month.end());
  add_usage_counts(batch, call, month.to_string());
  auto rows = co_await call.read(std::move(batch));
  UsageView view{.month = month.to_string(),
                 .reach = call.reach(),
                 .status = call.tenant().tenant().status,
                 .by_day = rows[0].as<UsageDay>(),
                 .by_model = rows[1].as<UsageModel>()};
  auto against = co_await usage_against_plan(call, rows[2], view.by_day);
  view.plan = std::move(against.plan);
  view.requests = {.used = against.used, .limit = against.limit, .resets_at = month.end()};
  view.users = against.users;
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
