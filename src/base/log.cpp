#include "base/log.h"

#include <iterator>
#include <memory>

#include <fmt/format.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/time.h"

namespace gatehouse::log {
namespace {

constexpr std::size_t kMaxLine = 16 * 1024;

std::shared_ptr<spdlog::logger> make_logger(const std::string& path) {
  spdlog::sink_ptr sink = path.empty()
                              ? spdlog::sink_ptr(std::make_shared<spdlog::sinks::stderr_sink_mt>())
                              : spdlog::sink_ptr(std::make_shared<spdlog::sinks::basic_file_sink_mt>(path));
  auto logger = std::make_shared<spdlog::logger>("gatehouse", sink);
  logger->set_pattern("%v");
  logger->flush_on(spdlog::level::warn);
  return logger;
}

std::shared_ptr<spdlog::logger>& logger() {
  static std::shared_ptr<spdlog::logger> instance = make_logger({});
  return instance;
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
  logger() = make_logger(path);
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
            else
              fmt::format_to(std::back_inserter(line), "{}", value);
          },
          field.value);
    }
    line.push_back('}');
    constexpr spdlog::level::level_enum kLevels[] = {spdlog::level::info, spdlog::level::info,
                                                     spdlog::level::warn, spdlog::level::err};
    logger()->log(kLevels[static_cast<std::size_t>(level)], std::string_view(line.data(), line.size()));
  } catch (...) {
    // A log line is never worth a request.
  }
}

void flush() {
  logger()->flush();
}

}  // namespace gatehouse::log
