// Values of letters and digits with check digits: CNPJ (both forms), IBAN.
#include <algorithm>
#include <array>

#include "policy/detector.h"
#include "policy/digits.h"

namespace gatehouse::policy {
namespace {

constexpr std::size_t kCnpjLength = 14;

// Receita Federal, technical note of the alphanumeric CNPJ: value = ASCII − 48, modulo 11.
bool cnpj_is_valid(const std::array<std::uint8_t, kCnpjLength>& values) {
  if (std::ranges::all_of(values, [&](std::uint8_t v) { return v == values[0]; })) return false;
  constexpr std::array<unsigned, 13> kWeights = {6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2};
  for (const std::size_t length : {12U, 13U}) {
    unsigned sum = 0;
    for (std::size_t i = 0; i < length; ++i) sum += values[i] * kWeights[i + 13 - length];
    const unsigned rest = sum % 11;
    if (values[length] != (rest < 2 ? 0 : 11 - rest)) return false;
  }
  return true;
}

bool is_document_gap(char32_t c) {
  return c == ' ' || c == '.' || c == '-' || c == '/' || c == '_';
}

struct Country {
  char code[3];
  std::uint8_t length;
};
// SWIFT IBAN registry, release 99.
constexpr Country kCountries[] = {
    {"AD", 24}, {"AE", 23}, {"AL", 28}, {"AT", 20}, {"AZ", 28}, {"BA", 20}, {"BE", 16}, {"BG", 22},
    {"BH", 22}, {"BI", 27}, {"BR", 29}, {"BY", 28}, {"CH", 21}, {"CR", 22}, {"CY", 28}, {"CZ", 24},
    {"DE", 22}, {"DJ", 27}, {"DK", 18}, {"DO", 28}, {"EE", 20}, {"EG", 29}, {"ES", 24}, {"FI", 18},
    {"FK", 18}, {"FO", 18}, {"FR", 27}, {"GB", 22}, {"GE", 22}, {"GI", 23}, {"GL", 18}, {"GR", 27},
    {"GT", 28}, {"HN", 28}, {"HR", 21}, {"HU", 28}, {"IE", 22}, {"IL", 23}, {"IQ", 23}, {"IS", 26},
    {"IT", 27}, {"JO", 30}, {"KW", 30}, {"KZ", 20}, {"LB", 28}, {"LC", 32}, {"LI", 21}, {"LT", 20},
    {"LU", 20}, {"LV", 21}, {"LY", 25}, {"MC", 27}, {"MD", 24}, {"ME", 22}, {"MK", 19}, {"MN", 20},
    {"MR", 27}, {"MT", 31}, {"MU", 30}, {"NI", 28}, {"NL", 18}, {"NO", 15}, {"OM", 23}, {"PK", 24},
    {"PL", 28}, {"PS", 29}, {"PT", 25}, {"QA", 29}, {"RO", 24}, {"RS", 22}, {"RU", 33}, {"SA", 24},
    {"SC", 31}, {"SD", 18}, {"SE", 24}, {"SI", 19}, {"SK", 24}, {"SM", 27}, {"SO", 23}, {"ST", 25},
    {"SV", 28}, {"TL", 23}, {"TN", 24}, {"TR", 26}, {"UA", 29}, {"VA", 22}, {"VG", 24}, {"XK", 20},
    {"YE", 30},
};

// By the two letters, as every word of a text asks.
constexpr auto kIbanLengths = [] {
  std::array<std::uint8_t, 26 * 26> lengths{};
  for (const Country& country : kCountries) {
    lengths[static_cast<std::size_t>((country.code[0] - 'A') * 26 + country.code[1] - 'A')] = country.length;
  }
  return lengths;
}();

std::size_t iban_length(char32_t a, char32_t b) {
  return kIbanLengths[(to_lower(a) - 'a') * 26 + to_lower(b) - 'a'];
}

// ISO 13616: the first four moved to the end, letters as 10 to 35, modulo 97 is 1.
bool iban_is_valid(std::span<const char32_t> symbols) {
  unsigned rest = 0;
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    const char32_t c = symbols[(i + 4) % symbols.size()];
    if (is_digit(c)) {
      rest = (rest * 10 + (c - '0')) % 97;
    } else {
      rest = (rest * 100 + (to_lower(c) - 'a' + 10)) % 97;
    }
  }
  return rest == 1;
}

}  // namespace

std::optional<Hit> match_cnpj(Probe& probe) {
  // Behind letters it begins only if it is set apart as it should be: `nº11.222.333/0001-81`.
  const bool glued = !digits_may_start(probe, "cnpj");
  std::array<std::uint8_t, kCnpjLength> values{};
  std::size_t i = probe.begin();
  bool letters = false;
  bool digit_seen = false;
  bool small = false;
  bool usual = true;
  bool spaced = true;
  std::size_t gaps = 0;
  for (std::size_t n = 0; n < kCnpjLength; ++n) {
    const bool usual_place = n == 2 || n == 5 || n == 8 || n == 12;
    // Letters between spaces are words, unless a digit came first; asked before reading on, as prose must not
    // wait.
    const char32_t first = probe.at(i);
    if (letters && is_document_gap(first) && (!usual_place || (!digit_seen && first == ' ')))
      return std::nullopt;
    std::size_t gap = 0;
    while (n > 0 && gap < 3 && is_document_gap(probe.at(i + gap))) ++gap;
    if (glued && usual_place != (gap > 0)) return std::nullopt;
    const char32_t c = probe.at(i + gap);
    if (gap > 0) {
      ++gaps;
      usual = usual && usual_place;
    } else if (n > 0) {
      spaced = false;
    }
    if (is_letter(c) && n < 12) {
      if (!usual) return std::nullopt;
      letters = true;
      small = small || is_lower(c);
      values[n] = static_cast<std::uint8_t>((c & ~0x20U) - 48);
    } else if (is_digit(c)) {
      digit_seen = true;
      values[n] = static_cast<std::uint8_t>(c - '0');
    } else {
      return std::nullopt;
    }
    i += gap + 1;
  }
  const bool set_apart = usual && gaps == 4;
  const bool ends = set_apart ? !is_digit(probe.at(i)) : probe.ends_word(i);
  if (!ends || !cnpj_is_valid(values)) return std::nullopt;
  double score = 0.85;
  if (gaps > 0) {
    score = 0.95;
    if (!usual) score = spaced ? 0.45 : 0.2;
    if (letters && gaps < 3) score = 0.4;
  } else if (letters) {
    score = small ? 0.2 : 0.5;
  }
  if (follows_decimal_point(probe)) score -= 0.5;
  return Hit{i, score};
}

std::optional<Hit> match_iban(Probe& probe) {
  if (!probe.starts_word()) return std::nullopt;
  std::array<char32_t, 34> symbols{};
  std::size_t i = probe.begin();
  std::size_t length = 4;
  std::size_t gaps = 0;
  bool in_fours = true;
  for (std::size_t n = 0; n < length; ++n) {
    std::size_t gap = 0;
    while (n > 1 && gap < 2 &&
           (probe.at(i + gap) == ' ' || probe.at(i + gap) == '-' || probe.at(i + gap) == '.'))
      ++gap;
    const char32_t c = probe.at(i + gap);
    if (n < 2 ? !is_letter(c) : n < 4 ? !is_digit(c) : !is_alnum(c)) return std::nullopt;
    symbols[n] = c;
    gaps += gap > 0 ? 1 : 0;
    in_fours = in_fours && (gap > 0) == (n > 0 && n % 4 == 0);
    i += gap + 1;
    if (n == 1) {
      length = iban_length(symbols[0], symbols[1]);
      if (length == 0) return std::nullopt;
    }
  }
  const bool ends = in_fours ? !is_digit(probe.at(i)) : probe.ends_word(i);
  if (!ends || !iban_is_valid({symbols.data(), length})) return std::nullopt;
  // Written in groups of four there are as many gaps; more than that is a row of words.
  return Hit{i, gaps <= (length + 3) / 4 ? 0.95 : 0.2};
}

}  // namespace gatehouse::policy
