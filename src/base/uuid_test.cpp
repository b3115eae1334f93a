#include "base/uuid.h"

#include <unordered_set>

#include <gtest/gtest.h>

namespace gatehouse {
namespace {

TEST(Uuid, IsVersionSevenAndSortsByCreation) {
  std::unordered_set<Uuid> seen;
  Uuid last;
  for (int i = 0; i < 10'000; ++i) {
    Uuid id = Uuid::v7();
    EXPECT_EQ(id.bytes[6] >> 4, 7);
    EXPECT_EQ(id.bytes[8] >> 6, 2);
    EXPECT_LT(last, id);
    EXPECT_TRUE(seen.insert(id).second);
    last = id;
  }
}

TEST(Uuid, ReadsOnlyTheHyphenatedForm) {
  Uuid id = Uuid::v7();
  EXPECT_EQ(Uuid::parse(id.to_string()), id);
  EXPECT_EQ(Uuid::parse("0190B1C2-D3E4-7F56-8789-0A1B2C3D4E5F")->to_string(),
            "0190b1c2-d3e4-7f56-8789-0a1b2c3d4e5f");
  for (auto bad :
       {"", "0190b1c2d3e47f5687890a1b2c3d4e5f", "0190b1c2-d3e4-7f56-8789-0a1b2c3d4e5", "{0190b1c2-d3e4-7f56}",
        "0190b1c2-d3e4-7f56-8789-0a1b2c3d4e5g", "0190b1c2-d3e4-7f56-8789-0a1b2c3d4e5f "})
    EXPECT_FALSE(Uuid::parse(bad)) << bad;
}

}  // namespace
}  // namespace gatehouse
