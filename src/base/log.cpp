#include "base/log.h"

#include <cmath>
#include <cstdlib>
#include <iterator>
#include <memory>

#include <fmt/format.h>

#include "base/log_writer.h"
#include "base/time.h"

namespace gatehouse::log {
namespace {

constexpr std::size_t kMaxLine = 16 * 1024;

/// Never destroyed: threads and destructors of statics may log until the very end.
std::unique_ptr<Writer>& writer() {
  static auto* instance = [] {
    auto* made = new std::unique_ptr<Writer>(std::make_unique<Writer>(std::string()));
    std::atexit(flush);
    return made;
  }();
  return *instance;
}

Level threshold = Level::info;

void append_quoted(fmt::memory_buffer& out, std::string_view text) {
  out.push_back('"');
  for (char c : text) {
    if (out.size() > kMaxLine) break;
    auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (byte < 0x20 || byte == 0x7f) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
}

constexpr std::string_view kNames[] = {"debug", "info", "warn", "error"};

}  // namespace

void configure(Level level, const std::string& path) {
  threshold = level;
  writer() = std::make_unique<Writer>(path);
}

void write(Level level, std::string_view event, std::initializer_list<Field> fields) {
  if (level < threshold) return;
  try {
    fmt::memory_buffer line;
    fmt::format_to(std::back_inserter(line), R"({{"ts":"{}","level":"{}","event":)", to_rfc3339(now()),
                   kNames[static_cast<std::size_t>(level)]);
    append_quoted(line, event);
    for (const Field& field : fields) {
      line.push_back(',');
      append_quoted(line, field.key);
      line.push_back(':');
      std::visit(
          [&](auto value) {
            if constexpr (std::is_same_v<decltype(value), std::string_view>)
              append_quoted(line, value);
            else if constexpr (std::is_same_v<decltype(value), double>)
              fmt::format_to(std::back_inserter(line), "{}", std::round(value * 1000) / 1000);
            else
              fmt::format_to(std::back_inserter(line), "{}", value);
          },
          field.value);
    }
    line.push_back('}');
    writer()->add(std::string_view(line.data(), line.size()));
    // What is wrong has to be found even if the process ends the moment after.
    if (level >= Level::warn) writer()->flush();
  } catch (...) {
    // A log line is never worth a request.
  }
}

void flush() {
  writer()->flush();
}

}  // namespace gatehouse::log
