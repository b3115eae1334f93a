#include "tenancy/plans.h"

#include "json/codec.h"
#include "pg/error.h"
#include "pg/params.h"
#include "pg/statement.h"
#include "pg/transaction.h"

namespace gatehouse::tenancy {
namespace {

using namespace std::chrono_literals;

constexpr auto kDeadline = 15s;

#define GH_PLAN_COLUMNS                                                                                 \
  "p.id, p.name, p.slug, p.max_tenants::bigint, p.max_requests_month::bigint, p.features,"              \
  " p.is_active, (select count(*) from directory d where d.plan_id = p.id) as tenant_count, p.version," \
  " p.created_at, p.updated_at"

constexpr pg::Statement kList{"plans.list",
                              "select " GH_PLAN_COLUMNS " from plans p order by p.name, p.id limit 1000"};
constexpr pg::Statement kGet{"plans.get", "select " GH_PLAN_COLUMNS " from plans p where p.id = $1"};
constexpr pg::Statement kFind{"plans.by_name",
                              "select " GH_PLAN_COLUMNS " from plans p where p.slug = $1 or p.id::text = $1"};
constexpr pg::Statement kCount{"plans.count", "select count(*) from plans"};
constexpr pg::Statement kInsert{
    "plans.insert",
    "insert into plans (id, name, slug, max_tenants, max_requests_month, features)"
    " values ($1, $2, $3, $4::bigint::int, $5::bigint::int, $6)"};
constexpr pg::Statement kTakeTurn{"plans.take_turn",
                                  "select pg_advisory_xact_lock(hashtextextended('plans', 0))"};
constexpr pg::Statement kLock{"plans.lock", "select version from plans where id = $1 for update"};
constexpr pg::Statement kUpdate{
    "plans.update",
    "update plans set name = $2, slug = $3, max_tenants = $4::bigint::int,"
    " max_requests_month = $5::bigint::int, features = $6, is_active = $7 where id = $1"};

std::optional<PlanView> read_plan(const pg::Rows& rows, std::size_t at = 0) {
  if (rows.size() <= at) return std::nullopt;
  auto row = rows[at];
  auto features = json::decode_text<access::Features>(row.get<pg::Json>("features").text);
  if (!features) throw Failure("the features of a plan cannot be read");
  return PlanView{.id = row.get<PlanId>("id"),
                  .name = row.get<std::string>("name"),
                  .slug = row.get<std::string>("slug"),
                  .max_tenants = row.get<std::optional<std::int64_t>>("max_tenants"),
                  .max_requests_month = row.get<std::optional<std::int64_t>>("max_requests_month"),
                  .features = std::move(*features),
                  .is_active = row.get<bool>("is_active"),
                  .tenant_count = row.get<std::int64_t>("tenant_count"),
                  .version = row.get<std::int64_t>("version"),
                  .created_at = row.get<Timestamp>("created_at"),
                  .updated_at = row.get<Timestamp>("updated_at")};
}

std::unexpected<Error> absent() {
  return fail(ErrorCode::not_found, "There is no such plan");
}

template <class T>
std::optional<std::int64_t> number(const std::optional<T>& value) {
  return value ? std::optional(value->value()) : std::nullopt;
}

/// What the record says a plan is from then on.
json::Object told(const PlanView& plan) {
  json::Object payload{{"slug", plan.slug},
                       {"is_active", plan.is_active},
                       {"max_tenants", nullptr},
                       {"max_requests_month", nullptr}};
  if (plan.max_tenants) payload["max_tenants"] = *plan.max_tenants;
  if (plan.max_requests_month) payload["max_requests_month"] = *plan.max_requests_month;
  return payload;
}

/// Runs the last statement of a change: it is chained when the database has accepted it, and only then
/// committed. What cannot be committed after all is recorded as an attempt.
Task<Result<PlanView>> conclude(access::Reactor& reactor, pg::Transaction transaction, pg::Batch change,
                                PlanId id, audit::Event event) {
  change.add(kGet, pg::params(id));
  std::optional<PlanView> plan;
  try {
    auto rows = co_await transaction.run(std::move(change));
    plan = read_plan(rows.back());
  } catch (const pg::Error& error) {
    if (!error.is_unique_violation()) throw;
  }
  if (!plan) co_return fail(ErrorCode::already_exists, "Another plan has this slug");
  auto payload = told(*plan);
  for (auto& [key, value] : event.payload.as_object()) payload[key] = value;
  event.payload = std::move(payload);
  co_await reactor.regions().front().appender->append(std::move(event));
  co_await transaction.commit();
  co_return std::move(*plan);
}

Task<pg::Transaction> begin(access::Reactor& reactor) {
  auto deadline = pg::within(kDeadline);
  co_return pg::Transaction(co_await reactor.control().acquire(deadline), deadline);
}

}  // namespace

Task<std::vector<PlanView>> list_plans(access::Reactor& reactor) {
  auto rows = co_await reactor.control().run(pg::Batch(kList, {}), pg::within(kDeadline));
  std::vector<PlanView> plans;
  plans.reserve(rows[0].size());
  for (std::size_t i = 0; i < rows[0].size(); ++i) plans.push_back(*read_plan(rows[0], i));
  co_return plans;
}

Task<Result<PlanView>> get_plan(access::Reactor& reactor, PlanId id) {
  auto rows = co_await reactor.control().run(pg::Batch(kGet, pg::params(id)), pg::within(kDeadline));
  auto plan = read_plan(rows[0]);
  if (!plan) co_return absent();
  co_return std::move(*plan);
}

Task<Result<PlanView>> find_plan(access::Reactor& reactor, std::string slug_or_id) {
  auto rows = co_await reactor.control().run(pg::Batch(kFind, pg::params(slug_or_id)), pg::within(kDeadline));
  auto plan = read_plan(rows[0]);
  if (!plan) co_return absent();
  co_return std::move(*plan);
}

Task<Result<PlanView>> create_plan(access::Reactor& reactor, Operator who, CreatePlan what) {
  auto transaction = co_await begin(reactor);
  pg::Batch count(kTakeTurn, {});
  count.add(kCount, {});
  auto rows = co_await transaction.run(std::move(count));
  if (rows[1].one<std::int64_t>() >= static_cast<std::int64_t>(kMostPlans))
    co_return fail(ErrorCode::conflict, "There are too many plans; change one that nobody uses");
  auto id = PlanId::make();
  auto requests = what.max_requests_month.is_present() ? what.max_requests_month.applied_to(std::nullopt)
                                                       : std::optional<MostRequests>(kRequestsByDefault);
  pg::Batch change(kInsert, pg::params(id, what.name.str(), what.slug.to_string(), number(what.max_tenants),
                                       number(requests),
                                       pg::Json{json::encode(what.features.value_or(access::Features{}))}));
  co_return co_await conclude(reactor, std::move(transaction), std::move(change), id,
                              operator_event(who, "plan.create", "plan", id.to_string()));
}

Task<Result<PlanView>> update_plan(access::Reactor& reactor, Operator who, PlanId id,
                                   std::optional<std::int64_t> version, UpdatePlan what) {
  auto transaction = co_await begin(reactor);
  pg::Batch read(kLock, pg::params(id));
  read.add(kGet, pg::params(id));
  auto rows = co_await transaction.run(std::move(read));
  auto plan = read_plan(rows[1]);
  if (!plan) co_return absent();
  if (version && *version != plan->version)
    co_return fail(ErrorCode::precondition_failed, "The plan was changed meanwhile: read it again");
  json::Array changed;
  auto note = [&](std::string_view field, bool differs) {
    if (differs) changed.emplace_back(field);
  };
  auto before = *plan;
  if (what.name) plan->name = what.name->str();
  if (what.slug) plan->slug = what.slug->to_string();
  if (what.max_tenants.is_present()) plan->max_tenants = number(what.max_tenants.applied_to({}));
  if (what.max_requests_month.is_present())
    plan->max_requests_month = number(what.max_requests_month.applied_to({}));
  if (what.features) plan->features = std::move(*what.features);
  if (what.is_active) plan->is_active = *what.is_active;
  note("name", before.name != plan->name);
  note("slug", before.slug != plan->slug);
  note("max_tenants", before.max_tenants != plan->max_tenants);
  note("max_requests_month", before.max_requests_month != plan->max_requests_month);
  note("features", before.features != plan->features);
  note("is_active", before.is_active != plan->is_active);
  auto event = operator_event(who, "plan.update", "plan", id.to_string());
  event.payload.as_object()["changed"] = std::move(changed);
  pg::Batch change(kUpdate,
                   pg::params(id, plan->name, plan->slug, plan->max_tenants, plan->max_requests_month,
                              pg::Json{json::encode(plan->features)}, plan->is_active));
  co_return co_await conclude(reactor, std::move(transaction), std::move(change), id, std::move(event));
}

Task<Result<void>> retire_plan(access::Reactor& reactor, Operator who, PlanId id) {
  auto transaction = co_await begin(reactor);
  pg::Batch read(kLock, pg::params(id));
  read.add(kGet, pg::params(id));
  auto rows = co_await transaction.run(std::move(read));
  auto plan = read_plan(rows[1]);
  if (!plan) co_return absent();
  pg::Batch change(kUpdate,
                   pg::params(id, plan->name, plan->slug, plan->max_tenants, plan->max_requests_month,
                              pg::Json{json::encode(plan->features)}, false));
  auto retired = co_await conclude(reactor, std::move(transaction), std::move(change), id,
                                   operator_event(who, "plan.delete", "plan", id.to_string()));
  if (!retired) co_return std::unexpected(std::move(retired).error());
  co_return Result<void>{};
}

}  // namespace gatehouse::tenancy
