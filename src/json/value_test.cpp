#include "json/value.h"

#include <bit>
#include <cmath>
#include <random>

#include <gmock/gmock.h>

#include "json/write.h"

namespace gatehouse::json {
namespace {

using testing::HasSubstr;

std::string refusal(std::string_view text, Limits limits = {}) {
  auto value = parse(text, limits);
  if (value) return "accepted: " + write(*value);
  EXPECT_EQ(value.error().code, ErrorCode::malformed_json);
  return value.error().detail;
}

std::string nested(int depth) {
  auto size = static_cast<std::size_t>(depth);
  return std::string(size, '[') + std::string(size, ']');
}

TEST(Parse, SaysWhereAndWhy) {
  EXPECT_EQ(refusal("{\n  \"a\": 1,\n  \"a\": 2\n}"),
            "line 3, column 4 (byte 15): a key occurs twice in one object");
  EXPECT_THAT(refusal("{\"a\": nope}"), HasSubstr("(byte 6): the syntax is not valid"));
  EXPECT_THAT(refusal("[1, 2"), HasSubstr("ends too early"));
  EXPECT_THAT(refusal("[1] x"), HasSubstr("(byte 4): something follows the value"));
  EXPECT_THAT(refusal(""), HasSubstr("ends too early"));
}

TEST(Parse, QuotesNothingOfTheText) {
  EXPECT_THAT(refusal(R"({"top secret":1,"top secret":2})"), testing::Not(HasSubstr("secret")));
}

TEST(Parse, FindsDuplicateKeysHoweverTheyAreWritten) {
  EXPECT_THAT(refusal(R"({"a":1,"\u0061":2})"), HasSubstr("twice"));
  EXPECT_THAT(refusal(R"({"\u0061":1,"\u0061":2})"), HasSubstr("twice"));
  EXPECT_THAT(refusal(R"({"b\u0061c":1,"bac":2})"), HasSubstr("twice"));
  EXPECT_THAT(refusal(R"({"":1,"":2})"), HasSubstr("twice"));
  EXPECT_THAT(refusal(R"([{"x":{"k":1,"l":2,"k":3}}])"), HasSubstr("twice"));
  std::string many = "{";
  for (int i = 0; i < 1000; ++i) many += "\"k" + std::to_string(i) + "\":0,";
  EXPECT_TRUE(parse(many + "\"last\":0}"));
  EXPECT_THAT(refusal(many + "\"k500\":0}"), HasSubstr("(byte " + std::to_string(many.size() + 1) + ")"));
}

TEST(Parse, TakesTheSameKeyInDifferentObjects) {
  EXPECT_TRUE(parse(R"({"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}],"aa":1,"":1})"));
  EXPECT_TRUE(parse(R"({"\u0061":1,"\u0062":{"\u0061":1}})"));
}

TEST(Parse, KeepsTheLastOfDuplicatesIfAllowed) {
  auto value = parse(R"({"a":1,"a":2})", {.allow_duplicate_keys = true});
  ASSERT_TRUE(value);
  EXPECT_EQ(write(*value), R"({"a":2})");
}

TEST(Parse, BoundsDepthSizeAndElements) {
  EXPECT_TRUE(parse(nested(32)));
  EXPECT_THAT(refusal(nested(33)), HasSubstr("nested too deeply"));
  EXPECT_THAT(refusal(std::string(1'000'000, '[')), HasSubstr("nested too deeply"));
  EXPECT_THAT(refusal("[1234567890]", {.max_bytes = 11}), HasSubstr("longer than 11 bytes"));
  EXPECT_TRUE(parse("[1234567890]", {.max_bytes = 12}));
  EXPECT_TRUE(parse("[1,2,{\"a\":3}]", {.max_elements = 5}));
  EXPECT_THAT(refusal("[1,2,{\"a\":3}]", {.max_elements = 4}), HasSubstr("too many values"));
}

TEST(Parse, RefusesNumbersThatItCannotHold) {
  for (auto text : {"1e999", "-1e999", "1e-999", "123456789012345678901", "18446744073709551616",
                    "-9223372036854775809", "1e2147483648", "1e-2147483649"})
    EXPECT_THAT(refusal(text), HasSubstr("out of range")) << text;
  EXPECT_THAT(refusal("[" + std::string(100'000, '9') + "]"), HasSubstr("out of range"));
  for (auto text : {"01", "+1", ".5", "1.", "1e", "-", "NaN", "Infinity", "0x10", "1_000"})
    EXPECT_FALSE(parse(text)) << text;
}

TEST(Parse, ReadsNumbersExactly) {
  EXPECT_EQ(parse("18446744073709551615")->as_uint64(), UINT64_MAX);
  EXPECT_EQ(parse("-9223372036854775808")->as_int64(), INT64_MIN);
  EXPECT_EQ(parse("5e-324")->as_double(), 5e-324);
  EXPECT_EQ(parse("1.7976931348623157e308")->as_double(), 1.7976931348623157e308);
  EXPECT_TRUE(std::signbit(parse("-0")->as_double()));
  std::mt19937_64 random(42);
  for (int i = 0; i < 20'000; ++i) {
    auto number = std::bit_cast<double>(random());
    if (!std::isfinite(number)) continue;
    ASSERT_EQ(parse(write(number))->as_double(), number);
  }
}

TEST(Parse, RefusesTextThatIsNotUtf8) {
  for (auto text : {"\"\xff\"", "\"\xc0\xaf\"", "\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"", "\"\xe2\x82\"",
                    "{\"\xff\":1}", "\"\xf0\x80\x80\x80\""})
    EXPECT_THAT(refusal(text), testing::AnyOf(HasSubstr("UTF-8"), HasSubstr("syntax")))
        << testing::PrintToString(text);
  EXPECT_THAT(refusal("\"\xff\""), HasSubstr("UTF-8"));
}

TEST(Parse, RefusesLoneSurrogates) {
  for (auto text : {R"("\ud800")", R"("\udc00")", R"("\ud800\ud800")", R"("\ud800x")", R"({"\udfff":1})"})
    EXPECT_THAT(refusal(text), HasSubstr("surrogate")) << text;
  EXPECT_EQ(parse(R"("\ud83d\ude00")")->as_string(), "\xF0\x9F\x98\x80");
}

TEST(Parse, RefusesWhatIsNotJson) {
  for (auto text :
       {"[1,]",        "{\"a\":1,}", "{a:1}", "'a'",     "[1 2]", "{\"a\" 1}",      "\"\n\"",    "\"\\x\"",
        "\"\\u12g4\"", "tru",        "nulll", "// c\n1", "/**/1", "\xEF\xBB\xBF{}", "[",         "{",
        "\"",          "\"\\",       "]",     ",",       "\0",    "{\"a\":}",       "[\"\x01\"]"})
    EXPECT_FALSE(parse(text)) << text;
}

TEST(Parse, EveryPrefixOfADocumentIsRefusedCleanly) {
  std::string_view text = R"({"a":[1.5e3,-2,true,null,"\u00e9\n\ud83d\ude00é"],"b":{"c":"d"}})";
  ASSERT_TRUE(parse(text));
  for (std::size_t size = 0; size < text.size(); ++size) EXPECT_FALSE(parse(text.substr(0, size))) << size;
}

TEST(Parse, SurvivesRandomDamage) {
  const std::string good =
      R"({"model":"m","messages":[{"role":"user","content":"Olá \ud83d\ude00"}],"n":[1,2.5e3,-0,true]})";
  std::mt19937 random(7);
  int accepted = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string text = good;
    for (auto hits = random() % 4 + 1; hits > 0; --hits)
      text[random() % text.size()] = static_cast<char>(random());
    if (auto value = parse(text)) {
      ++accepted;
      ASSERT_EQ(write(*parse(write(*value))), write(*value));
    }
  }
  EXPECT_GT(accepted, 0);
}

TEST(Document, HoldsItsValueUntilItDies) {
  auto document = Document::parse(R"({"a":["x",{"b":"a text that is longer than a small string"}]})");
  ASSERT_TRUE(document);
  Document moved = *std::move(document);
  moved.root().as_object()["c"] = std::string(10'000, 'y');
  Value copy = detached(moved.root());
  moved = *Document::parse("null");
  EXPECT_EQ(copy.at("c").as_string().size(), 10'000u);
  EXPECT_TRUE(moved.root().is_null());
}

TEST(Write, KeepsIntegersAndDoublesApart) {
  for (std::string_view text : {"1", "1.0", "-0.0", "1e+30", "0.1", "18446744073709551615", "[]", "{}",
                                "[[],{}]", R"({"a":[null,true,false,"\"\\\b\f\n\r\t\u0001/é"]})"})
    EXPECT_EQ(write(*parse(text)), text);
}

TEST(Write, ReplacesBytesThatAreNotUtf8) {
  std::string out;
  write_string(out,
               "a\xff"
               "b\xed\xa0\x80"
               "é\xe2\x82");
  EXPECT_EQ(out,
            "\"a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"
            "é\xEF\xBF\xBD\xEF\xBF\xBD\"");
  EXPECT_TRUE(parse(out));
}

TEST(Write, ThrowsOnNumbersThatJsonLacks) {
  EXPECT_THROW(write(Value(std::numeric_limits<double>::infinity())), Failure);
  EXPECT_THROW(write(Value(std::numeric_limits<double>::quiet_NaN())), Failure);
}

}  // namespace
}  // namespace gatehouse::json
