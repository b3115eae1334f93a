#include "json/canonical.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

#include "json/write.h"

namespace gatehouse::json {
namespace {

// UTF-8 order is code point order; UTF-16 order differs only where one side is above U+FFFF (its first unit
// is a surrogate, 0xD800…) and the other in U+E000…U+FFFF. Lifting the lead bytes of the latter over those of
// the former gives the order without converting.
int rank(char c) {
  auto byte = static_cast<unsigned char>(c);
  return byte == 0xEE || byte == 0xEF ? byte + 0x100 : byte;
}

bool utf16_less(std::string_view a, std::string_view b) {
  return std::ranges::lexicographical_compare(a, b, {}, rank, rank);
}

// Readers that hold numbers as doubles, as RFC 8785 has it, would write other integers otherwise.
std::string exact(std::string digits, double nearest) {
  if (digits != canonical_number(nearest))
    throw Failure("canonical JSON: an integer that no double holds has to be a string");
  return digits;
}

// Below 1e21 a double is written as an integer, and readers of 64 bits take none beyond theirs.
std::string readable(double number) {
  if (std::fabs(number) < 1e21 && (number >= 0x1p64 || number < -0x1p63))
    throw Failure("canonical JSON: a number of 64 bits or more, below 10^21, has to be a string");
  return canonical_number(number);
}

void append(std::string& out, const Value& value);

void append(std::string& out, const Object& object) {
  std::vector<const boost::json::key_value_pair*> members;
  members.reserve(object.size());
  for (const auto& member : object) members.push_back(&member);
  std::ranges::sort(members, utf16_less, [](auto* member) { return std::string_view(member->key()); });
  char separator = '{';
  for (auto* member : members) {
    out += std::exchange(separator, ',');
    write_string(out, member->key());
    out += ':';
    append(out, member->value());
  }
  out += separator == '{' ? "{}" : "}";
}

void append(std::string& out, const Value& value) {
  if (auto* object = value.if_object()) return append(out, *object);
  if (auto* array = value.if_array()) {
    char separator = '[';
    for (const auto& item : *array) {
      out += std::exchange(separator, ',');
      append(out, item);
    }
    out += separator == '[' ? "[]" : "]";
    return;
  }
  if (auto* integer = value.if_int64())
    out += exact(std::to_string(*integer), static_cast<double>(*integer));
  else if (auto* large = value.if_uint64())
    out += exact(std::to_string(*large), static_cast<double>(*large));
  else if (auto* real = value.if_double())
    out += readable(*real);
  else
    write(out, value);
}

}  // namespace

std::string canonical_number(double number) {
  if (!std::isfinite(number)) throw Failure("JSON has no number that is not finite");
  if (number == 0) return "0";
  std::string out = number < 0 ? "-" : "";
  // Shortest digits as d.ddde±xx; ECMAScript then only places the point differently.
  char buffer[32];
  auto* end =
      std::to_chars(buffer, buffer + sizeof buffer, std::fabs(number), std::chars_format::scientific).ptr;
  auto* e = std::find(buffer, end, 'e');
  int exponent = 0;
  std::from_chars(e[1] == '+' ? e + 2 : e + 1, end, exponent);
  std::string digits(1, buffer[0]);
  if (e > buffer + 2) digits.append(buffer + 2, e);
  const int count = static_cast<int>(digits.size());
  const int point = exponent + 1;  // `n` of ECMAScript: the value is 0.digits × 10^n
  auto size = [](int n) { return static_cast<std::size_t>(n); };
  if (count <= point && point <= 21) return out + digits + std::string(size(point - count), '0');
  if (0 < point && point <= 21) return out + digits.substr(0, size(point)) + '.' + digits.substr(size(point));
  if (-6 < point && point <= 0) return out + "0." + std::string(size(-point), '0') + digits;
  out += digits[0];
  if (count > 1) out.append(1, '.').append(digits, 1);
  out += exponent < 0 ? "e-" : "e+";
  return out + std::to_string(std::abs(exponent));
}

std::string canonical(const Value& value) {
  std::string out;
  append(out, value);
  return out;
}

}  // namespace gatehouse::json
