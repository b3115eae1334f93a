// Reading runs of digits.
#include "policy/digits.h"

namespace gatehouse::policy {
namespace {

bool is_gap(char32_t c, Gaps gaps) {
  switch (c) {
    case ' ':
    case '.':
    case '-':
    case '/':
    case '_':
      return true;
    case '(':
    case ')':
      return gaps == Gaps::phone;
    default:
      return false;
  }
}

}  // namespace

DigitRun read_digits(Probe& probe, std::size_t begin, Gaps kind, std::size_t limit) {
  DigitRun run;
  std::size_t i = begin;
  while (run.count < limit) {
    std::size_t gap = 0;
    while (run.count > 0 && gap < 4 && is_gap(probe.at(i + gap), kind)) ++gap;
    if (gap > 3) break;
    const char32_t c = probe.at(i + gap);
    if (!is_digit(c)) break;
    for (std::size_t k = 0; k < gap; ++k) {
      if (probe.at(i + k) == ')') run.closed_at = run.count;
    }
    run.gaps[run.count] = static_cast<std::uint8_t>(gap);
    run.digits[run.count] = static_cast<std::uint8_t>(c - '0');
    i += gap + 1;
    run.ends[run.count++] = i;
  }
  return run;
}

bool DigitRun::is_set_apart(std::size_t length, std::initializer_list<std::size_t> places) const {
  for (std::size_t i = 1; i < length; ++i) {
    if ((gaps[i] > 0) != (std::ranges::find(places, i) != places.end())) return false;
  }
  return true;
}

bool DigitRun::stands_alone(Probe& probe, std::size_t length, std::string_view word,
                            std::initializer_list<std::size_t> places) const {
  if (is_set_apart(length, places)) {
    return !is_digit(probe.before(1)) && (length == count || gaps[length] > 0);
  }
  return digits_may_start(probe, word) && ends_at(probe, length);
}

Grouping DigitRun::grouping(const Probe& probe, std::size_t length,
                            std::initializer_list<std::size_t> usual_places) const {
  bool bare = true;
  bool usual = true;
  bool spaced = true;
  for (std::size_t i = 1; i < length; ++i) {
    bare = bare && gaps[i] == 0;
    usual = usual && (gaps[i] == 0 || std::ranges::find(usual_places, i) != usual_places.end());
    spaced = spaced && gaps[i] > 0;
  }
  if (bare) return Grouping::bare;
  if (usual) return Grouping::usual;
  const bool row_goes_on = length < count && gaps[length] == gaps[1];
  const bool row_came_before = is_gap(probe.before(1), Gaps::document) && is_digit(probe.before(2));
  return spaced && !row_goes_on && !row_came_before ? Grouping::spaced : Grouping::odd;
}

bool digits_may_start(const Probe& probe, std::string_view word) {
  if (probe.starts_word()) return true;
  for (std::size_t k = 0; k < word.size(); ++k) {
    if (to_lower(probe.before(k + 1)) != static_cast<unsigned char>(word[word.size() - 1 - k])) return false;
  }
  return !is_word(probe.before(word.size() + 1));
}

bool follows_decimal_point(const Probe& probe) {
  return (probe.before(1) == '.' || probe.before(1) == ',') && is_digit(probe.before(2));
}

}  // namespace gatehouse::policy
