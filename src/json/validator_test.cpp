#include "json/validator.h"

#include <thread>

#include <gmock/gmock.h>

namespace gatehouse::json {
namespace {

using testing::Contains;
using testing::IsEmpty;

Validator compile(std::string_view schema) {
  return Validator::compile(*parse(schema));
}

std::vector<std::string> problems(const Validator& validator, std::string_view document) {
  std::vector<std::string> out;
  for (const auto& field : validator.validate(*parse(document, {.max_depth = 500})))
    out.push_back(field.pointer + " " + field.code);
  return out;
}

const Validator& attributes() {
  static const Validator validator = compile(R"({
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "required": ["metadata"],
    "additionalProperties": false,
    "properties": {
      "metadata": {
        "type": "object",
        "required": ["schema_name", "schema_version"],
        "properties": {
          "schema_name": {"const": "user"},
          "schema_version": {"type": "string", "pattern": "^\\d+\\.\\d+$"}
        }
      },
      "theme": {"enum": ["light", "dark"]},
      "since": {"format": "date-time"},
      "limit": {"type": "integer", "minimum": 1, "maximum": 5},
      "name": {"type": "string", "minLength": 2, "maxLength": 3},
      "tags": {"type": "array", "minItems": 1, "maxItems": 2, "items": {"$ref": "#/definitions/tag"}},
      "a/b": {"type": "null"},
      "either": {"anyOf": [{"type": "string", "pattern": "^x"}, {"type": "integer"}]}
    },
    "definitions": {"tag": {"type": "string"}}
  })");
  return validator;
}

std::vector<std::string> with(std::string_view members) {
  return problems(attributes(), R"({"metadata":{"schema_name":"user","schema_version":"1.0"},)" +
                                    std::string(members) + "}");
}

TEST(Validator, AcceptsWhatFits) {
  EXPECT_THAT(
      with(R"("theme":"dark","since":"2026-01-01T00:00:00Z","limit":5,"name":"ab","tags":["x"],"either":3)"),
      IsEmpty());
}

TEST(Validator, NamesTheBadPlaceAndCode) {
  EXPECT_THAT(problems(attributes(), "{}"), Contains("/metadata required"));
  EXPECT_THAT(problems(attributes(), R"({"metadata":{"schema_name":"user"}})"),
              Contains("/metadata/schema_version required"));
  EXPECT_THAT(problems(attributes(), R"({"metadata":{"schema_name":"x","schema_version":"1"}})"),
              testing::AllOf(Contains("/metadata/schema_name not_in_enum"),
                             Contains("/metadata/schema_version bad_format")));
  EXPECT_THAT(problems(attributes(), "[]"), Contains(" wrong_type"));
  EXPECT_THAT(with(R"("theme":"blue")"), Contains("/theme not_in_enum"));
  EXPECT_THAT(with(R"("since":"yesterday")"), Contains("/since bad_format"));
  EXPECT_THAT(with(R"("limit":0)"), Contains("/limit too_small"));
  EXPECT_THAT(with(R"("limit":6)"), Contains("/limit too_large"));
  EXPECT_THAT(with(R"("name":"a")"), Contains("/name too_short"));
  EXPECT_THAT(with(R"("name":"abcd")"), Contains("/name too_long"));
  EXPECT_THAT(with(R"("tags":[])"), Contains("/tags too_few"));
  EXPECT_THAT(with(R"("tags":["a","b","c"])"), Contains("/tags too_many"));
  EXPECT_THAT(with(R"("tags":["a",1])"), Contains("/tags/1 wrong_type"));
  EXPECT_THAT(with(R"("a/b":1)"), Contains("/a~1b wrong_type"));
  EXPECT_THAT(with(R"("extra":1)"), Contains(" unknown_field"));
  EXPECT_THAT(with(R"("either":"y")"), Contains("/either schema"));
}

TEST(Validator, SurvivesHostileStringsAgainstPatternsAndFormats) {
  std::string huge(1'000'000, '1');
  for (auto text : {huge, huge + ".0"}) {
    Object document{{"metadata", Object{{"schema_name", "user"}, {"schema_version", text}}},
                    {"since", text},
                    {"either", text}};
    EXPECT_THAT(attributes().validate(document), testing::Not(IsEmpty()));
  }
  auto exponential = compile(R"({"type":"string","pattern":"^(a+)+$"})");
  EXPECT_THAT(exponential.validate(Value(std::string(100'000, 'a') + "!")), testing::SizeIs(1));
}

TEST(Validator, LeavesFormatsOfOtherTypesAlone) {
  EXPECT_THAT(with(R"("since":5)"), IsEmpty());
}

TEST(Validator, RefusesLongNamesBeforePatternsSeeThem) {
  auto validator = compile(R"({"patternProperties":{"^x-":{"type":"string"}},"additionalProperties":false})");
  EXPECT_THAT(problems(validator, R"({"x-a":"b"})"), IsEmpty());
  EXPECT_THAT(problems(validator, R"({"x-a":1})"), Contains("/x-a wrong_type"));
  EXPECT_THAT(validator.validate(Object{{"x-" + std::string(500'000, 'a'), "b"}}),
              testing::ElementsAre(testing::Field(&FieldError::code, "too_long")));
}

TEST(Validator, TakesUnsignedNumbers) {
  EXPECT_THAT(with(R"("either":18446744073709551615)"), IsEmpty());
  EXPECT_THAT(with(R"("limit":18446744073709551615)"), Contains("/limit too_large"));
  EXPECT_THAT(Validator::compile(Object{{"maxLength", std::size_t{3}}}).validate("four"), testing::SizeIs(1));
}

TEST(Validator, RefusesWhatIsNotASchema) {
  EXPECT_THROW(compile(R"({"type":"nonsense"})"), Failure);
  EXPECT_THROW(compile(R"({"pattern":"("})"), Failure);
  EXPECT_THROW(compile(R"({"$ref":"#/definitions/none"})"), Failure);
  EXPECT_THROW(compile(R"({"$ref":"http://example.test/schema"})"), Failure);
}

TEST(Validator, ServesManyThreads) {
  std::vector<std::jthread> threads;
  std::atomic<int> failures = 0;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&failures, t] {
      Value document =
          Object{{"metadata", Object{{"schema_name", "user"}, {"schema_version", t % 2 ? "1.0" : "x"}}}};
      for (int i = 0; i < 200; ++i)
        if (attributes().validate(document).empty() != (t % 2 == 1)) ++failures;
    });
  threads.clear();
  EXPECT_EQ(failures, 0);
}

}  // namespace
}  // namespace gatehouse::json
