// The windows that hyperscan leaves to the exact matcher: nothing begins outside of them.
#include "policy/prefilter.h"

#include <random>

#include <gtest/gtest.h>

#include "policy/compiled.h"
#include "policy/demo_rules_testing.h"
#include "policy/scanner.h"

namespace gatehouse::policy {
namespace {

using testing::finds;
using testing::phrases;
using testing::regexes;
using testing::rule;

std::shared_ptr<const RuleSet> rich() {
  static const auto rules = [] {
    auto list = testing::demo_rules();
    list.push_back(rule("codes", Outcome::redact,
                        regexes({R"(PRJ-\d{2,6})", R"(\bx+y)", R"(a\x20b\nc)", R"([^a-z0-9 ]{3}!)",
                                 R"(ação\b)", R"((?:ab|c)*d\tq)", R"([à-ü]z\S+9)"})));
    list.push_back(rule("names", Outcome::warn, phrases({"foo", "Ωmega point", "x.y-z"}, false)));
    return testing::compiled(list);
  }();
  return rules;
}

/// What the exact matcher finds when it looks everywhere.
std::vector<Finding> exhaustive(const CompiledRules& rules, std::span<const char32_t> text) {
  std::vector<Finding> all;
  Scanner scanner(rules);
  Cursor cursor;
  std::size_t with_tail = 0;
  while (true) {
    const auto step = scanner.next(text, true, cursor);
    if (step == Scanner::Step::done) return all;
    if (step == Scanner::Step::tail) {
      all[with_tail].end = cursor.tail_at;
      continue;
    }
    for (const Finding& finding : scanner.found()) {
      if (finding.tail != Tail::none) with_tail = all.size();
      all.push_back(finding);
    }
  }
}

std::string random_text(std::mt19937& random) {
  static const std::vector<std::string> kSeeds = {
      "529.982.247-25",
      "5 2 9 9 8 2 2 4 7 2 5",
      "joao.silva+x@mail.exemplo.com.br",
      "joão@ex.com",
      "+55 (11) 98765-4321",
      "(11) 3456-7890",
      "12.ABC.345/01DE-35",
      "12abc34501de35",
      "GB82 WEST 1234 5698 7654 32",
      "fr1420041010050500013m02606",
      "4111 - 1111 - 1111 - 1111",
      "AKIAIOSFODNN7EXAMPLE",
      "sk-ant-abcdefghijklmnopqrstuvwxyz",
      "xoxe.xoxp-1234567890abc",
      "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.x",
      "-----BEGIN PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7bq1\n-----END PRIVATE KEY-----",
      "project \t--aurora",
      "SALÁRIO",
      "PRJ-123",
      "a b\nc",
      "§€—!",
      "AÇÃO",
      "ababcd q",
      "éz---9",
      "ωmega  point",
      "X.Y Z",
      "xxy",
      "\u200B",
      "\xFF",
      "жук",
  };
  static const std::vector<std::string> kProse = {
      "lorem ",  "ipsum, ", "em 2026 ",  "o ",  ". ", "- ", "12,500 ",
      "foo@bar", "+1 ",     "tel ",      "eyJ", "(",  "@",  "meeting in 2026 ",
      "😀",      "ü",       "sk-learn ", "9",   "gh", "_"};
  std::string text;
  for (std::size_t n = 20 + random() % 80; n > 0; --n) {
    if (random() % 12 == 0) {
      const auto& seed = kSeeds[random() % kSeeds.size()];
      text += random() % 4 == 0 ? seed.substr(0, random() % seed.size()) : seed;
    } else {
      text += kProse[random() % kProse.size()];
    }
  }
  if (random() % 8 == 0) text += "sk-ant-" + std::string(300 + random() % 300, 'k') + " 529.982.247-25";
  return text;
}

TEST(Prefilter, LeavesOutNothingThatTheExactMatcherFinds) {
  const auto& rules = rich()->compiled();
  ASSERT_TRUE(rules.prefilter.available());
  std::mt19937 random(20261120);
  std::size_t found = 0;
  std::size_t skipped = 0;
  for (int round = 0; round < 1500; ++round) {
    const std::string text = random_text(random);
    const Symbols symbols = normalize(text);
    const auto expected = exhaustive(rules, symbols.values);
    const Candidates places = rules.prefilter.candidates(symbols.values);
    for (const Finding& finding : expected) {
      ASSERT_EQ(places.next(finding.begin), finding.begin) << text;
    }
    const auto actual = find_all(rules, symbols.values);
    ASSERT_EQ(actual.size(), expected.size()) << text;
    for (std::size_t i = 0; i < actual.size(); ++i) {
      ASSERT_EQ(actual[i].source, expected[i].source) << text;
      ASSERT_EQ(actual[i].begin, expected[i].begin) << text;
      ASSERT_EQ(actual[i].end, expected[i].end) << text;
      ASSERT_EQ(actual[i].score, expected[i].score) << text;
    }
    found += expected.size();
    skipped += places.next(0) > 0 || places.end_of(0) < symbols.size() ? 1U : 0U;
  }
  // The test has looked at something, and the windows are not the whole.
  EXPECT_GT(found, 2000U);
  EXPECT_GT(skipped, 500U);
}

TEST(Prefilter, GivesUpOnExpressionsThatMatchEverywhere) {
  const auto rules = testing::compiled({rule("r", Outcome::warn, regexes({R"(\w\w)"}))});
  const Symbols symbols = normalize(std::string(5000, 'a'));
  const Candidates places = rules->compiled().prefilter.candidates(symbols.values);
  EXPECT_EQ(places.next(0), 0U);
  EXPECT_EQ(places.end_of(0), 5000U);
}

TEST(Prefilter, MarksBlocks) {
  Candidates places(5000, false);
  EXPECT_TRUE(places.empty());
  places.add(1500, 1501);
  places.add(1510, 1530);
  const std::size_t block = Candidates::kBlock;
  const std::size_t first = 1500 / block * block;
  EXPECT_EQ(places.next(0), first);
  EXPECT_EQ(places.next(1505), 1505U);
  EXPECT_EQ(places.end_of(first), (1529 / block + 1) * block);
  EXPECT_EQ(places.next(1600), 5000U);
  EXPECT_FALSE(places.empty());
}

}  // namespace
}  // namespace gatehouse::policy
