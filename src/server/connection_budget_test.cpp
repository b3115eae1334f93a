#include "server/connection_budget.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "server/config.h"

namespace gatehouse::server {
namespace {

std::size_t used(const ConnectionBudget& budget, std::size_t regions) {
  return regions * 3 + budget.reactors * (1 + regions * (budget.app + budget.platform + budget.audit));
}

TEST(ConnectionBudget, StartsOnAnyNumberOfProcessorsWithTheDefaults) {
  auto connections = static_cast<std::size_t>(*DatabaseSection{}.connections);
  for (std::size_t regions : {1u, 2u})
    for (std::size_t processors = 0; processors <= 512; ++processors) {
      auto budget = ConnectionBudget::of(connections, regions, 0, processors);
      EXPECT_GE(budget.reactors, 1u);
      EXPECT_GE(budget.app, 2u);
      EXPECT_GE(budget.platform, 1u);
      EXPECT_GE(budget.audit, 1u);
      EXPECT_LE(used(budget, regions), connections) << processors << " processors";
    }
}

TEST(ConnectionBudget, HasAReactorAProcessorWhereTheConnectionsCarryThem) {
  EXPECT_EQ(ConnectionBudget::of(64, 2, 0, 4).reactors, 4u);
  EXPECT_EQ(ConnectionBudget::of(64, 2, 0, 6).reactors, 6u);
  EXPECT_EQ(ConnectionBudget::of(64, 2, 0, 7).reactors, 6u);
  EXPECT_EQ(ConnectionBudget::of(ConnectionBudget::least(2, 64), 2, 0, 64).reactors, 64u);
}

TEST(ConnectionBudget, RefusesThreadsThatItsConnectionsDoNotCarry) {
  EXPECT_EQ(ConnectionBudget::of(64, 2, 6, 1).reactors, 6u);
  EXPECT_THROW(ConnectionBudget::of(64, 2, 7, 1), Failure);
  EXPECT_THROW(ConnectionBudget::of(ConnectionBudget::least(1, 1) - 1, 1, 0, 8), Failure);
  EXPECT_NO_THROW(ConnectionBudget::of(ConnectionBudget::least(1, 1), 1, 0, 8));
}

}  // namespace
}  // namespace gatehouse::server
