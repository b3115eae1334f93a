// E-mail addresses: a dot-atom of RFC 5322 and a host name, both within the limits of RFC 5321.
#include "policy/detector.h"

namespace gatehouse::policy {
namespace {

constexpr std::size_t kMaxLocal = 64;
constexpr std::size_t kMaxDomain = 253;

bool is_local(char32_t c) {
  if (c < 0x80) {
    return is_alnum(c) || c == '_' || c == '%' || c == '+' || c == '-' || c == '\'' || c == '&' || c == '*' ||
           c == '!' || c == '#' || c == '$' || c == '=' || c == '~' || c == '^';
  }
  return is_word(c);
}

}  // namespace

std::optional<Hit> match_email(Probe& probe) {
  if (!probe.starts_word()) return std::nullopt;
  std::size_t i = probe.begin();
  while (true) {
    const char32_t c = probe.at(i);
    if (c == '@') break;
    // A dot must be followed by another atom.
    if (c == '.' ? !is_local(probe.at(i + 1)) : !is_local(c)) return std::nullopt;
    if (++i - probe.begin() > kMaxLocal) return std::nullopt;
  }
  if (i == probe.begin()) return std::nullopt;

  const std::size_t domain = i + 1;
  std::size_t end = 0;  // after the last label that can be a top-level domain
  std::size_t labels = 0;
  i = domain;
  while (i - domain < kMaxDomain) {
    const std::size_t label = i;
    bool letters = true;
    while (i - label < 63 &&
           (is_word(probe.at(i)) || (probe.at(i) == '-' && i > label && is_word(probe.at(i + 1))))) {
      letters = letters && !is_digit(probe.at(i)) && probe.at(i) != '-';
      ++i;
    }
    if (i == label) break;
    ++labels;
    const bool punycode = i - label > 4 && probe.reads(label, "xn--");
    if (labels >= 2 && i - label >= 2 && (letters || punycode)) end = i;
    if (probe.at(i) != '.' || !is_word(probe.at(i + 1))) break;
    ++i;
  }
  if (end == 0) return std::nullopt;
  return Hit{end, 0.9};
}

}  // namespace gatehouse::policy
