// The streaming property: however a text is cut, what is emitted is the redaction of the whole.
#include "policy/stream.h"

#include <random>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "policy/demo_rules_testing.h"

namespace gatehouse::policy {
namespace {

using testing::compiled;
using testing::finds;
using testing::phrases;
using testing::regexes;
using testing::rule;

const Subject kResponse{.direction = Direction::response};

std::shared_ptr<const RuleSet> demo() {
  static const auto rules = compiled(testing::demo_rules());
  return rules;
}
std::shared_ptr<const RuleSet> rich() {
  static const auto rules = [] {
    auto list = testing::demo_rules();
    list.push_back(rule("codes", Outcome::redact, regexes({R"(PRJ-\d{2,6})", R"(\bx+y)"})));
    list.push_back(rule("names", Outcome::redact, phrases({"foo"}, false)));
    list.push_back(rule("many", Outcome::block, finds({"email"}, 3)));
    return compiled(list);
  }();
  return rules;
}

const std::vector<std::string>& corpus() {
  static const std::vector<std::string> texts = {
      "CPF 529.982.247-25.",
      "a@b.io, c",
      "joão@ex.com.br!",
      "+55 11 98765-4321",
      "11987654321 (celular)",
      "12.ABC.345/01DE-35 ok",
      "4111 1111 1111 1111",
      "fr1420041010050500013m02606",
      "a project  aurora b",
      "ＰＲＯＪＥＣＴ\u200B aurora",
      "o salário é",
      "529\u200B982247\u200D25 x",
      "foo52998224725",
      "PRJ-12345678 xxy xx",
      "AKIAIOSFODNN7EXAMPLE.",
      "a@b.io a@c.io a@d.io z",
      "\xF0\x9F\x98\x80\xC3 \xE2\x80",
      "5299822472 5",
      "nº529.982.247-25e",
      "a11.222.333/0001-81b",
      "no4111-1111-1111-1111x",
      "tel(11) 98765-4321e",
      "12.ABC.345/01DE-35x",
      "projectaurora proj",
      "ﬁa@b.io ﬃ",
      "ﬀoﬁoo",
      "PRJ-⑫⑬ ⒓ PRJ-⑩",
      "⁵²⁹⁹⁸²²⁴⁷²⁵ ﬁ",
      "529.982.247-⑳5 4111⑪⑪⑪⑪⑪⑪.",
      "",
  };
  return texts;
}

std::string whole(const RuleSet& rules, std::string_view text) {
  return rules.evaluate_text(text, kResponse).text;
}

std::string cut(std::shared_ptr<const RuleSet> rules, std::string_view text, std::vector<std::size_t> cuts,
                Decision* decision = nullptr) {
  StreamFilter filter(std::move(rules), kResponse);
  std::string out;
  std::size_t begin = 0;
  cuts.push_back(text.size());
  for (const std::size_t end : cuts) {
    out += filter.push(text.substr(begin, end - begin));
    begin = end;
  }
  out += filter.finish();
  if (decision != nullptr) *decision = filter.decision();
  return out;
}

TEST(Stream, EmitsTheRedactionOfTheWholeForAllOneTwoAndThreeCutSplits) {
  for (const std::string& text : corpus()) {
    const auto expected = rich()->evaluate_text(text, kResponse);
    for (std::size_t a = 0; a <= text.size(); ++a) {
      for (std::size_t b = a; b <= text.size(); ++b) {
        for (std::size_t c = b; c <= text.size(); ++c) {
          Decision decision;
          ASSERT_EQ(cut(rich(), text, {a, b, c}, &decision), expected.text)
              << text << a << ' ' << b << ' ' << c;
          ASSERT_EQ(decision, expected.decision);
        }
      }
    }
  }
}

TEST(Stream, EmitsTheRedactionOfTheWholeForRandomLongTexts) {
  std::mt19937 random(20261120);
  std::vector<Rule> harmless = rich()->rules();
  std::erase_if(harmless, [](const Rule& r) { return r.outcome == Outcome::block; });
  const auto unblocked = compiled(harmless);
  for (int round = 0; round < 150; ++round) {
    std::string text;
    for (int n = 0; n < 60; ++n) {
      const auto& piece = corpus()[random() % corpus().size()];
      // Whole pieces and fragments, glued or spaced.
      text += random() % 2 == 0 ? piece : piece.substr(0, random() % (piece.size() + 1));
      if (random() % 3 != 0) text += " \n,-.@"[random() % 6];
    }
    const auto& rules = round % 5 == 0 ? rich() : unblocked;
    const auto expected = rules->evaluate_text(text, kResponse);
    for (int way = 0; way < 4; ++way) {
      std::vector<std::size_t> cuts;
      for (std::size_t at = 0; at < text.size(); at += 1 + random() % (way == 0 ? 1 : 20)) cuts.push_back(at);
      Decision decision;
      ASSERT_EQ(cut(rules, text, cuts, &decision), expected.text) << text;
      ASSERT_EQ(decision, expected.decision);
    }
  }
}

TEST(Stream, RedactsAsANaiveSearchDoes) {
  // The oracle knows only where it put the values.
  std::mt19937 random(7);
  const std::vector<std::pair<std::string, std::string>> values = {{"529.982.247-25", "[CPF_1]"},
                                                                   {"ana@exemplo.com", "[EMAIL_1]"},
                                                                   {"4111111111111111", "[CARD_1]"},
                                                                   {"+5511987654321", "[PHONE_1]"},
                                                                   {"11.222.333/0001-81", "[CNPJ_1]"}};
  for (int round = 0; round < 200; ++round) {
    std::string text;
    std::string expected;
    for (int n = 0; n < 40; ++n) {
      const auto& [value, mask] = values[random() % values.size()];
      const std::string word = random() % 2 == 0 ? "lorem, " : "a year of 2026; ";
      const bool sensitive = random() % 3 == 0;
      text += sensitive ? value + " ; " : word;
      expected += sensitive ? mask + " ; " : word;
    }
    std::vector<std::size_t> cuts;
    for (std::size_t at = 0; at < text.size(); at += 1 + random() % 9) cuts.push_back(at);
    ASSERT_EQ(cut(demo(), text, cuts), expected);
  }
}

TEST(Stream, HoldsBackOnlyTheWordThatIsBeingWritten) {
  StreamFilter filter(demo(), kResponse);
  EXPECT_EQ(filter.push("The quick"), "The ");
  EXPECT_EQ(filter.push(" brown"), "quick ");
  EXPECT_EQ(filter.push(" fox."), "brown ");
  EXPECT_EQ(filter.push(" "), "fox. ");
  EXPECT_EQ(filter.push("Mail a"), "Mail ");
  EXPECT_EQ(filter.push("na@exemplo.com"), "");
  EXPECT_EQ(filter.push(" now"), "[EMAIL_1] ");
  EXPECT_EQ(filter.finish(), "now");
}

TEST(Stream, CutsABlockedAnswerBeforeTheFinding) {
  StreamFilter filter(demo(), kResponse);
  std::string out = filter.push("It is pro");
  out += filter.push("ject au");
  EXPECT_FALSE(filter.blocked());
  out += filter.push("rora, you see");
  out += filter.push(" more");
  out += filter.finish();
  EXPECT_EQ(out, "It is ");
  EXPECT_TRUE(filter.blocked());
  EXPECT_EQ(filter.decision().outcome, Outcome::block);
}

TEST(Stream, CountsActFromTheCountthFindingOn) {
  const auto rules = compiled({rule("from the second", Outcome::redact, finds({"email"}, 2))});
  EXPECT_EQ(whole(*rules, "a@b.io c@d.io e@f.io"), "a@b.io [EMAIL_1] [EMAIL_2]");
  EXPECT_EQ(rules->evaluate_text("a@b.io c@d.io", {}).text, "[EMAIL_1] [EMAIL_2]");
}

TEST(Stream, KeepsToolArgumentsWellFormed) {
  const std::string source =
      R"({"cpf":52998224725,"d":52998224725.0,"s":"\u0035\u0032998224725","e":"a\u0040b.io","t":"x\ny"})";
  for (std::size_t a = 0; a <= source.size(); ++a) {
    ResponseFilter filter(demo(), kResponse);
    const ChannelKey key{.kind = ChannelKey::Kind::tool_arguments};
    std::string out = filter.push(key, source.substr(0, a)) + filter.push(key, source.substr(a));
    for (auto& [k, rest] : filter.finish_all()) out += rest;
    ASSERT_EQ(out, R"({"cpf":"[CPF_1]","d":"[CPF_1]","s":"[CPF_1]","e":"[EMAIL_1]","t":"x\ny"})") << a;
  }
}

TEST(Stream, ReplacesANumberInToolArgumentsWholeWhereverItIsCut) {
  const std::pair<std::string, std::string> cases[] = {
      {R"({"n":-52998224725,"m":-1})", R"({"n":"[CPF_1]","m":-1})"},
      {R"([-52998224725.5e3,-2.5])", R"(["[CPF_1]",-2.5])"},
      {R"({"cpf":-1.52998224725})", R"({"cpf":"[CPF_1]"})"},
      {R"([52998224725.4111111111111111])", R"(["[CPF_1]"])"},
      {R"([-52998224725,-11144477735])", R"(["[CPF_1]","[CPF_2]"])"},
      {R"({"s":"-52998224725"})", R"({"s":"-[CPF_1]"})"},
  };
  for (const auto& [source, expected] : cases) {
    for (std::size_t a = 0; a <= source.size(); ++a) {
      for (std::size_t b = a; b <= source.size(); ++b) {
        StreamFilter filter(demo(), kResponse, Encoding::json_source);
        std::string out = filter.push(source.substr(0, a)) + filter.push(source.substr(a, b - a)) +
                          filter.push(source.substr(b));
        out += filter.finish();
        ASSERT_EQ(out, expected) << a << ' ' << b;
      }
    }
    EXPECT_NO_THROW(boost::json::parse(expected));
  }
}

TEST(Stream, BlocksWhatItCannotReplaceInANumberThatIsTooLong) {
  const auto rules = compiled({rule("r", Outcome::redact, regexes({"9{5}"}))});
  const std::string source = R"({"n":)" + std::string(60, '7') + "99999}";
  std::string first;
  for (const std::size_t step : {1U, 7U, 100U}) {
    StreamFilter filter(rules, kResponse, Encoding::json_source);
    std::string out;
    for (std::size_t at = 0; at < source.size(); at += step) out += filter.push(source.substr(at, step));
    out += filter.finish();
    EXPECT_TRUE(filter.blocked());
    EXPECT_EQ(out.find("99999"), out.npos);
    if (first.empty()) first = out;
    EXPECT_EQ(out, first);
  }
}

TEST(Stream, KeepsItsPlaceWhenAnEscapeIsCutOffByInvalidBytes) {
  const std::string source = "{\"s\":\"\\\xFF\xFF\\u12\xFFn 52998224725 \\";
  std::string first;
  for (std::size_t step = source.size(); step > 0; --step) {
    StreamFilter filter(demo(), kResponse, Encoding::json_source);
    std::string out;
    for (std::size_t at = 0; at < source.size(); at += step) out += filter.push(source.substr(at, step));
    out += filter.finish();
    ASSERT_EQ(out, "{\"s\":\"\\\xFF\xFF\\u12\xFFn [CPF_1] \\") << step;
  }
}

TEST(Stream, SharesNumbersAndBlocksAcrossChannels) {
  ResponseFilter filter(demo(), kResponse);
  const ChannelKey text{};
  const ChannelKey other{.choice = 1, .kind = ChannelKey::Kind::reasoning};
  EXPECT_EQ(filter.push(text, "a@b.io "), "[EMAIL_1] ");
  EXPECT_EQ(filter.push(other, "c@d.io a@b.io "), "[EMAIL_2] [EMAIL_1] ");
  EXPECT_EQ(filter.push(text, "project aurora "), "");
  EXPECT_EQ(filter.push(other, "more "), "");
  EXPECT_TRUE(filter.blocked());
}

TEST(Stream, ADefaultOfBlockLetsNothingThrough) {
  const auto rules = compiled({}, Defaults{.no_match = Outcome::block});
  EXPECT_EQ(cut(rules, "hello", {2}), "");
}

}  // namespace
}  // namespace gatehouse::policy
