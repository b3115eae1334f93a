#include "json/write.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

#include "json/canonical.h"
#include "json/value.h"

namespace gatehouse::json {
namespace {

constexpr char kHex[] = "0123456789abcdef";
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

constexpr auto kPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t c = 0x20; c < 0x80; ++c) plain[c] = c != '"' && c != '\\';
  return plain;
}();

void escape(std::string& out, unsigned char c) {
  out += '\\';
  switch (c) {
    case '"':
      out += '"';
      return;
    case '\\':
      out += '\\';
      return;
    case '\b':
      out += 'b';
      return;
    case '\f':
      out += 'f';
      return;
    case '\n':
      out += 'n';
      return;
    case '\r':
      out += 'r';
      return;
    case '\t':
      out += 't';
      return;
    default:
      out += "u00";
      out += kHex[c >> 4];
      out += kHex[c & 15];
  }
}

}  // namespace

std::size_t utf8_length(std::string_view text) {
  auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  auto continues = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
  unsigned first = byte(0), second = byte(1);
  if (first < 0x80) return text.empty() ? 0 : 1;
  if (first < 0xC2 || first > 0xF4 || !continues(1)) return 0;
  if (first < 0xE0) return 2;
  if (!continues(2)) return 0;
  if (first < 0xF0) {
    bool overlong = first == 0xE0 && second < 0xA0;
    bool surrogate = first == 0xED && second > 0x9F;
    return overlong || surrogate ? 0 : 3;
  }
  bool overlong = first == 0xF0 && second < 0x90;
  bool beyond = first == 0xF4 && second > 0x8F;
  return !continues(3) || overlong || beyond ? 0 : 4;
}

void write_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t from = 0, at = 0;
  auto flush = [&] { out.append(text, from, at - from); };
  while (at < text.size()) {
    auto c = static_cast<unsigned char>(text[at]);
    if (kPlain[c]) {
      ++at;
    } else if (c < 0x80) {
      flush();
      escape(out, c);
      from = ++at;
    } else if (std::size_t length = utf8_length(text.substr(at))) {
      at += length;
    } else {
      flush();
      out += kReplacement;
      from = ++at;
    }
  }
  flush();
  out += '"';
}

void write_integer(std::string& out, std::int64_t number) {
  char buffer[24];
  out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, number).ptr);
}

void write_integer(std::string& out, std::uint64_t number) {
  char buffer[24];
  out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, number).ptr);
}

void write_double(std::string& out, double number) {
  if (number == 0 && std::signbit(number)) {
    out += "-0.0";
    return;
  }
  auto from = out.size();
  out += canonical_number(number);
  if (std::string_view(out).substr(from).find_first_of(".e") == std::string_view::npos) out += ".0";
}

void write(std::string& out, const Value& value) {
  switch (value.kind()) {
    case boost::json::kind::null:
      out += "null";
      return;
    case boost::json::kind::bool_:
      out += value.get_bool() ? "true" : "false";
      return;
    case boost::json::kind::int64:
      write_integer(out, value.get_int64());
      return;
    case boost::json::kind::uint64:
      write_integer(out, value.get_uint64());
      return;
    case boost::json::kind::double_:
      write_double(out, value.get_double());
      return;
    case boost::json::kind::string:
      write_string(out, value.get_string());
      return;
    case boost::json::kind::array: {
      char separator = '[';
      for (const auto& item : value.get_array()) {
        out += std::exchange(separator, ',');
        write(out, item);
      }
      out += separator == '[' ? "[]" : "]";
      return;
    }
    case boost::json::kind::object:
      write(out, value.get_object());
      return;
  }
}

void write(std::string& out, const Object& object) {
  char separator = '{';
  for (const auto& [key, item] : object) {
    out += std::exchange(separator, ',');
    write_string(out, key);
    out += ':';
    write(out, item);
  }
  out += separator == '{' ? "{}" : "}";
}

std::string write(const Value& value) {
  std::string out;
  write(out, value);
  return out;
}

}  // namespace gatehouse::json
