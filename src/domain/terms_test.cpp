#include "domain/terms.h"

#include <gtest/gtest.h>

namespace gatehouse {
namespace {

TEST(Terms, AreSpelledAsOnTheWire) {
  EXPECT_EQ(to_string(Region::eu), "eu");
  EXPECT_EQ(to_string(RoleCode::WM), "WM");
  EXPECT_EQ(to_string(DataMode::metadata_only), "metadata_only");
  EXPECT_EQ(parse_region("us"), Region::us);
  EXPECT_EQ(parse_region("br"), std::nullopt);
  EXPECT_EQ(parse_region(""), std::nullopt);
}

}  // namespace
}  // namespace gatehouse
