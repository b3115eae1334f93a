// Character rules of RFC 9110 and UTF-8, used by every parser of this folder.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gatehouse::http {

inline char ascii_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}
inline bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
inline bool is_alpha(char c) {
  return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z';
}
inline bool is_alnum(char c) {
  return is_digit(c) || is_alpha(c);
}

std::string to_lower(std::string_view);
/// Without leading and trailing spaces and tabs.
std::string_view trim(std::string_view);
/// A non-empty RFC 9110 token.
bool is_token(std::string_view);
/// Any byte below 0x20 but tab, or DEL.
bool has_control(std::string_view);
/// 0 to 15, or -1.
int hex_value(char);
/// The length of the longest valid UTF-8 prefix (no surrogates, no overlong forms).
std::size_t valid_utf8_prefix(std::string_view);
inline bool is_utf8(std::string_view text) {
  return valid_utf8_prefix(text) == text.size();
}

/// An id that somebody's program made, to be logged and stored as it came: 16 to 64 letters, digits, `-` and
/// `_`, with a letter and a digit, and no 11 digits in a row across `-` and `_`, which could be a document's
/// or a telephone's; but for those of a UUID within it or of 32 hex digits, which have them by chance.
bool is_request_id(std::string_view);

}  // namespace gatehouse::http
