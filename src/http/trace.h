// W3C Trace Context (https://www.w3.org/TR/trace-context/), version 00, parsed strictly.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::http {

struct TraceContext {
  std::array<std::uint8_t, 16> trace_id{};
  std::array<std::uint8_t, 8> span_id{};
  std::uint8_t flags = 0;

  bool operator==(const TraceContext&) const = default;
  bool sampled() const { return (flags & 1) != 0; }

  /// The same trace with a new span id: what a call made on behalf of this one carries.
  TraceContext child() const;
  /// A new trace, not sampled. Ids come from a fast generator: they are no secrets.
  static TraceContext make();
  /// The `traceparent` header. Lower-case hex only, no zero ids, not version ff; a later version is read by
  /// its first four fields as the standard says.
  static std::optional<TraceContext> parse(std::string_view traceparent);

  std::string to_traceparent() const;
  std::string trace_id_hex() const;
};

}  // namespace gatehouse::http
