#include "json/leaf.h"

#include <cmath>

#include <fmt/format.h>

#include "json/bounded.h"
#include "json/containers.h"
#include "json/write.h"

namespace gatehouse::json::detail {
namespace {

// Code points, or nothing if this is not UTF-8. Text that came as JSON is; a query parameter may not be.
std::optional<std::size_t> code_points(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
      continue;
    }
    std::size_t length = utf8_length(text.substr(at));
    if (length == 0) return std::nullopt;
    at += length;
  }
  return count;
}

// Of valid UTF-8.
char32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) -> char32_t { return static_cast<unsigned char>(text[i]); };
  const std::size_t length = byte(at) < 0x80 ? 1 : utf8_length(text.substr(at));
  char32_t c = length == 1 ? byte(at) : byte(at) & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) c = c << 6 | (byte(at + i) & 0x3FU);
  at += length;
  return c;
}

bool has_nul(std::string_view text) {
  return text.contains('\0');
}

// The string and its code points.
std::optional<std::size_t> checked(const Value& value, std::string_view& text, const Place& at) {
  auto* string = value.if_string();
  if (!string) {
    at.fail(code::wrong_type, "must be a string");
    return std::nullopt;
  }
  text = *string;
  auto count = code_points(text);
  if (!count)
    at.fail(code::bad_format, "must be valid UTF-8");
  else if (has_nul(text)) {
    at.fail(code::bad_format, "must not contain U+0000");
    return std::nullopt;
  }
  return count;
}

// Into the range from −2^63 to 2^64 − 1, or why not. Doubles without a fraction are integers, as JSON Schema
// has it.
enum class Whole : unsigned char { no, negative, positive, below, above };
Whole whole(const Value& value, std::uint64_t& bits) {
  if (auto* number = value.if_int64()) {
    bits = static_cast<std::uint64_t>(*number);
    return *number < 0 ? Whole::negative : Whole::positive;
  }
  if (auto* number = value.if_uint64()) {
    bits = *number;
    return Whole::positive;
  }
  auto* real = value.if_double();
  if (!real || std::trunc(*real) != *real) return Whole::no;
  if (*real < -0x1p63) return Whole::below;
  if (*real >= 0x1p64) return Whole::above;
  bits = *real < 0 ? static_cast<std::uint64_t>(static_cast<std::int64_t>(*real))
                   : static_cast<std::uint64_t>(*real);
  return *real < 0 ? Whole::negative : Whole::positive;
}

template <class N>
bool refuse_integer(Whole found, const Place& at, N low, N high) {
  if (found == Whole::no)
    at.fail(code::wrong_type, "must be an integer");
  else if (found == Whole::negative || found == Whole::below)
    at.fail(code::too_small, fmt::format("must be at least {}", low));
  else
    at.fail(code::too_large, fmt::format("must be at most {}", high));
  return false;
}

bool any_nul(const Value& value) {
  if (auto* string = value.if_string()) return has_nul(*string);
  if (auto* array = value.if_array()) return std::ranges::any_of(*array, any_nul);
  if (auto* object = value.if_object())
    return std::ranges::any_of(*object,
                               [](auto& member) { return has_nul(member.key()) || any_nul(member.value()); });
  return false;
}

}  // namespace

void bad_format(const Place& at, std::string_view what) {
  at.fail(code::bad_format, fmt::format("must be {}", what));
}

std::optional<std::string_view> string_in(const Value& value, const Place& at) {
  std::string_view text;
  return checked(value, text, at) ? std::optional(text) : std::nullopt;
}

void decode_string(const Value& value, std::string& out, const Place& at, std::size_t max_bytes) {
  auto text = string_in(value, at);
  if (!text) return;
  if (text->size() > max_bytes)
    return at.fail(code::too_long, fmt::format("must be at most {} bytes", max_bytes));
  out = *text;
}

void decode_bounded(const Value& value, std::string& out, const Place& at, std::size_t low,
                    std::size_t high) {
  std::string_view text;
  auto count = checked(value, text, at);
  if (!count) return;
  if (*count < low) return at.fail(code::too_short, fmt::format("must be at least {} characters", low));
  if (*count > high) return at.fail(code::too_long, fmt::format("must be at most {} characters", high));
  out = text;
}

void check_name(std::string_view text, const Place& at) {
  bool is_visible = false;
  for (std::size_t i = 0; i < text.size();) {
    const char32_t c = next_code_point(text, i);
    const bool is_control = c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029;
    const bool is_override = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    if (is_control || is_override)
      return at.fail(code::bad_format, "must be on one line and without control characters");
    const bool is_blank = c == ' ' || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200F) ||
                          c == 0x202F || c == 0x205F || (c >= 0x2060 && c <= 0x2064) || c == 0x3000 ||
                          c == 0x2800 || c == 0x3164 || c == 0xFEFF;
    is_visible |= !is_blank;
  }
  if (!is_visible) at.fail(code::bad_format, "must not be blank");
}

void require_text(std::string_view text, std::size_t low, std::size_t high) {
  auto count = code_points(text);
  if (!count || *count < low || *count > high || has_nul(text))
    throw Failure("a text is out of its type's bounds");
}

void out_of_bounds() {
  throw Failure("an integer is out of its type's bounds");
}

void decode_bool(const Value& value, bool& out, const Place& at) {
  if (auto* flag = value.if_bool())
    out = *flag;
  else
    at.fail(code::wrong_type, "must be true or false");
}

void decode_double(const Value& value, double& out, const Place& at) {
  if (auto* real = value.if_double(); real && std::isfinite(*real))
    out = *real;
  else if (auto* number = value.if_int64())
    out = static_cast<double>(*number);
  else if (auto* large = value.if_uint64())
    out = static_cast<double>(*large);
  else
    at.fail(code::wrong_type, "must be a number");
}

bool decode_signed(const Value& value, std::int64_t& out, const Place& at, std::int64_t low,
                   std::int64_t high) {
  std::uint64_t bits = 0;
  auto found = whole(value, bits);
  if (found == Whole::positive && bits > static_cast<std::uint64_t>(INT64_MAX)) found = Whole::above;
  if (found != Whole::negative && found != Whole::positive) return refuse_integer(found, at, low, high);
  auto number = static_cast<std::int64_t>(bits);
  if (number < low) return refuse_integer(Whole::below, at, low, high);
  if (number > high) return refuse_integer(Whole::above, at, low, high);
  out = number;
  return true;
}

bool decode_unsigned(const Value& value, std::uint64_t& out, const Place& at, std::uint64_t low,
                     std::uint64_t high) {
  std::uint64_t bits = 0;
  auto found = whole(value, bits);
  if (found != Whole::positive) return refuse_integer(found, at, low, high);
  if (bits < low) return refuse_integer(Whole::below, at, low, high);
  if (bits > high) return refuse_integer(Whole::above, at, low, high);
  out = bits;
  return true;
}

void decode_timestamp(const Value& value, Timestamp& out, const Place& at) {
  auto text = string_in(value, at);
  if (!text) return;
  if (auto stamp = parse_rfc3339(*text))
    out = *stamp;
  else
    bad_format(at, "an RFC 3339 time with an offset, such as 2026-11-20T18:51:11Z");
}

void decode_uuid(const Value& value, Uuid& out, const Place& at) {
  auto text = string_in(value, at);
  if (!text) return;
  if (auto uuid = Uuid::parse(*text))
    out = *uuid;
  else
    bad_format(at, "a UUID");
}

void decode_any(const Value& value, Value& out, const Place& at) {
  if (any_nul(value)) return at.fail(code::bad_format, "must not contain U+0000");
  out = value;
}

void decode_object(const Value& value, Object& out, const Place& at) {
  const Object* object = object_in(value, at);
  if (!object) return;
  if (any_nul(value)) return at.fail(code::bad_format, "must not contain U+0000");
  out = *object;
}

const Object* object_in(const Value& value, const Place& at) {
  auto* object = value.if_object();
  if (!object) at.fail(code::wrong_type, "must be an object");
  return object;
}

const Array* array_in(const Value& value, const Place& at, std::size_t max_items) {
  auto* array = value.if_array();
  if (!array) {
    at.fail(code::wrong_type, "must be an array");
  } else if (array->size() > max_items) {
    at.fail(code::too_many, fmt::format("must have at most {} items", max_items));
    return nullptr;
  }
  return array;
}

bool key_is_storable(std::string_view key, const Place& at) {
  if (!has_nul(key)) return true;
  at.fail(code::bad_format, "must not contain U+0000");
  return false;
}

void encode_string(std::string& out, std::string_view text) {
  write_string(out, text);
}
void encode_signed(std::string& out, std::int64_t number) {
  write_integer(out, number);
}
void encode_unsigned(std::string& out, std::uint64_t number) {
  write_integer(out, number);
}
void encode_double(std::string& out, double number) {
  write_double(out, number);
}
void encode_object(std::string& out, const Object& object) {
  write(out, object);
}
void encode_uuid(std::string& out, const Uuid& uuid) {
  out.append(1, '"').append(uuid.to_string()).append(1, '"');
}
void encode_timestamp(std::string& out, Timestamp stamp) {
  out.append(1, '"').append(to_rfc3339(stamp)).append(1, '"');
}

Value parse_own(std::string_view text) {
  auto value = parse(text, {.max_bytes = SIZE_MAX, .max_depth = 1000, .max_elements = SIZE_MAX});
  if (!value) throw Failure("not JSON: " + value.error().detail);
  return *std::move(value);
}

}  // namespace gatehouse::json::detail
