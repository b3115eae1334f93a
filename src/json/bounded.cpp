#include "json/bounded.h"

#include <algorithm>

namespace gatehouse::json {
namespace {

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_alnum(char c) {
  return is_lower(c) || is_upper(c) || is_digit(c);
}

// Calls `valid` for each part between separators; false at the first that is not.
template <class F>
bool each_part(std::string_view text, char separator, F valid) {
  for (;;) {
    auto end = text.find(separator);
    if (!valid(text.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    text.remove_prefix(end + 1);
  }
}

// RFC 5322 atext.
bool is_atom(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return is_alnum(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").contains(c);
  });
}

bool is_label(std::string_view text) {
  return !text.empty() && text.size() <= 63 && text.front() != '-' && text.back() != '-' &&
         std::ranges::all_of(text, [](char c) { return is_alnum(c) || c == '-'; });
}

}  // namespace

std::optional<Email> Email::parse(std::string_view text) {
  auto at = text.find('@');
  if (text.size() > 254 || at == std::string_view::npos || at > 64) return std::nullopt;
  auto domain = text.substr(at + 1);
  if (!domain.contains('.') || !each_part(text.substr(0, at), '.', is_atom) ||
      !each_part(domain, '.', is_label))
    return std::nullopt;
  Email email;
  email.text_ = text;
  for (std::size_t i = at + 1; i < text.size(); ++i)
    if (is_upper(text[i])) email.text_[i] = static_cast<char>(text[i] - 'A' + 'a');
  return email;
}

std::string_view Email::domain() const {
  return std::string_view(text_).substr(text_.find('@') + 1);
}

std::optional<Slug> Slug::parse(std::string_view text) {
  auto is_word = [](std::string_view word) {
    return !word.empty() && std::ranges::all_of(word, [](char c) { return is_lower(c) || is_digit(c); });
  };
  if (text.size() > 63 || !each_part(text, '-', is_word)) return std::nullopt;
  Slug slug;
  slug.text_ = text;
  return slug;
}

}  // namespace gatehouse::json
