// Whole documents: nothing in them is exempt, and what comes out is clean.
#include "policy/document.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "policy/cleared.h"
#include "policy/compiled.h"
#include "policy/demo_rules_testing.h"
#include "policy/normalize.h"
#include "policy/scanner.h"

namespace gatehouse::policy {
namespace {

using testing::compiled;

std::shared_ptr<const RuleSet> demo() {
  static const auto rules = compiled(testing::demo_rules());
  return rules;
}

std::string after(std::string_view source, Outcome expected = Outcome::redact) {
  auto document = boost::json::parse(source);
  const auto evaluated = evaluate_document(document, {}, *demo());
  EXPECT_EQ(evaluated.decision.outcome, expected) << source;
  const std::string out = boost::json::serialize(document);
  if (expected != Outcome::block) {
    EXPECT_EQ(evaluate_document(document, {}, *demo()).decision.redactions, 0U) << out;
  }
  return out;
}

TEST(Document, RedactsEveryStringLeafWithOneNumbering) {
  EXPECT_EQ(
      after(
          R"({"messages":[{"role":"user","content":"CPF 529.982.247-25"}],"metadata":{"x":"52998224725","y":"11144477735"}})"),
      R"({"messages":[{"role":"user","content":"CPF [CPF_1]"}],"metadata":{"x":"[CPF_1]","y":"[CPF_2]"}})");
}

TEST(Document, LooksIntoToolSchemasAndNewFields) {
  EXPECT_EQ(
      after(
          R"({"tools":[{"function":{"parameters":{"enum":["a","529.982.247-25"],"description":"a@b.io"}}}],"new":[[["4111111111111111"]]]})"),
      R"({"tools":[{"function":{"parameters":{"enum":["a","[CPF_1]"],"description":"[EMAIL_1]"}}}],"new":[[["[CARD_1]"]]]})");
}

TEST(Document, RenamesKeys) {
  EXPECT_EQ(after(R"({"metadata":{"529.982.247-25":1,"b":"52998224725"}})"),
            R"({"metadata":{"[CPF_1]":1,"b":"[CPF_1]"}})");
  after(R"({"529.982.247-25":1,"52998224725":2})", Outcome::block);
}

TEST(Document, ReplacesNumbersByMasks) {
  EXPECT_EQ(after(R"({"a":52998224725,"b":[4111111111111111],"c":52998224725.0,"d":1700000000,"e":12})"),
            R"({"a":"[CPF_1]","b":["[CARD_1]"],"c":"[CPF_1]","d":1700000000,"e":12})");
}

TEST(Document, TakesAKeyAsContextOfItsValue) {
  EXPECT_EQ(after(R"({"telefone":"11987654321","id":"11987654321"})"),
            R"({"telefone":"[PHONE_1]","id":"11987654321"})");
}

TEST(Document, FindsAValueSplitOverContentParts) {
  EXPECT_EQ(
      after(
          R"({"content":[{"type":"text","text":"my CPF: 529.982."},{"type":"text","text":"247-25, yes"}]})"),
      R"({"content":[{"type":"text","text":"my CPF: [CPF_1]"},{"type":"text","text":", yes"}]})");
  after(R"({"content":[{"type":"text","text":"project "},{"type":"text","text":"aurora"}]})", Outcome::block);
  after(R"({"input":["proj","ect aurora"]})", Outcome::block);
}

TEST(Document, DecodesJsonWithinStrings) {
  EXPECT_EQ(after(R"({"arguments":"{\"cpf\":\"\\u0035\\u0032998224725\",\"n\":52998224725}"})"),
            R"({"arguments":"{\"cpf\":\"[CPF_1]\",\"n\":\"[CPF_1]\"}"})");
}

TEST(Document, CountsWhatCannotBeScannedAndScansTheRest) {
  const std::string payload(200, 'A');
  auto document = boost::json::parse(
      R"({"content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,)" + payload +
      R"(","detail":"a@b.io"}},{"type":"file","file":{"file_data":"529.982.247-25"}}]})");
  const auto evaluated = evaluate_document(document, {}, *demo());
  EXPECT_EQ(evaluated.decision.unscannable, 2U);
  EXPECT_EQ(evaluated.decision.outcome, Outcome::redact);
  const std::string out = boost::json::serialize(document);
  EXPECT_NE(out.find(payload), out.npos);
  EXPECT_EQ(out.find("a@b.io"), out.npos);
  EXPECT_EQ(out.find("529"), out.npos);

  const auto strict = compiled({}, Defaults{.unscannable = Outcome::block});
  EXPECT_EQ(evaluate_document(document, {}, *strict).decision.outcome, Outcome::block);
}

TEST(Document, WarnsBlocksAndPasses) {
  after(R"({"x":"SALÁRIO de todos"})", Outcome::warn);
  after(R"({"x":"my salary"})", Outcome::warn);
  for (const char* text :
       {"project aurora", "PROJECT  AURORA", "Ｐroject\\u00a0Aurora", "pro\\u200bject\\naurora",
        "_project aurora_", "project-aurora", "prójéct aurora"}) {
    after(std::string(R"({"x":")") + text + R"("})", Outcome::block);
  }
  after(R"({"x":"projectaurora, subproject auroras"})", Outcome::allow);
}

TEST(Document, RefusesNestingBeyondReason) {
  boost::json::value deep = "x";
  for (int i = 0; i < 300; ++i) deep = boost::json::array{std::move(deep)};
  EXPECT_EQ(evaluate_document(deep, {}, *demo()).decision.outcome, Outcome::block);
}

TEST(Clearance, MakesARequestOnlyIfNothingBlocks) {
  const Target target{"demo", "demo/echo"};
  EXPECT_FALSE(clear(boost::json::parse(R"({"x":"project aurora"})"), {}, {}, target, demo()).cleared);
  auto clearance = clear(boost::json::parse(R"({"x":"a@b.io"})"), {}, {}, target, demo());
  ASSERT_TRUE(clearance.cleared);
  EXPECT_EQ(clearance.cleared->body(), R"({"x":"[EMAIL_1]"})");
  EXPECT_EQ(clearance.cleared->target(), target);
  EXPECT_EQ(clearance.decision.stamps, std::vector{Stamp::PII});

  ClearedStream stream(*clearance.cleared);
  EXPECT_EQ(stream.push({}, "c@d.io a@b.io, ").view(), "[EMAIL_2] [EMAIL_1], ");
}

TEST(Prefilter, NeverSaysNoInVain) {
  const auto& rules = demo()->compiled();
  ASSERT_TRUE(rules.prefilter.available());
  for (const std::string text :
       {"project \t aurora", "SALARY", "a@b.io", "+1 (415) 555-2671", "529 982 247 25",
        "5 2 9 9 8 2 2 4 7 2 5", "12ABC34501DE35", "12.abc.345/01de-35", "GB82 WEST 1234 5698 7654 32",
        "4111-1111-1111-1111", "sk-ant-abcdefghijklmnopqrstuvwxyz", "AKIAIOSFODNN7EXAMPLE", "(11) 3456-7890",
        "telefone 1134567890"}) {
    const Symbols symbols = normalize(text);
    std::string folded(symbols.values.begin(), symbols.values.end());
    Scanner scanner(rules);
    Cursor cursor;
    ASSERT_EQ(scanner.next(symbols.values, true, cursor), Scanner::Step::found) << text;
    EXPECT_TRUE(rules.prefilter.may_match(folded)) << text;
  }
  EXPECT_FALSE(rules.prefilter.may_match("Nothing in this sentence is of interest to anyone."));
}

}  // namespace
}  // namespace gatehouse::policy
