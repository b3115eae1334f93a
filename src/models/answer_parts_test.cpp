// Content that comes as a list of parts.
#include <gtest/gtest.h>

#include "models/answer_testing.h"

namespace gatehouse::models {
namespace {

using namespace testing;

std::string content_of_parts(std::string_view frames) {
  std::string text;
  for (const auto& value : values(frames))
    for (const auto& choice : value.at("choices").as_array()) {
      const auto* came = choice.at("delta").as_object().if_contains("content");
      if (came && came->is_string()) text += std::string_view(came->as_string());
      if (!came || !came->is_array()) continue;
      for (const auto& part : came->as_array()) {
        EXPECT_EQ(part.at("type"), "text") << frames;
        text += std::string_view(part.at("text").as_string());
      }
    }
  return text;
}

std::string parts_chunk(std::string_view text) {
  return R"({"id":"c1","choices":[{"index":0,"delta":{"content":[{"type":"text","text":)" +
         json::write(json::Value(text)) + R"(}]},"finish_reason":null}]})";
}

TEST(AnswerParts, FiltersTheTextOfContentPartsAndLeavesTheirTypes) {
  FilteredAnswer run;
  run.push(parts_chunk("Hello "));
  run.push(content_chunk("world"));
  run.push(kStop);
  EXPECT_EQ(content_of_parts(run.out.frames), "Hello world");
  EXPECT_EQ(run.out.text, "Hello world");

  FilteredAnswer parts;
  parts.push(parts_chunk("CPF 529.982."));
  parts.push(parts_chunk("247-2"));
  parts.push(parts_chunk("5"));
  parts.push(kStop);
  EXPECT_EQ(content_of_parts(parts.out.frames), "CPF [CPF_1]");
  EXPECT_EQ(parts.out.text, "CPF [CPF_1]");

  FilteredAnswer mixed;
  mixed.push(content_chunk("CPF 529.982."));
  mixed.push(parts_chunk("247-25, yes"));
  mixed.push(kStop);
  EXPECT_EQ(content_of_parts(mixed.out.frames), "CPF [CPF_1], yes");
}

TEST(AnswerParts, JudgesATypeAsAWhole) {
  FilteredAnswer run;
  const auto chunk = [](std::string_view type) {
    return R"({"choices":[{"index":0,"delta":{"content":[{"type":")" + std::string(type) + R"("}]}}]})";
  };
  run.push(chunk("tool_use-2.1"));
  run.push(chunk("tool_use-2.1"));
  for (const auto& value : values(run.out.frames))
    EXPECT_EQ(value.at("choices").at(0).at("delta").at("content").at(0).at("type"), "tool_use-2.1");
  run.push(chunk("529.982.247-25"));
  EXPECT_FALSE(run.out.frames.contains("529"));
  run.push(chunk("project_aurora"));
  EXPECT_TRUE(run.filter.blocked());
  EXPECT_FALSE(run.out.frames.contains("aurora"));
}

}  // namespace
}  // namespace gatehouse::models
