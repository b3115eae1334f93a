// The demo models. They answer as an OpenAI-compatible provider would, from a script.
//
//   demo/echo       exactly the text of the last user message that it received
//   demo/assistant  a canned answer in Markdown that says it is a demo
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/task.h"
#include "json/value.h"
#include "models/call_stop.h"
#include "policy/cleared.h"

namespace gatehouse::models {

/// What a demo model says to one request: chunks of `chat.completion.chunk` with a pause before each but the
/// first, or the one whole `chat.completion`. A chunk is a few words; of a long text it is more, so that all
/// pauses together are no longer than kLongest. An event is made when it is asked for.
class DemoAnswer {
 public:
  static constexpr std::chrono::seconds kLongest{30};

  /// `stop` outlives it.
  DemoAnswer(const policy::Cleared&, bool stream, std::chrono::milliseconds pace, CallStop& stop);

  /// The next event's JSON; nothing after the last. Errors: upstream_failed when stopped.
  Task<Result<std::optional<std::string>>> next();

 private:
  enum class Step { role, text, end, usage, whole, done };
  std::string event();
  std::string_view next_piece();
  json::Object chunk(json::Array choices) const;

  std::string model_;
  std::string id_;
  std::int64_t created_;
  std::string text_;
  std::size_t said_ = 0;   // bytes of it
  std::size_t least_ = 0;  // bytes of a chunk
  json::Object usage_;
  Step step_;
  std::chrono::milliseconds pause_;
  bool first_ = true;
  CallStop& stop_;
};

/// What the model says to a request document.
std::string demo_text(std::string_view model, const json::Value& request);

}  // namespace gatehouse::models
