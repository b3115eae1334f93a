// Structured logs: one JSON object a line, with request id and without content.
//
// Never pass a prompt, an answer, a title, a secret or a person's data: ids, counts, codes and durations
// only. `Secret` does not convert to a field, so the compiler refuses that one.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace gatehouse::log {

enum class Level { debug, info, warn, error };

struct Field {
  std::string_view key;
  std::variant<std::string_view, std::int64_t, double, bool> value;

  Field(std::string_view k, std::string_view v) : key(k), value(v) {}
  Field(std::string_view k, const std::string& v) : key(k), value(std::string_view(v)) {}
  Field(std::string_view k, const char* v) : key(k), value(std::string_view(v)) {}
  Field(std::string_view k, bool v) : key(k), value(v) {}
  Field(std::string_view k, double v) : key(k), value(v) {}
  template <class Int>
    requires std::is_integral_v<Int>
  Field(std::string_view k, Int v) : key(k), value(static_cast<std::int64_t>(v)) {}
};

/// `path` empty means standard error. Lines below `level` are dropped. Call once at start.
void configure(Level level, const std::string& path = {});

/// `event` is a fixed dotted name (`pg.connect_failed`), so that logs can be searched by it.
/// Thread-safe; never throws; a line longer than 16 KiB is cut. Lines below `warn` are written by another
/// thread, within a tenth of a second, and some are dropped (and counted) when the file or pipe takes none;
/// `warn` and above return when they are written.
void write(Level level, std::string_view event, std::initializer_list<Field> fields = {});
void flush();

inline void debug(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::debug, event, fields);
}
inline void info(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::info, event, fields);
}
inline void warn(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::warn, event, fields);
}
inline void error(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::error, event, fields);
}

}  // namespace gatehouse::log
