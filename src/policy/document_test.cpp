// Whole documents: nothing in them is exempt, and what comes out is clean.
#include "policy/document.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "crypto/encoding.h"
#include "policy/cleared.h"
#include "policy/compiled.h"
#include "policy/demo_rules_testing.h"
#include "policy/normalize.h"
#include "policy/scanner.h"

namespace gatehouse::policy {
namespace {

using testing::compiled;
using testing::finds;
using testing::rule;

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

/// The beginning of an image, long enough to pass for one.
std::string png() {
  return crypto::to_base64("\x89PNG\r\n\x1A\n" + std::string(120, '\0'));
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

TEST(Document, FindsAValueSplitOverPartsWithOthersBetween) {
  for (const std::string between :
       {R"(null)", R"({})", R"([])", R"(7)", R"(true)", R"({"type":"text"})", R"({"type":"text","text":""})",
        R"({"type":"image_url","image_url":{"url":"https://example.org/a.png"}})",
        R"({"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}})"}) {
    const std::string out =
        after(R"({"messages":[{"role":"user","content":[{"type":"text","text":"CPF 529.982."},)" + between +
              R"(,{"type":"text","text":"247-25"}]}]})");
    EXPECT_TRUE(out.contains("CPF [CPF_1]")) << out;
    EXPECT_FALSE(out.contains("247-25")) << out;
  }
  after(R"({"messages":[{"role":"assistant","content":[{"type":"text","text":"project "},)"
        R"({"type":"refusal","refusal":"aurora"}]}]})",
        Outcome::block);
  after(R"({"messages":[{"role":"assistant","content":[{"type":"refusal","refusal":"project "},null,)"
        R"({"type":"text","text":"aurora"}]}]})",
        Outcome::block);
  // The texts of different messages are texts of their own.
  after(R"({"messages":[{"role":"assistant","refusal":"project "},{"role":"assistant","refusal":"aurora"}]})",
        Outcome::allow);
}

TEST(Document, DecodesJsonWithinStrings) {
  EXPECT_EQ(after(R"({"arguments":"{\"cpf\":\"\\u0035\\u0032998224725\",\"n\":52998224725}"})"),
            R"({"arguments":"{\"cpf\":\"[CPF_1]\",\"n\":\"[CPF_1]\"}"})");
}

TEST(Document, KeepsJsonWithinStringsWellFormed) {
  const std::pair<std::string, std::string> cases[] = {
      {R"({"cpf":52998224725})", R"({"cpf":"[CPF_1]"})"},
      {R"( [-52998224725.0,"52998224725",{"a":-1}])", R"( ["[CPF_1]","[CPF_1]",{"a":-1}])"},
      {R"({"cpf":-1.52998224725,"t":"x\ny"})", R"({"cpf":"[CPF_1]","t":"x\ny"})"},
      {R"([4111111111111111,"a@b.io"])", R"(["[CARD_1]","[EMAIL_1]"])"},
  };
  for (const auto& [inner, expected] : cases) {
    const boost::json::value document = {{"arguments", inner}};
    const auto out = boost::json::parse(after(boost::json::serialize(document)));
    const std::string redacted(out.at("arguments").as_string());
    EXPECT_EQ(redacted, expected);
    EXPECT_NO_THROW(boost::json::parse(redacted)) << redacted;
  }
  // Prose in brackets is no JSON.
  EXPECT_EQ(after(R"({"x":"[Nota] CPF 52998224725"})"), R"({"x":"[Nota] CPF [CPF_1]"})");
}

TEST(Document, CountsWhatCannotBeScannedAndScansTheRest) {
  const std::string payload = png();
  auto document = boost::json::parse(
      R"({"messages":[{"content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,)" + payload +
      R"(","detail":"a@b.io"}},{"type":"file","file":{"file_data":"529.982.247-25"}}]}]})");
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

TEST(Document, SeesThroughLookalikes) {
  for (const std::string_view text :
       {"project \u0430urora", "pr\u03BFject aurora", "pr\u0585ject aurora", "project \u01CEurora",
        "project \u0227urora", "project \u1E01urora", "\u1E55roject aurora", "\u1D56roject aurora",
        "\u1D18\u0280\u1D0F\u1D0A\u1D07\u1D04\u1D1B aurora",
        "\U0001F17F\U0001F181\U0001F17E\U0001F179\U0001F174\U0001F172\U0001F183 aurora",
        "\U0001F13Froject aurora", "\u24ABroject aurora", "\u24DFroject aurora", "\U0001D429roject aurora",
        "PROJ\u0415\u0421\u0422 \u0410UR\u041ERA", "pro\u2800ject aurora", "pro\U0001D173ject aurora",
        "pro\u0488ject aur\u05B0ora"}) {
    const boost::json::value document = {{"x", text}};
    after(boost::json::serialize(document), Outcome::block);
  }
}

TEST(Document, FindsAPhraseOfAnotherAlphabetWhateverItsCase) {
  const auto rules = compiled({rule(
      "р", Outcome::block, testing::phrases({"проект заря", "έργο αυγή", "ճանապարհ", "straße", "ﬁne art"}))});
  for (const std::string_view text : {"ПРОЕКТ ЗАРЯ", "Проект Заря", "ΕΡΓΟ ΑΥΓΗ", "Έργο Αυγή", "ՃԱՆԱՊԱՐՀ",
                                      "STRASSE", "Straße", "fine art", "ﬁne art"}) {
    EXPECT_EQ(rules->evaluate_text(text, {}).decision.outcome, Outcome::block) << text;
  }
  for (const std::string_view text : {"проект зара", "έργο", "street", "finer art"}) {
    EXPECT_EQ(rules->evaluate_text(text, {}).decision.outcome, Outcome::allow) << text;
  }
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

TEST(Clearance, TheDecisionTellsWhatWasFoundAndSentAsItIs) {
  auto rules = compiled({rule("Addresses", Outcome::redact, finds({"email"}))});
  auto clearance = clear({{"x", "a@b.io a@b.io 529.982.247-25 key AKIAIOSFODNN7EXAMPLE"}}, {}, {},
                         {"demo", "demo/echo"}, rules);
  ASSERT_TRUE(clearance.cleared);
  const std::vector<DetectorCount> expected{{"email", 2, 2}, {"cpf", 1, 0}, {"secret_key", 1, 0}};
  EXPECT_EQ(clearance.decision.detectors, expected);
  StreamFilter stream(rules, {.direction = Direction::response});
  stream.push("a@b.io a@b.io 529.982.247-25 key AKIAIOSFODNN7EXAMPLE");
  stream.finish();
  EXPECT_EQ(stream.decision().detectors, expected);
}

TEST(Clearance, TheDecisionOfAnAnswerIsThatOfItsDeltasAndItsDocument) {
  auto clearance = clear({{"x", "hi"}}, {}, {}, {"demo", "demo/echo"}, demo());
  ASSERT_TRUE(clearance.cleared);
  ClearedStream stream(*clearance.cleared);
  EXPECT_EQ(stream.push({}, "a@b.io, ").view(), "[EMAIL_1], ");
  const auto answer = stream.document({{"y", "my salary, c@d.io a@b.io 529.982.247-25"}});
  ASSERT_TRUE(answer);
  EXPECT_EQ(*answer, boost::json::value({{"y", "my salary, [EMAIL_2] [EMAIL_1] [CPF_1]"}}));
  const Decision decision = stream.decision();
  EXPECT_EQ(decision.outcome, Outcome::redact);
  ASSERT_EQ(decision.hits.size(), 2U);
  EXPECT_EQ(decision.hits[0].name, "Salaries");
  EXPECT_EQ(decision.hits[0].count, 1U);
  EXPECT_EQ(decision.hits[1].name, "Personal data");
  EXPECT_EQ(decision.hits[1].count, 4U);
  EXPECT_EQ(decision.detectors, (std::vector<DetectorCount>{{"email", 3, 3}, {"cpf", 1, 1}}));
  EXPECT_EQ(decision.redactions, 4U);
  EXPECT_EQ(decision.stamps, std::vector{Stamp::PII});

  EXPECT_FALSE(stream.document({{"y", "project aurora"}}));
  EXPECT_TRUE(stream.blocked());
  EXPECT_EQ(stream.decision().outcome, Outcome::block);
  EXPECT_EQ(stream.decision().deciding()->name, "No project aurora");
  EXPECT_EQ(stream.decision().redactions, 4U);
}

TEST(Clearance, TheDefaultOutcomeStandsInOnlyWhereNoRuleMatched) {
  const auto rules =
      compiled({testing::rule("r", Outcome::redact, testing::finds({"email"}))}, {.no_match = Outcome::warn});
  auto clearance = clear({{"x", "hi"}}, {}, {}, {"demo", "demo/echo"}, rules);
  ASSERT_TRUE(clearance.cleared);
  ClearedStream stream(*clearance.cleared);
  stream.document({{"y", "nothing"}});
  EXPECT_EQ(stream.decision().outcome, Outcome::warn);
  stream.document({{"y", "a@b.io"}});
  ASSERT_EQ(stream.decision().hits.size(), 1U);
  EXPECT_EQ(stream.decision().hits[0].name, "r");
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
    Scanner scanner(rules);
    Cursor cursor;
    ASSERT_EQ(scanner.next(symbols.values, true, cursor), Scanner::Step::found) << text;
    EXPECT_FALSE(rules.prefilter.candidates(symbols.values).empty()) << text;
  }
  const Symbols clean = normalize("Nothing in this sentence is of interest to anyone.");
  EXPECT_TRUE(rules.prefilter.candidates(clean.values).empty());
}

}  // namespace
}  // namespace gatehouse::policy
