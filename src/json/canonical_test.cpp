#include "json/canonical.h"

#include <bit>
#include <cmath>
#include <cstdlib>
#include <random>

#include <gtest/gtest.h>

namespace gatehouse::json {
namespace {

TEST(Canonical, NumbersOfRfc8785AppendixB) {
  struct Row {
    std::uint64_t bits;
    const char* text;
  };
  for (auto [bits, text] : {
           Row{0x0000000000000000, "0"},
           Row{0x8000000000000000, "0"},
           Row{0x0000000000000001, "5e-324"},
           Row{0x8000000000000001, "-5e-324"},
           Row{0x7fefffffffffffff, "1.7976931348623157e+308"},
           Row{0xffefffffffffffff, "-1.7976931348623157e+308"},
           Row{0x4340000000000000, "9007199254740992"},
           Row{0xc340000000000000, "-9007199254740992"},
           Row{0x4430000000000000, "295147905179352830000"},
           Row{0x44b52d02c7e14af5, "9.999999999999997e+22"},
           Row{0x44b52d02c7e14af6, "1e+23"},
           Row{0x44b52d02c7e14af7, "1.0000000000000001e+23"},
           Row{0x444b1ae4d6e2ef4e, "999999999999999700000"},
           Row{0x444b1ae4d6e2ef4f, "999999999999999900000"},
           Row{0x444b1ae4d6e2ef50, "1e+21"},
           Row{0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
           Row{0x3eb0c6f7a0b5ed8d, "0.000001"},
           Row{0x41b3de4355555553, "333333333.3333332"},
           Row{0x41b3de4355555554, "333333333.33333325"},
           Row{0x41b3de4355555555, "333333333.3333333"},
           Row{0x41b3de4355555556, "333333333.3333334"},
           Row{0x41b3de4355555557, "333333333.33333343"},
           Row{0xbecbf647612f3696, "-0.0000033333333333333333"},
           Row{0x43143ff3c1cb0959, "1424953923781206.2"},
       })
    EXPECT_EQ(canonical_number(std::bit_cast<double>(bits)), text);
  EXPECT_THROW(canonical_number(std::bit_cast<double>(0x7fffffffffffffff)), Failure);
  EXPECT_THROW(canonical_number(std::bit_cast<double>(0x7ff0000000000000)), Failure);
}

TEST(Canonical, SampleOfRfc8785Section322) {
  auto value = parse(R"({
    "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
    "literals": [null, true, false]
  })");
  ASSERT_TRUE(value);
  EXPECT_EQ(canonical(*value),
            R"({"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],)"
            R"("string":"€$\u000f\nA'B\"\\\\\"/"})");
}

TEST(Canonical, SortingSampleOfRfc8785Section323) {
  auto value = parse(R"({
    "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
    "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"
  })");
  ASSERT_TRUE(value);
  EXPECT_EQ(
      canonical(*value),
      "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"ö\":\"Latin Small Letter O With "
      "Diaeresis\",\"€\":\"Euro Sign\",\"😀\":\"Emoji: Grinning Face\",\"\uFB33\":\"Hebrew Letter Dalet With "
      "Dagesh\"}");
}

TEST(Canonical, OrdersKeysByUtf16AtEveryBoundary) {
  // Ascending in UTF-16: a lead surrogate (U+10000 and above) comes before U+E000.
  auto value =
      parse(R"({"\uffff":7,"\ue000":6,"\udbff\udfff":5,"\ud800\udc00":4,"\ud7ff":3,"\u0800":2,"a":1,"":0,
                         "a\ue000":9,"a\ud800\udc00":8})");
  ASSERT_TRUE(value);
  std::string order;
  for (char c : canonical(*value))
    if (c >= '0' && c <= '9') order += c;
  EXPECT_EQ(order, "0189234567");
}

TEST(Canonical, RefusesIntegersThatOtherReadersWouldRound) {
  EXPECT_EQ(canonical(Value(9007199254740991)), "9007199254740991");
  EXPECT_EQ(canonical(Value(-9007199254740991)), "-9007199254740991");
  EXPECT_EQ(canonical(Value(9007199254740992)), "9007199254740992");
  EXPECT_THROW(canonical(Value(9007199254740993)), Failure);
  EXPECT_THROW(canonical(Value(-9007199254740993)), Failure);
  EXPECT_THROW(canonical(Value(std::int64_t{1} << 60)), Failure);
  EXPECT_EQ(canonical(Value(1152921504606847000)), "1152921504606847000");
  EXPECT_EQ(canonical(Value(7.9e16)), canonical(Value(79000000000000000)));
  EXPECT_THROW(canonical(Value(1e20)), Failure);
  EXPECT_THROW(canonical(Value(-1e19)), Failure);
  EXPECT_EQ(canonical(Value(1e21)), "1e+21");
  EXPECT_THROW(canonical(Value(UINT64_MAX)), Failure);
}

TEST(Canonical, OneFormForOneValue) {
  EXPECT_EQ(canonical(*parse(R"({"b":1.0,"a":[1e2, -0]})")), canonical(*parse(R"({ "a":[100,0.0],"b":1 })")));
}

TEST(Canonical, NumbersReadBackAsTheyWere) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20'000; ++i) {
    auto number = std::bit_cast<double>(random());
    if (std::isfinite(number)) {
      ASSERT_EQ(std::strtod(canonical_number(number).c_str(), nullptr), number);
    }
  }
}

}  // namespace
}  // namespace gatehouse::json
