// Chunks of a provider's answer, and what a client makes of what comes out, for the tests of this folder. Not
// part of the server.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "http/sse.h"
#include "models/answer_filter.h"
#include "models/testing.h"

namespace gatehouse::models::testing {

inline std::string content_chunk(std::string_view content, std::string_view more = {}) {
  json::Object delta{{"content", content}};
  auto text = json::write(delta);
  return R"({"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":)" +
         text + std::string(more) + R"(,"finish_reason":null}]})";
}
inline constexpr std::string_view kStop =
    R"({"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})";
inline constexpr std::string_view kUsage =
    R"({"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}})";

inline std::vector<json::Value> values(std::string_view frames) {
  http::SseParser parser;
  EXPECT_TRUE(parser.feed(frames));
  std::vector<json::Value> found;
  while (auto event = parser.next()) found.push_back(json::parse(event->data).value());
  return found;
}

/// The text that a client of the frames puts together.
inline std::string content(std::string_view frames, std::string_view key = "content") {
  std::string text;
  for (const auto& value : values(frames))
    for (const auto& choice : value.at("choices").as_array())
      if (const auto* part = choice.at("delta").as_object().if_contains(key); part && part->is_string())
        text += std::string_view(part->as_string());
  return text;
}

struct FilteredAnswer {
  explicit FilteredAnswer(AnswerOptions options = {}, std::shared_ptr<policy::Cleared> request = nullptr)
      : cleared(request ? request : std::make_shared<policy::Cleared>(testing::cleared())),
        filter(*cleared, options) {}
  void push(std::string_view data) { filter.push(data, out); }

  std::shared_ptr<policy::Cleared> cleared;
  AnswerFilter filter;
  ClearedAnswer out;
};

}  // namespace gatehouse::models::testing
