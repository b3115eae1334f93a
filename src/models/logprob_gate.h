// Log probabilities spell the answer's text, token by token, so they go out only behind it and only as long
// as policy has left it as it was.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <utility>

#include "json/value.h"

namespace gatehouse::models {

/// Of one choice. Once the text was altered nothing is released any more.
class LogprobGate {
 public:
  /// A chunk as it came: its text, and the entries that go with it.
  void push(std::string_view text, json::Array entries);
  /// What policy let through of all text so far: entries whose chunk is out now.
  json::Array release(std::string_view emitted);

 private:
  std::string held_;  // pushed and not yet emitted
  std::size_t pushed_ = 0;
  std::size_t emitted_ = 0;
  std::deque<std::pair<std::size_t, json::Array>> waiting_;  // by the end of their chunk's text
  bool altered_ = false;
};

}  // namespace gatehouse::models
