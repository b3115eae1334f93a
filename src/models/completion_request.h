// What we need to know of a chat-completions request; everything else passes on as it came, scanned.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "json/value.h"

namespace gatehouse::models {

struct CompletionRequest {
  json::Value document;  // an object
  std::string model;
  bool stream = false;
  bool wants_usage = false;  // stream_options.include_usage
};

inline constexpr std::size_t kMaxCompletionBody = 10 << 20;

/// Checks what OpenAI's API checks too and what we interpret: `model`, `messages` (objects with a role),
/// `stream`, `stream_options`, `n`. Errors: malformed_json; bad_request with the pointer of the first bad
/// field, which becomes `param` in OpenAI's error object.
Result<CompletionRequest> parse_completion_request(std::string_view body);

/// The text of a message's `content`: a string, or the text parts one after the other.
std::string content_text(const json::Value& content);

}  // namespace gatehouse::models
