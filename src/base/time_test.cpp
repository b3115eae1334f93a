#include "base/time.h"

#include <gtest/gtest.h>

namespace gatehouse {
namespace {

TEST(Rfc3339, IsReadInAnyOffsetAndWrittenInUtc) {
  EXPECT_EQ(to_rfc3339(*parse_rfc3339("2026-11-20T18:51:11Z")), "2026-11-20T18:51:11.000000Z");
  EXPECT_EQ(to_rfc3339(*parse_rfc3339("2026-11-20t18:51:11.5-03:00")), "2026-11-20T21:51:11.500000Z");
  EXPECT_EQ(to_rfc3339(*parse_rfc3339("2024-02-29T00:00:00.1234567+14:00")), "2024-02-28T10:00:00.123456Z");
  Timestamp stamp = now();
  EXPECT_EQ(parse_rfc3339(to_rfc3339(stamp)), stamp);
}

TEST(Rfc3339, RefusesWhatIsNoTime) {
  for (auto bad : {"", "2026-11-20", "2026-11-20T18:51:11", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
                   "2026-11-20T24:00:00Z", "2026-11-20T18:51:11.Z", "2026-11-20T18:51:11+3:00",
                   "2026-11-20T18:51:11Zx", "1969-12-31T23:59:59Z", "2026-11-20 18:51:11Z"})
    EXPECT_FALSE(parse_rfc3339(bad)) << bad;
}

}  // namespace
}  // namespace gatehouse
