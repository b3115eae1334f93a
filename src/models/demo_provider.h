// The demo models. They answer as an OpenAI-compatible provider would, from a script.
//
//   demo/echo       exactly the text of the last user message that it received
//   demo/assistant  a canned answer in Markdown that says it is a demo
#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/task.h"
#include "json/value.h"
#include "models/call_stop.h"
#include "policy/cleared.h"

namespace gatehouse::models {

/// Everything a demo model will say: chunks of `chat.completion.chunk` with a pause before each but the
/// first, or the one whole `chat.completion`.
class DemoAnswer {
 public:
  /// `stop` outlives it.
  DemoAnswer(const policy::Cleared&, bool stream, std::chrono::milliseconds pace, CallStop& stop);

  /// The next event's JSON; nothing after the last. Errors: upstream_failed when stopped.
  Task<Result<std::optional<std::string>>> next();

 private:
  std::deque<std::string> events_;
  std::chrono::milliseconds pause_;
  bool first_ = true;
  CallStop& stop_;
};

/// What the model says to a request document.
std::string demo_text(std::string_view model, const json::Value& request);

}  // namespace gatehouse::models
