// The published schemas of `attributes` (schemas/): each compiles, takes what it should and refuses what it
// should not.
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "json/validator.h"
#include "json/value.h"

namespace gatehouse::json {
namespace {

Value read(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  return parse(text).value();
}

TEST(PublishedSchemas, TakeTheEmptyDocumentAndOneThatNamesItsSchema) {
  int schemas = 0;
  for (const auto& entry : std::filesystem::directory_iterator("schemas")) {
    if (entry.path().extension() != ".json") continue;
    ++schemas;
    auto schema = read(entry.path());
    auto validator = Validator::compile(schema);
    std::string name(entry.path().stem().string());
    name.resize(name.rfind('-'));
    Value good =
        Object{{"metadata", Object{{"schema_name", name}, {"schema_version", "1.0"}}}, {"future", 1}};
    EXPECT_TRUE(validator.validate(Object{}).empty()) << name;
    EXPECT_TRUE(validator.validate(good).empty()) << name;
    EXPECT_FALSE(validator.validate(Object{{"future", 1}}).empty()) << name << " without metadata";
    Value other = Object{{"metadata", Object{{"schema_name", "another"}, {"schema_version", "1.0"}}}};
    EXPECT_FALSE(validator.validate(other).empty()) << name;
    Value unversioned = Object{{"metadata", Object{{"schema_name", name}, {"schema_version", "one"}}}};
    EXPECT_FALSE(validator.validate(unversioned).empty()) << name;
  }
  EXPECT_EQ(schemas, 7);
}

TEST(PublishedSchemas, PointAtTheBadField) {
  auto validator = Validator::compile(read("schemas/organization-1.0.json"));
  Value document = Object{{"metadata", Object{{"schema_name", "organization"}, {"schema_version", "1.0"}}},
                          {"branding", Object{{"primary_color", "teal"}}}};
  auto errors = validator.validate(document);
  ASSERT_FALSE(errors.empty());
  EXPECT_TRUE(
      std::ranges::any_of(errors, [](const auto& e) { return e.pointer == "/branding/primary_color"; }));
}

}  // namespace
}  // namespace gatehouse::json
