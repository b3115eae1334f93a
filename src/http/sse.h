// Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): framing and a parser
// without sockets.
#pragma once

#include <cstddef>
#include <deque>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"

namespace gatehouse::http {

/// Content type, no caching, no proxy buffering.
Headers sse_headers();
/// A line that clients ignore; keeps proxies from closing a quiet stream.
inline constexpr std::string_view kSseHeartbeat = ": ping\n\n";
/// Appends `data: …\n\n`; every line break in `data` (CR, LF, CRLF) starts another `data:` line.
void append_sse(std::string& out, std::string_view data);
/// With `event:` first. Throws Failure if the name has a line break.
void append_sse(std::string& out, std::string_view event, std::string_view data);
std::string sse_frame(std::string_view data);
std::string sse_frame(std::string_view event, std::string_view data);

struct SseEvent {
  std::string event;  // "message" if unnamed
  std::string data;
  std::string id;  // the last id seen so far
  bool operator==(const SseEvent&) const = default;
};

/// Bytes in, in any cuts; events out. Accepts CR, LF and CRLF, a leading BOM, comments. An event that the
/// stream's end cuts off is not delivered, as the standard has it.
class SseParser {
 public:
  enum class Error { line_too_long, event_too_long };

  explicit SseParser(std::size_t max_line = 1 << 20, std::size_t max_event = 4 << 20)
      : max_line_(max_line), max_event_(max_event) {}

  /// Takes bytes; then call next() until it is empty. After an error the parser stays failed.
  std::expected<void, Error> feed(std::string_view bytes);
  /// The next whole event.
  std::optional<SseEvent> next();
  /// The last `retry:` in milliseconds.
  std::optional<std::uint64_t> retry() const { return retry_; }

 private:
  bool take_line(std::string_view line);
  void dispatch();

  std::size_t max_line_;
  std::size_t max_event_;
  std::string line_;  // the unfinished line
  SseEvent pending_;
  bool has_data_ = false;
  bool after_cr_ = false;
  bool at_start_ = true;
  std::optional<Error> failed_;
  std::optional<std::uint64_t> retry_;
  std::deque<SseEvent> ready_;
};

}  // namespace gatehouse::http
