// Wall-clock time as the wire and the database know it: UTC, microseconds, RFC 3339 text.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse {

using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;

inline Timestamp now() {
  return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

/// `2026-11-20T18:51:11.123456Z`: always UTC, always six digits.
std::string to_rfc3339(Timestamp);
/// Any RFC 3339 date-time, offset required. Years 1970 to 9999.
std::optional<Timestamp> parse_rfc3339(std::string_view);

}  // namespace gatehouse
