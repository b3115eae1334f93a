// Rules: what may be written, and how conditions and outcomes combine.
#include "policy/rule.h"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include "policy/demo_rules_testing.h"

namespace gatehouse::policy {
namespace {

using testing::compiled;
using testing::finds;
using testing::phrases;
using testing::regexes;
using testing::rule;

std::vector<std::string> codes(const Rule& r) {
  std::vector<std::string> out;
  for (const auto& error : validate(r)) out.push_back(error.pointer + " " + error.code);
  return out;
}
using Codes = std::vector<std::string>;

TEST(Rules, AreRefusedFieldByField) {
  EXPECT_EQ(codes(rule("ok", Outcome::block, phrases({"x"}))), Codes{});
  EXPECT_EQ(codes(rule("", Outcome::warn, {})), Codes{"/name required"});
  EXPECT_EQ(codes(rule("r", Outcome::require_approval, {})), Codes{"/outcome unsupported"});
  EXPECT_EQ(codes(rule("r", Outcome::redact, {})), Codes{"/condition nothing_to_redact"});
  EXPECT_EQ(
      codes(rule("r", Outcome::warn, finds({"nope"}, 0, 0.1))),
      (Codes{"/condition/detectors/names/0 unknown_detector", "/condition/detectors/min_score out_of_range",
             "/condition/detectors/min_count out_of_range"}));
  for (const char* bad : {"(", "a*", "^a", "a$", "(?m)a", "\\pL", "a\\bc", "(a|b", "x{300}"}) {
    EXPECT_EQ(codes(rule("r", Outcome::warn, regexes({bad}))),
              Codes{"/condition/regexes/patterns/0 invalid_regex"})
        << bad;
  }
  EXPECT_FALSE(RuleSet::compile({rule("r", Outcome::require_approval, {})}));
}

TEST(Rules, ExpressionsMeanWhatRe2Means) {
  const std::vector<std::string> expressions = {
      "a+b", "PRJ-\\d{2,4}", "(ab|cd)*e", "x[^a-c]y", "[\\w.]+@z", "a.c", "(?:foo|fo)o?", "\\d{3}(-\\d+)?"};
  const std::vector<std::string> texts = {"aaab ab", "prj-12345 PRJ-1", "ababcde e", "xdy xay XZY",
                                          "a.b@z",   "a c abc",         "foo fooo",  "123-45 999-"};
  for (const auto& expression : expressions) {
    RE2::Options options;
    options.set_longest_match(true);
    options.set_case_sensitive(false);
    const RE2 oracle("(" + expression + ")", options);
    const auto rules = compiled({rule("r", Outcome::warn, regexes({expression}))});
    for (const auto& text : texts) {
      const auto matches = rules->evaluate_text(text, {}).matches;
      re2::StringPiece found;
      const bool any = RE2::PartialMatch(text, oracle, &found);
      ASSERT_EQ(!matches.empty(), any) << expression << " on " << text;
      if (any) {
        EXPECT_EQ(text.substr(matches[0].begin, matches[0].end - matches[0].begin), std::string(found))
            << expression;
      }
    }
  }
}

TEST(Rules, CombineAllAnyAndNone) {
  Condition c = phrases({"alpha"});
  c.none = {phrases({"beta"})};
  c.any = {phrases({"gamma"}), finds({"email"})};
  c.roles = {"UR"};
  const auto rules = compiled({rule("r", Outcome::block, c)});
  const Subject user{.role = "UR"};
  const auto outcome = [&](std::string_view text, const Subject& s) {
    return rules->evaluate_text(text, s).decision.outcome;
  };
  EXPECT_EQ(outcome("alpha gamma", user), Outcome::block);
  EXPECT_EQ(outcome("alpha a@b.io", user), Outcome::block);
  EXPECT_EQ(outcome("alpha", user), Outcome::allow);
  EXPECT_EQ(outcome("alpha gamma beta", user), Outcome::allow);
  EXPECT_EQ(outcome("alpha gamma", Subject{.role = "OA"}), Outcome::allow);
}

TEST(Rules, TheStrongestOutcomeWinsAndShadowsOnlyRecord) {
  auto shadow = rule("shadow", Outcome::block, phrases({"secret"}));
  shadow.state = RuleState::shadow;
  auto off = rule("off", Outcome::block, phrases({"secret"}));
  off.state = RuleState::disabled;
  const auto rules = compiled({shadow, off, rule("warn", Outcome::warn, phrases({"secret"})),
                               rule("redact", Outcome::redact, phrases({"secret"}))});
  const auto result = rules->evaluate_text("a secret", {});
  EXPECT_EQ(result.text, "a [PHRASE_1]");
  EXPECT_EQ(result.decision.outcome, Outcome::redact);
  ASSERT_EQ(result.decision.hits.size(), 3U);
  EXPECT_TRUE(result.decision.hits[0].shadow);
  EXPECT_EQ(result.decision.deciding()->name, "redact");
}

TEST(Rules, OperatorsReplaceAsTheySay) {
  auto r = rule("r", Outcome::redact, finds({"cpf"}));
  r.redaction = {.operation = RedactionOperator::partial, .keep = 2};
  EXPECT_EQ(compiled({r})->evaluate_text("529.982.247-25", {}).text, "***.***.***-25");
  r.redaction = {.operation = RedactionOperator::replace, .replacement = "<gone>"};
  EXPECT_EQ(compiled({r})->evaluate_text("529.982.247-25", {}).text, "<gone>");
  r.redaction = {.operation = RedactionOperator::hash};
  EXPECT_FALSE(RuleSet::compile({r}));
  const auto keyed = compiled({r}, Defaults{.hash_key = crypto::Secret::copy_of("0123456789abcdef")});
  const auto a = keyed->evaluate_text("529.982.247-25", {}).text;
  EXPECT_EQ(a, keyed->evaluate_text("52998224725", {}).text);
  EXPECT_EQ(a.size(), std::string("[CPF:]").size() + 16);
  r.redaction = {.operation = RedactionOperator::replace, .replacement = "a@b.io"};
  EXPECT_FALSE(RuleSet::compile({r}));
}

TEST(Rules, AVersionTellsRuleSetsApart) {
  auto one = testing::demo_rules();
  auto two = one;
  EXPECT_EQ(compiled(one)->version(), compiled(two)->version());
  two[0].message = "changed";
  EXPECT_NE(compiled(one)->version(), compiled(two)->version());
}

}  // namespace
}  // namespace gatehouse::policy
