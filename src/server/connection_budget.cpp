#include "server/connection_budget.h"

#include <algorithm>

#include "base/error.h"

namespace gatehouse::server {
namespace {

// Two for tenants' requests (one to share, one to lend to a transaction), one each for the platform's role
// and the audit record.
constexpr std::size_t kLeastShare = 4;

// A region's appender, drain and journal.
constexpr std::size_t kFixedPerRegion = 3;

// To the control database.
constexpr std::size_t kFixedPerReactor = 1;

}  // namespace

std::size_t ConnectionBudget::least(std::size_t regions, std::size_t reactors) {
  return regions * kFixedPerRegion + reactors * (kFixedPerReactor + regions * kLeastShare);
}

ConnectionBudget ConnectionBudget::of(std::size_t connections, std::size_t regions, std::size_t threads,
                                      std::size_t processors) {
  auto asked = std::max<std::size_t>(1, threads);
  if (connections < least(regions, asked))
    throw Failure(fmt::format(
        "database.connections = {} is too few for {} regions and server.threads = {}: at least {}",
        connections, regions, threads, least(regions, asked)));
  auto fixed = regions * kFixedPerRegion;
  auto carried = (connections - fixed) / (kFixedPerReactor + regions * kLeastShare);
  ConnectionBudget budget{.reactors = threads ? threads : std::clamp<std::size_t>(processors, 1, carried)};
  auto share = (connections - fixed - budget.reactors * kFixedPerReactor) / (regions * budget.reactors);
  budget.platform = std::max<std::size_t>(1, share / 5);
  budget.audit = budget.platform;
  budget.app = share - budget.platform - budget.audit;
  return budget;
}

}  // namespace gatehouse::server
