#include "http/sse.h"

#include <charconv>

#include "base/error.h"

namespace gatehouse::http {
namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";

}  // namespace

Headers sse_headers() {
  return {{"content-type", "text/event-stream"}, {"cache-control", "no-cache"}, {"x-accel-buffering", "no"}};
}

void append_sse(std::string& out, std::string_view data) {
  for (;;) {
    auto end = data.find_first_of("\r\n");
    out.append("data: ").append(data.substr(0, end)).append("\n");
    if (end == std::string_view::npos) break;
    data.remove_prefix(end + (data.substr(end).starts_with("\r\n") ? 2 : 1));
  }
  out += '\n';
}

void append_sse(std::string& out, std::string_view event, std::string_view data) {
  if (event.find_first_of("\r\n") != std::string_view::npos)
    throw Failure("line break in the name of an event");
  out.append("event: ").append(event).append("\n");
  append_sse(out, data);
}

std::string sse_frame(std::string_view data) {
  std::string out;
  append_sse(out, data);
  return out;
}

std::string sse_frame(std::string_view event, std::string_view data) {
  std::string out;
  append_sse(out, event, data);
  return out;
}

std::expected<void, SseParser::Error> SseParser::feed(std::string_view bytes) {
  while (!failed_ && !bytes.empty()) {
    if (after_cr_) {
      after_cr_ = false;
      if (bytes.front() == '\n') {
        bytes.remove_prefix(1);
        continue;
      }
    }
    auto end = bytes.find_first_of("\r\n");
    auto part = bytes.substr(0, end);
    if (line_.size() + part.size() > max_line_) {
      failed_ = Error::line_too_long;
      break;
    }
    if (end == std::string_view::npos) {
      line_ += part;
      break;
    }
    bool taken;
    if (line_.empty()) {
      taken = take_line(part);
    } else {
      line_ += part;
      taken = take_line(line_);
      line_.clear();
    }
    if (!taken) failed_ = Error::event_too_long;
    after_cr_ = bytes[end] == '\r';
    bytes.remove_prefix(end + 1);
  }
  if (failed_) return std::unexpected(*failed_);
  return {};
}

bool SseParser::take_line(std::string_view line) {
  if (std::exchange(at_start_, false) && line.starts_with(kBom)) line.remove_prefix(kBom.size());
  if (line.empty()) {
    dispatch();
    return true;
  }
  auto colon = line.find(':');
  auto field = line.substr(0, colon);
  std::string_view value = colon == std::string_view::npos ? std::string_view{} : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "data") {
    if (pending_.data.size() + value.size() + 1 > max_event_) return false;
    pending_.data.append(value).append("\n");
    has_data_ = true;
  } else if (field == "event") {
    pending_.event = value;
  } else if (field == "id") {
    if (!value.contains('\0')) pending_.id = value;
  } else if (field == "retry") {
    std::uint64_t number = 0;
    auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error == std::errc{} && end == value.data() + value.size()) retry_ = number;
  }
  return true;
}

void SseParser::dispatch() {
  if (has_data_) {
    pending_.data.pop_back();
    if (pending_.event.empty()) pending_.event = "message";
    ready_.push_back(pending_);
  }
  has_data_ = false;
  pending_.data.clear();
  pending_.event.clear();
}

std::optional<SseEvent> SseParser::next() {
  if (ready_.empty()) return std::nullopt;
  auto event = std::move(ready_.front());
  ready_.pop_front();
  return event;
}

}  // namespace gatehouse::http
