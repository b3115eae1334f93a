// An error while evaluating means block, and nothing of the text passes.
#include <cstdlib>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "policy/cleared.h"
#include "policy/demo_rules_testing.h"
#include "policy/document.h"
#include "policy/stream.h"

namespace gatehouse::policy {
namespace {

#ifdef GATEHOUSE_FAILPOINTS

bool is_evaluation_error(const Decision& decision) {
  return decision.outcome == Outcome::block && decision.deciding() != nullptr &&
         decision.deciding()->name == "evaluation error";
}

/// Failpoints are read once in a process, so each case has one of its own, in which every scan throws.
template <class Case>
[[noreturn]] void with_failing_scans(Case holds) {
  setenv("GATEHOUSE_FAILPOINTS", "policy.scan=throw", 1);
  std::_Exit(holds(testing::compiled({})) ? 0 : 1);
}

class FailureDeathTest : public ::testing::Test {
 protected:
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(FailureDeathTest, BlocksAText) {
  EXPECT_EXIT(with_failing_scans([](const auto& rules) {
                for (const Direction direction : {Direction::prompt, Direction::response}) {
                  const auto result = rules->evaluate_text("hello", {.direction = direction});
                  if (!is_evaluation_error(result.decision) || !result.text.empty()) return false;
                }
                return true;
              }),
              ::testing::ExitedWithCode(0), "");
}

TEST_F(FailureDeathTest, BlocksADocumentAndItsClearance) {
  EXPECT_EXIT(with_failing_scans([](const auto& rules) {
                boost::json::value document = {{"content", "hello"}};
                const auto clearance = clear(document, {}, {}, {"demo", "demo/echo"}, rules);
                return is_evaluation_error(evaluate_document(document, {}, *rules).decision) &&
                       is_evaluation_error(clearance.decision) && !clearance.cleared;
              }),
              ::testing::ExitedWithCode(0), "");
}

TEST_F(FailureDeathTest, BlocksAStreamForGood) {
  EXPECT_EXIT(with_failing_scans([](const auto& rules) {
                ResponseFilter filter(rules, {});
                const bool silent = filter.push({}, "hello ").empty() && filter.push({}, "world ").empty();
                return silent && filter.finish_all().empty() && filter.blocked() &&
                       is_evaluation_error(filter.decision());
              }),
              ::testing::ExitedWithCode(0), "");
}

#endif

}  // namespace
}  // namespace gatehouse::policy
