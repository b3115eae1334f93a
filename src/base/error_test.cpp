#include "base/error.h"

#include <set>

#include <gtest/gtest.h>

namespace gatehouse {
namespace {

TEST(ErrorCatalogue, HasEveryCodeOnceWithAStatusThatIsAnError) {
  std::set<ErrorCode> codes;
  std::set<std::string_view> names;
  for (const auto& row : error_catalogue()) {
    EXPECT_TRUE(codes.insert(row.code).second) << row.name;
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_GE(row.http_status, 400) << row.name;
    EXPECT_LT(row.http_status, 600) << row.name;
    EXPECT_FALSE(row.title.ends_with('.')) << row.name;
  }
  EXPECT_EQ(codes.size(), static_cast<std::size_t>(ErrorCode::shutting_down) + 1);
}

Result<int> halve(int n) {
  if (n % 2) return fail(ErrorCode::bad_request, "odd");
  return n / 2;
}

Result<int> quarter(int n) {
  GH_TRY(int half, halve(n));
  GH_TRY(int quarter, halve(half));
  return quarter;
}

TEST(Result, IsUnwrappedOrReturnedByTry) {
  EXPECT_EQ(quarter(12).value(), 3);
  EXPECT_EQ(quarter(6).error().detail, "odd");
}

}  // namespace
}  // namespace gatehouse
