// Log probabilities spell the answer's text, token by token, so they go out only behind it and only as long
// as policy has left it as it was.
#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "json/value.h"

namespace gatehouse::models {

/// Of one choice. Once the text was altered, or more than kMostHeld bytes wait for it, nothing is released
/// any more.
class LogprobGate {
 public:
  static constexpr std::size_t kMostHeld = 512 << 10;

  /// A chunk as it came: its text, and the entries that go with it.
  void push(std::string_view text, json::Array entries);
  /// What policy let through of all text so far: entries whose chunk is out now.
  json::Array release(std::string_view emitted);
  void close();

 private:
  struct Waiting {
    std::size_t end = 0;    // of their chunk's text
    std::size_t bytes = 0;  // as JSON
    json::Array entries;
  };
  std::string held_;  // pushed and not yet emitted
  std::size_t pushed_ = 0;
  std::size_t emitted_ = 0;
  std::deque<Waiting> waiting_;
  std::size_t waiting_bytes_ = 0;
  bool altered_ = false;
};

}  // namespace gatehouse::models
