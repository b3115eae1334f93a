#include "http/syntax.h"

#include <algorithm>
#include <array>

#include "base/uuid.h"

namespace gatehouse::http {
namespace {

constexpr auto kTokenBytes = [] {
  std::array<bool, 256> table{};
  for (int c = '0'; c <= '9'; ++c) table[static_cast<std::size_t>(c)] = true;
  for (int c = 'a'; c <= 'z'; ++c) table[static_cast<std::size_t>(c)] = true;
  for (int c = 'A'; c <= 'Z'; ++c) table[static_cast<std::size_t>(c)] = true;
  for (char c : std::string_view("!#$%&'*+-.^_`|~")) table[static_cast<unsigned char>(c)] = true;
  return table;
}();

}  // namespace

std::string to_lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = ascii_lower(c);
  return out;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool is_token(std::string_view text) {
  for (char c : text)
    if (!kTokenBytes[static_cast<unsigned char>(c)]) return false;
  return !text.empty();
}

bool has_control(std::string_view text) {
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && byte != '\t') || byte == 0x7f) return true;
  }
  return false;
}

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  char lower = ascii_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::size_t valid_utf8_prefix(std::string_view text) {
  std::size_t i = 0;
  auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  while (i < text.size()) {
    unsigned char lead = byte(i);
    if (lead < 0x80) {
      ++i;
      continue;
    }
    std::size_t length = lead >= 0xc2 && lead <= 0xdf   ? 2
                         : lead >= 0xe0 && lead <= 0xef ? 3
                         : lead >= 0xf0 && lead <= 0xf4 ? 4
                                                        : 0;
    if (length == 0 || i + length > text.size()) return i;
    // The second byte's range is narrower after these leads: overlong forms, surrogates, beyond U+10FFFF.
    unsigned char low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    unsigned char high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (byte(i + 1) < low || byte(i + 1) > high) return i;
    for (std::size_t k = 2; k < length; ++k)
      if ((byte(i + k) & 0xc0) != 0x80) return i;
    i += length;
  }
  return i;
}

bool is_request_id(std::string_view id) {
  constexpr std::size_t kDocument = 11;
  constexpr std::size_t kHexUuid = 32;
  constexpr std::size_t kUuid = 36;
  if (id.size() < 16 || id.size() > 64) return false;
  std::size_t letters = 0, digits = 0, run = 0, longest = 0, hex = 0;
  bool has_uuid = false;
  auto is_edge = [&](std::size_t at) { return at >= id.size() || !is_alnum(id[at]); };
  for (std::size_t i = 0; i < id.size(); ++i) {
    char c = id[i];
    bool begins = i == 0 || is_edge(i - 1);
    if (!has_uuid && begins && is_edge(i + kUuid) && Uuid::parse(id.substr(i, kUuid))) {
      has_uuid = true;
      i += kUuid - 1;
      run = 0;
      continue;
    }
    if (c == '-' || c == '_') continue;
    if (!is_alnum(c)) return false;
    bool digit = c >= '0' && c <= '9';
    (digit ? digits : letters) += 1;
    run = digit ? run + 1 : 0;
    longest = std::max(longest, run);
    hex += digit || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'f') ? 1 : 0;
  }
  bool by_chance = id.size() == kHexUuid && hex == kHexUuid;
  return (has_uuid || (letters > 0 && digits > 0)) && (longest < kDocument || by_chance);
}

}  // namespace gatehouse::http
