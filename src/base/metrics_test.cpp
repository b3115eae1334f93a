#include "base/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gatehouse::metrics {
namespace {

using testing::HasSubstr;

TEST(Metrics, RenderWithLabelsEscapedAndBucketsCumulative) {
  counter("test_calls_total", "Calls", {{"kind", "a\"b"}}).add(3);
  gauge("test_open", "Open").set(-2);
  auto& seconds = histogram("test_seconds", "Seconds");
  seconds.observe(0.0002);
  seconds.observe(0.0002);
  seconds.observe(100);
  auto text = render();
  EXPECT_THAT(text, HasSubstr("# TYPE test_calls_total counter\ntest_calls_total{kind=\"a\\\"b\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("test_open -2\n"));
  EXPECT_THAT(text, HasSubstr("test_seconds_bucket{le=\"0.0001\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("test_seconds_bucket{le=\"0.00025\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("test_seconds_bucket{le=\"60\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("test_seconds_bucket{le=\"+Inf\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("test_seconds_count 3\n"));
}

TEST(Metrics, GiveTheSameObjectForTheSameNameAndLabels) {
  EXPECT_EQ(&counter("test_same", "Same", {{"a", "1"}}), &counter("test_same", "Same", {{"a", "1"}}));
  EXPECT_NE(&counter("test_same", "Same", {{"a", "1"}}), &counter("test_same", "Same", {{"a", "2"}}));
}

}  // namespace
}  // namespace gatehouse::metrics
