#include "access/plans.h"

#include "access/reactor.h"
#include "base/log.h"
#include "json/codec.h"
#include "pg/params.h"
#include "pg/statement.h"

namespace gatehouse::access {
namespace {

using namespace std::chrono_literals;

constexpr auto kPollEvery = 1s;
constexpr auto kDeadline = 5s;

// The overlap covers transactions that were in flight when it was read before.
constexpr pg::Statement kChanged{
    "plans.changed",
    "select id, name, slug, max_tenants::bigint, max_requests_month::bigint, features, is_active, version"
    " from plans where $1 or updated_at > clock_timestamp() - interval '60 s'"};

}  // namespace

std::shared_ptr<const Plan> Plans::find(PlanId id) const {
  auto known = known_.load();
  auto found = known->find(id);
  return found == known->end() ? nullptr : found->second;
}

void Plans::put(std::vector<std::shared_ptr<const Plan>> plans) {
  auto before = known_.load();
  for (;;) {
    auto made = std::make_shared<Known>(*before);
    bool is_news = false;
    for (const auto& plan : plans) {
      auto& slot = (*made)[plan->id];
      // Two readers may come in any order; versions only rise.
      if (slot && slot->version >= plan->version) continue;
      slot = plan;
      is_news = true;
    }
    if (!is_news || known_.compare_exchange_strong(before, std::move(made))) return;
  }
}

Task<void> Plans::refresh(Reactor& reactor, bool all) {
  auto rows = co_await reactor.control().run(pg::Batch(kChanged, pg::params(all)), pg::within(kDeadline));
  std::vector<std::shared_ptr<const Plan>> plans;
  plans.reserve(rows[0].size());
  for (std::size_t i = 0; i < rows[0].size(); ++i) {
    auto row = rows[0][i];
    auto features = json::decode_text<Features>(row.get<pg::Json>("features").text);
    if (!features) throw Failure("the features of a plan cannot be read");
    plans.push_back(std::make_shared<const Plan>(
        Plan{.id = row.get<PlanId>("id"),
             .name = row.get<std::string>("name"),
             .slug = row.get<std::string>("slug"),
             .max_tenants = row.get<std::optional<std::int64_t>>("max_tenants"),
             .max_requests_month = row.get<std::optional<std::int64_t>>("max_requests_month"),
             .features = std::move(*features),
             .is_active = row.get<bool>("is_active"),
             .version = row.get<std::int64_t>("version")}));
  }
  put(std::move(plans));
}

Task<std::shared_ptr<const Plan>> Plans::get(Reactor& reactor, PlanId id) {
  if (auto known = find(id)) co_return known;
  co_await refresh(reactor, true);
  auto known = find(id);
  if (!known) throw Failure("an organization is on a plan that does not exist");
  co_return known;
}

Task<void> Plans::follow(Reactor& reactor) {
  bool all = true;
  for (;;) {
    try {
      co_await refresh(reactor, all);
      all = false;
    } catch (const std::exception& failure) {
      log::warn("plans.poll_failed", {{"error", failure.what()}});
      all = true;
    }
    co_await sleep_for(kPollEvery);
  }
}

Task<std::shared_ptr<const Plan>> plan_of(const TenantSnapshot& tenant) {
  auto& reactor = tenant.reactor();
  if (!tenant.tenant().plan || !reactor.plans) co_return nullptr;
  co_return co_await reactor.plans->get(reactor, *tenant.tenant().plan);
}

Task<Result<void>> require_feature(const TenantSnapshot& tenant, std::string_view name) {
  auto plan = co_await plan_of(tenant);
  if (plan && !plan->features.is_on(name))
    co_return fail(ErrorCode::plan_limit_reached,
                   fmt::format("The plan {} does not include {}", plan->name, name));
  co_return Result<void>{};
}

}  // namespace gatehouse::access
