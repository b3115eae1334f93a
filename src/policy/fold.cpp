// Which characters look alike: folding of code points to the symbols that the matchers know.
#include <algorithm>
#include <array>
#include <string_view>

#include "policy/normalize.h"

namespace gatehouse::policy {
namespace {

// U+00C0 to U+017F without their accents (#: not a letter).
constexpr std::u32string_view kLatin =
    U"AAAAAAACEEEEIIIIDNOOOOO#OUUUUYTsaaaaaaaceeeeiiiidnooooo#ouuuuyty"
    U"AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlL"
    U"lLlNnNnNnnNnOoOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";
static_assert(kLatin.size() == 0x180 - 0xC0);

// First code points of runs of ten decimal digits.
constexpr std::array<char32_t, 22> kDigitRuns = {
    0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6,  0x0C66,  0x0CE6,
    0x0D66, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x17E0, 0x1810, 0xFF10, 0x1D7CE, 0x1FBF0, 0x0DE6};

bool is_invisible(char32_t c) {
  return c < 0x20 || c == 0x7F || (c >= 0x80 && c <= 0x9F) || c == 0xAD || (c >= 0x300 && c <= 0x36F) ||
         c == 0x61C || c == 0x115F || c == 0x1160 || c == 0x17B4 || c == 0x17B5 ||
         (c >= 0x180B && c <= 0x180F) || (c >= 0x1AB0 && c <= 0x1AFF) || (c >= 0x1DC0 && c <= 0x1DFF) ||
         (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) ||
         (c >= 0x20D0 && c <= 0x20FF) || c == 0x3164 || (c >= 0xFE00 && c <= 0xFE0F) ||
         (c >= 0xFE20 && c <= 0xFE2F) || c == 0xFEFF || c == 0xFFA0 || (c >= 0xFFF9 && c <= 0xFFFB) ||
         (c >= 0xE0000 && c <= 0xE0FFF);
}

bool is_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

char32_t fold_punctuation(char32_t c) {
  switch (c) {
    case 0x2043:
    case 0x2212:
    case 0xFE58:
    case 0xFE63:
    case 0x058A:
    case 0x30FB:
      return c == 0x30FB ? U'.' : U'-';
    case 0x2024:
    case 0x00B7:
    case 0x2027:
    case 0x2219:
    case 0x22C5:
    case 0xFE52:
    case 0x3002:
    case 0xFF61:
      return '.';
    case 0x2044:
    case 0x2215:
    case 0x29F8:
      return '/';
    case 0xFE6B:
      return '@';
    case 0xFE62:
      return '+';
    default:
      return c >= 0x2010 && c <= 0x2015 ? U'-' : c;
  }
}

// Mathematical alphabets, circled letters.
char32_t fold_styled_letter(char32_t c) {
  if (c >= 0x1D400 && c <= 0x1D6A3) {
    const char32_t letter = (c - 0x1D400) % 52;
    return letter < 26 ? 'A' + letter : 'a' + letter - 26;
  }
  if (c >= 0x24B6 && c <= 0x24E9) {
    const char32_t letter = c - 0x24B6;
    return letter < 26 ? 'A' + letter : 'a' + letter - 26;
  }
  return c;
}

char32_t lower_beyond_latin(char32_t c) {
  if (c >= 0x391 && c <= 0x3A9) return c + 32;  // Greek
  if (c >= 0x410 && c <= 0x42F) return c + 32;  // Cyrillic
  if (c >= 0x400 && c <= 0x40F) return c + 80;  // Cyrillic, Ё and others
  if (c >= 0x460 && c <= 0x481) return c | 1;   // Cyrillic, historic
  if (c >= 0x48A && c <= 0x4BF) return c | 1;
  if (c >= 0x4D0 && c <= 0x52F) return c | 1;
  if (c >= 0x531 && c <= 0x556) return c + 48;  // Armenian
  return c;
}

char32_t fold_vietnamese(char32_t c) {
  // U+1E00 to U+1EFF alternate capital and small; only the base letter matters.
  if (c >= 0x1EA0 && c <= 0x1EF9) {
    const char32_t base = c <= 0x1EB7   ? U'a'
                          : c <= 0x1EC7 ? U'e'
                          : c <= 0x1ECB ? U'i'
                          : c <= 0x1EE3 ? U'o'
                          : c <= 0x1EF1 ? U'u'
                                        : U'y';
    return c % 2 == 0 ? base - 32 : base;
  }
  return c;
}

}  // namespace

char32_t fold(char32_t c) {
  if (c < 0x80) {
    if (c >= 0x21 && c < 0x7F) return c;
    return is_space(c) ? U' ' : 0;
  }
  if (is_space(c)) return ' ';
  if (is_invisible(c)) return 0;
  if (c >= 0xC0 && c < 0x180) {
    const char32_t base = kLatin[c - 0xC0];
    return base == '#' ? c : base;
  }
  if (c >= 0xFF01 && c <= 0xFF5E && !(c >= 0xFF10 && c <= 0xFF19)) return c - 0xFEE0;
  for (const char32_t first : kDigitRuns) {
    if (first == 0x1D7CE ? (c >= first && c < first + 50) : (c >= first && c < first + 10)) {
      return '0' + (c - first) % 10;
    }
  }
  if (c >= 0x1D400 || (c >= 0x24B6 && c <= 0x24E9)) return fold_styled_letter(c);
  if (c >= 0x1EA0 && c <= 0x1EF9) return fold_vietnamese(c);
  const char32_t punctuation = fold_punctuation(c);
  return punctuation != c ? punctuation : lower_beyond_latin(c);
}

bool is_word(char32_t c) {
  if (c < 0x80) return is_alnum(c);
  if (c >= kBreak) return false;
  if (c < 0xC0 || c == 0xD7 || c == 0xF7) return false;
  // Punctuation and symbol blocks; every other block counts as letters.
  return !((c >= 0x2010 && c <= 0x2BFF) || (c >= 0x3000 && c <= 0x303F) || (c >= 0xFE10 && c <= 0xFE6F) ||
           (c >= 0xFF00 && c <= 0xFF0F) || (c >= 0x1F000 && c <= 0x1FAFF));
}

}  // namespace gatehouse::policy
