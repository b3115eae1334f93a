#include "access/rates.h"

#include "access/plans.h"
#include "base/metrics.h"
#include "http/address.h"

namespace gatehouse::access {
namespace {

metrics::Counter& refusals(std::string_view name) {
  return metrics::counter("gatehouse_rate_limited_total", "Requests refused for their rate", {{"of", name}});
}

/// Keys of different kinds are apart, whatever their ids.
std::uint64_t salted(Uuid id, std::uint64_t kind) {
  return std::hash<Uuid>{}(id) ^ kind << 56;
}

Rate from_plan(const Plan* plan, std::string_view feature, Rate otherwise) {
  auto wanted = plan ? plan->features.number(feature) : std::nullopt;
  if (!wanted) return otherwise;
  auto per_second = static_cast<double>(*wanted);
  return {per_second, per_second * 2};
}

std::int64_t window_of(Rate rate) {
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(rate.burst / rate.per_second));
}

constexpr std::uint64_t kOrganization = 16;
constexpr std::uint64_t kWorkspace = 17;
constexpr std::uint64_t kPersonOfKey = 32;  // and above: by class

}  // namespace

void CountedRates::add_to(http::Headers& headers) const {
  if (counted_.empty()) return;
  std::string policy;
  const One* nearest = nullptr;
  auto rest = [](const One& one) {
    return one.taken.admitted ? static_cast<double>(one.taken.left) / one.rate.burst : -1;
  };
  for (const auto& one : counted_) {
    policy += fmt::format("{}\"{}\";q={};w={}", policy.empty() ? "" : ", ", one.name,
                          static_cast<std::int64_t>(one.rate.burst), window_of(one.rate));
    if (!nearest || rest(one) < rest(*nearest)) nearest = &one;
  }
  headers.set("ratelimit-policy", policy);
  headers.set("ratelimit",
              fmt::format("\"{}\";r={};t={}", nearest->name, nearest->taken.left,
                          (nearest->taken.admitted ? nearest->taken.whole_in : nearest->taken.wait).count()));
}

Result<void> Rates::count(std::string_view name, std::uint64_t key, Rate rate, CountedRates& counted) {
  auto taken = limiter_.count(key, rate);
  counted.counted_.push_back({name, rate, taken});
  if (taken.admitted) return {};
  refusals(name).add();
  return fail(Error{.code = ErrorCode::rate_limited,
                    .detail = fmt::format("Try again in {} s", taken.wait.count()),
                    .retry_after = taken.wait});
}

Result<void> Rates::check_caller(const http::Request& request, const Principal& who, RateClass rate_class,
                                 CountedRates& counted) {
  const Rate* rate = nullptr;
  switch (rate_class) {
    case RateClass::read:
      rate = &options_.read;
      break;
    case RateClass::write:
      rate = &options_.write;
      break;
    case RateClass::model:
      rate = &options_.model;
      break;
    case RateClass::sign_in:
      rate = &options_.sign_in;
      break;
  }
  auto kind = static_cast<std::uint64_t>(rate_class);
  if (who.actor().is_nil())
    return count("address", http::hash_of_client(request.peer.ip, 0) ^ kind << 56, *rate, counted);
  GH_CHECK(count(who.is_program() ? "key" : "person", salted(who.actor(), kind), *rate, counted));
  if (!who.api_key) return {};
  // Ten keys of one person are one person's.
  return count("person", salted(who.user.value, kPersonOfKey + kind), *rate, counted);
}

Task<Result<void>> Rates::check_place(std::shared_ptr<const TenantSnapshot> tenant, WorkspaceId workspace,
                                      CountedRates& counted) {
  if (!tenant) co_return Result<void>{};
  auto plan = co_await plan_of(*tenant);
  GH_CO_CHECK(count("organization", salted(tenant->tenant().id.value, kOrganization),
                    from_plan(plan.get(), "requests_per_second", options_.organization), counted));
  if (workspace.is_nil()) co_return Result<void>{};
  co_return count("workspace", salted(workspace.value, kWorkspace),
                  from_plan(plan.get(), "workspace_requests_per_second", options_.workspace), counted);
}

}  // namespace gatehouse::access
