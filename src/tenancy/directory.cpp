#include "tenancy/directory.h"

#include <algorithm>

#include "pg/params.h"
#include "pg/statement.h"
#include "pg/transaction.h"

namespace gatehouse::tenancy {
namespace {

using namespace std::chrono_literals;

constexpr auto kDeadline = 10s;
constexpr int kMostVariants = 50;
constexpr std::size_t kMostSlug = 63;

constexpr pg::Statement kFindRequest{
    "directory.find_request",
    "select organization_id, slug, region::text, state = 'confirmed' as is_confirmed, request_hash"
    " from directory where request_key = $1"};
constexpr pg::Statement kLockPlan{
    "directory.lock_plan", "select name, is_active, max_tenants::bigint from plans where id = $1 for update"};
// A statement of its own: one that waited for the lock would count what it saw before it waited. A
// reservation of the slug is the one that is taken up.
constexpr pg::Statement kCountOnPlan{
    "directory.count_on_plan",
    "select count(*) from directory where plan_id = $1 and organization_id <> $2"
    " and not (slug is not distinct from $3 and state = 'reserved')"};
constexpr pg::Statement kReserve{
    "directory.reserve",
    "insert into directory (organization_id, slug, region, state, plan_id, request_key, request_hash)"
    " values ($1, $2, $3::text::region_enum, 'reserved', $4, $5, $6) on conflict (slug) do nothing"};
constexpr pg::Statement kTakeUp{
    "directory.take_up",
    "update directory set plan_id = $3, request_key = $4, request_hash = $5, created_at = now()"
    " where slug = $1 and region = $2::text::region_enum and state = 'reserved'"
    " and created_at <= now() - make_interval(secs => $6)"
    " returning organization_id, slug, region::text, false as is_confirmed"};
constexpr pg::Statement kFindSlug{"directory.find_slug",
                                  "select organization_id, slug, region::text, state = 'confirmed' as "
                                  "is_confirmed from directory where slug = $1"};
constexpr pg::Statement kFind{
    "directory.find",
    "select organization_id, slug, region::text, state = 'confirmed' as is_confirmed from directory"
    " where organization_id = $1"};
constexpr pg::Statement kConfirm{"directory.confirm",
                                 "update directory set state = 'confirmed' where organization_id = $1"};
constexpr pg::Statement kPlanOf{"directory.plan_of",
                                "select plan_id from directory where organization_id = $1 for update"};
constexpr pg::Statement kPutPlan{"directory.put_plan",
                                 "update directory set plan_id = $2 where organization_id = $1"};
constexpr std::int64_t kPageOfPlans = 1'000;
constexpr pg::Statement kPlansInRegion{
    "organizations.plans",
    "select id, plan_id from organizations where $1::uuid is null or id > $1 order by id limit $2"};
constexpr pg::Statement kPlansInDirectory{
    "directory.plans",
    "select organization_id as id, plan_id from directory where organization_id = any ($1::uuid[])"};
constexpr pg::Statement kPlanInRegion{"organizations.plan_of",
                                      "select plan_id from organizations where id = $1"};
constexpr pg::Statement kReserved{
    "directory.reserved",
    "select organization_id, slug, region::text, false as is_confirmed from directory"
    " where state = 'reserved' and created_at < now() - interval '10 minutes' order by created_at limit 200"};
constexpr pg::Statement kRemove{"directory.remove",
                                "delete from directory where organization_id = $1 and state = 'reserved'"
                                " and created_at < now() - interval '10 minutes'"};
constexpr pg::Statement kIsThere{"organizations.is_there", "select 1 from organizations where id = $1"};

struct PlaceRow {
  OrganizationId organization_id;
  std::string slug;
  Region region;
  bool is_confirmed;
};
BOOST_DESCRIBE_STRUCT(PlaceRow, (), (organization_id, slug, region, is_confirmed))

struct OnPlan {
  OrganizationId id;
  std::optional<PlanId> plan_id;
  bool operator==(const OnPlan&) const = default;
};
BOOST_DESCRIBE_STRUCT(OnPlan, (), (id, plan_id))

std::optional<Place> read_place(const pg::Rows& rows) {
  auto row = rows.find_one<PlaceRow>();
  if (!row) return std::nullopt;
  return Place{.organization = row->organization_id,
               .region = row->region,
               .slug = std::move(row->slug),
               .is_confirmed = row->is_confirmed};
}

/// Whether another organization may come to the plan; its row is locked until the transaction ends. By
/// pointer: a transaction does not move while it is used.
Task<Result<void>> take_seat(pg::Transaction* transaction, PlanId plan, OrganizationId organization,
                             std::optional<std::string> slug) {
  auto rows = co_await transaction->query(kLockPlan, pg::params(plan));
  if (rows.empty()) co_return fail(invalid("/plan_id", "unknown_plan", "is none of the plans"));
  auto row = rows[0];
  auto name = row.get<std::string>("name");
  if (!row.get<bool>("is_active"))
    co_return fail(ErrorCode::conflict, "The plan " + name + " is retired and takes no new tenants");
  auto most = row.get<std::optional<std::int64_t>>("max_tenants");
  auto taken = co_await transaction->query(kCountOnPlan, pg::params(plan, organization, slug));
  if (most && taken.one<std::int64_t>() >= *most)
    co_return fail(ErrorCode::plan_limit_reached,
                   fmt::format("The plan {} allows {} tenants, and they are there", name, *most));
  co_return Result<void>{};
}

Task<Result<Place>> reserve_in(pg::Transaction* transaction, Reservation what) {
  std::optional<crypto::Digest> key, request;
  if (what.request) {
    key = what.request->key;
    request = what.request->request;
    auto rows = co_await transaction->query(kFindRequest, pg::params(*key));
    if (!rows.empty()) {
      if (!crypto::equal(rows[0].get<std::span<const std::uint8_t>>("request_hash"), *request))
        co_return fail(ErrorCode::idempotency_mismatch, "This Idempotency-Key was used with another request");
      auto place = *read_place(rows);
      place.is_repeat = true;
      co_return place;
    }
  }
  // A slug that may vary takes no reservation up.
  auto own = what.slug_may_vary ? std::nullopt : std::optional(what.slug);
  if (what.plan) GH_CO_CHECK(co_await take_seat(transaction, *what.plan, what.organization, own));
  auto slug = what.slug;
  for (int variant = 2;; ++variant) {
    auto made = co_await transaction->query(
        kReserve, pg::params(what.organization, slug, what.region, what.plan, key, request));
    if (made.affected() == 1)
      co_return Place{.organization = what.organization, .region = what.region, .slug = slug};
    if (!what.slug_may_vary || variant > kMostVariants) break;
    auto number = fmt::format("-{}", variant);
    slug = what.slug.substr(0, kMostSlug - number.size());
    while (slug.ends_with('-')) slug.pop_back();
    slug += number;
  }
  if (!what.slug_may_vary) {
    auto taken =
        co_await transaction->query(kTakeUp, pg::params(slug, what.region, what.plan, key, request,
                                                        static_cast<double>(what.abandoned_after.count())));
    if (auto place = read_place(taken)) co_return *place;
  }
  co_return fail(ErrorCode::already_exists, "The slug " + what.slug + " is taken");
}

Task<pg::Transaction> begin(access::Reactor& reactor) {
  auto deadline = pg::within(kDeadline);
  co_return pg::Transaction(co_await reactor.control().acquire(deadline), deadline);
}

Task<void> settle_plan(access::Reactor& reactor, Region region, OrganizationId id) {
  auto transaction = co_await begin(reactor);
  // Waits for a move that is under way, and keeps others waiting.
  co_await transaction.query(kPlanOf, pg::params(id));
  auto rows = co_await reactor.region(region).platform->run(pg::Batch(kPlanInRegion, pg::params(id)),
                                                            pg::within(kDeadline));
  if (rows[0].empty()) co_return;
  co_await transaction.commit(pg::Batch(kPutPlan, pg::params(id, rows[0].one<std::optional<PlanId>>())));
}

}  // namespace

Task<Result<Place>> reserve_place(access::Reactor& reactor, Reservation what) {
  auto transaction = co_await begin(reactor);
  GH_CO_TRY(auto place, co_await reserve_in(&transaction, std::move(what)));
  co_await transaction.commit();
  co_return place;
}

Task<void> confirm_place(access::Reactor& reactor, OrganizationId id) {
  co_await reactor.control().run(pg::Batch(kConfirm, pg::params(id)), pg::within(kDeadline));
}

Task<std::optional<Place>> find_place(access::Reactor& reactor, OrganizationId id) {
  auto rows = co_await reactor.control().run(pg::Batch(kFind, pg::params(id)), pg::within(kDeadline));
  auto place = read_place(rows[0]);
  if (place && !place->is_confirmed) place.reset();
  co_return place;
}

Task<std::optional<Place>> find_place(access::Reactor& reactor, std::string slug) {
  auto rows = co_await reactor.control().run(pg::Batch(kFindSlug, pg::params(slug)), pg::within(kDeadline));
  co_return read_place(rows[0]);
}

Task<Result<Place>> served_place(access::Reactor& reactor, OrganizationId id) {
  auto place = co_await find_place(reactor, id);
  if (!place) co_return fail(ErrorCode::not_found, "There is no such tenant");
  if (!reactor.serves(place->region)) co_return fail(reactor.wrong_region(place->region));
  co_return std::move(*place);
}

Task<Result<PlanMove>> move_to_plan(access::Reactor& reactor, OrganizationId id, PlanId plan) {
  auto transaction = co_await begin(reactor);
  auto rows = co_await transaction.query(kPlanOf, pg::params(id));
  auto before = rows.one<std::optional<PlanId>>();
  if (before != plan) {
    GH_CO_CHECK(co_await take_seat(&transaction, plan, id, std::nullopt));
    co_await transaction.run(pg::Batch(kPutPlan, pg::params(id, plan)));
  }
  co_return PlanMove{std::move(transaction), before};
}

Task<void> settle_reservations(access::Reactor& reactor) {
  auto rows = co_await reactor.control().run(pg::Batch(kReserved, {}), pg::within(kDeadline));
  for (const auto& place : rows[0].as<PlaceRow>()) {
    if (!reactor.serves(place.region)) continue;
    auto found =
        co_await reactor.region(place.region)
            .platform->run(pg::Batch(kIsThere, pg::params(place.organization_id)), pg::within(kDeadline));
    if (!found[0].empty()) {
      co_await confirm_place(reactor, place.organization_id);
      continue;
    }
    co_await reactor.control().run(pg::Batch(kRemove, pg::params(place.organization_id)),
                                   pg::within(kDeadline));
  }
}

Task<void> settle_plans(access::Reactor& reactor, Region region) {
  std::optional<OrganizationId> after;
  for (;;) {
    auto rows = co_await reactor.region(region).platform->run(
        pg::Batch(kPlansInRegion, pg::params(after, kPageOfPlans)), pg::within(kDeadline));
    auto there = rows[0].as<OnPlan>();
    if (there.empty()) co_return;
    std::vector<OrganizationId> ids;
    ids.reserve(there.size());
    for (const auto& one : there) ids.push_back(one.id);
    after = ids.back();
    auto known =
        co_await reactor.control().run(pg::Batch(kPlansInDirectory, pg::params(ids)), pg::within(kDeadline));
    for (const auto& one : known[0].as<OnPlan>())
      if (std::ranges::find(there, one) == there.end()) co_await settle_plan(reactor, region, one.id);
  }
}

}  // namespace gatehouse::tenancy
