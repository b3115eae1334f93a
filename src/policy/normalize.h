// Text as the matchers see it: one symbol per visible character, in a form in which spellings that look alike
// are alike, each with its place in the original bytes.
//
//  digits of every script, raised, lowered, encircled      0 to 9
//  full-width, mathematical, encircled, small-capital and  the Latin letters; a ligature becomes several
//    accented Latin letters                                symbols (combining accents vanish)
//  letters of Greek, Cyrillic, Armenian and a few other    that letter (confusables of UTS #39)
//    scripts that can be taken for a Latin one
//  other capital letters beyond ASCII                      lower case (ASCII keeps its case)
//  white space, line ends, no-break and ideographic space  one kind of space
//  dashes, dots, slashes in their many forms               - . /
//  zero-width and formatting characters                    nothing (at most kMaxInvisible in a row)
//  invalid UTF-8                                           kBreak, one per byte
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "policy/stream.h"

namespace gatehouse::policy {

/// Matches nothing and bounds every word: invalid bytes, quotes of JSON strings.
inline constexpr char32_t kBreak = 0x110000;
/// What lies before the first and after the last symbol.
inline constexpr char32_t kEdge = 0x110001;
inline constexpr std::uint32_t kMaxInvisible = 64;

/// Columns of one table. Offsets count original bytes from the start of the text (modulo 2^32).
struct Symbols {
  std::vector<char32_t> values;
  std::vector<std::uint32_t> begins;
  std::vector<std::uint8_t> lengths;  // in original bytes, at most 12: two JSON escapes; symbols of one
                                      // ligature have the same place
  std::vector<bool> outside;          // JSON source only: the symbol stands outside of a string literal

  std::size_t size() const { return values.size(); }
  std::uint32_t end(std::size_t i) const { return begins[i] + lengths[i]; }
  void erase_front(std::size_t count);
  void clear();  // keeps the memory
};

/// The folded form of a code point: mostly one symbol, of a ligature up to four.
struct Folded {
  char32_t first = 0;  // 0: it is invisible
  std::u32string_view rest;
};
/// Builds the table that the next one reads, which takes about 0.2 seconds: at start, so that no request
/// waits.
void prepare_fold();
/// Of a code point that is no printable ASCII.
Folded fold_beyond_ascii(char32_t);
inline Folded fold(char32_t c) {
  return c > 0x20 && c < 0x7F ? Folded{c, {}} : fold_beyond_ascii(c);
}
/// Letters and digits, also beyond ASCII.
bool is_word(char32_t);

inline bool is_digit(char32_t c) {
  return c >= '0' && c <= '9';
}
inline bool is_upper(char32_t c) {
  return c >= 'A' && c <= 'Z';
}
inline bool is_lower(char32_t c) {
  return c >= 'a' && c <= 'z';
}
inline bool is_letter(char32_t c) {
  return is_upper(c) || is_lower(c);
}
inline bool is_alnum(char32_t c) {
  return is_digit(c) || is_letter(c);
}
inline char32_t to_lower(char32_t c) {
  return is_upper(c) ? c + 32 : c;
}

/// Incremental: the symbols do not depend on how the bytes are cut.
class Normalizer {
 public:
  explicit Normalizer(Encoding encoding = Encoding::plain) : encoding_(encoding) {}

  void push(std::string_view bytes, Symbols& out);
  /// Settles a cut-off character or escape at the end of the text.
  void finish(Symbols& out);

 private:
  void code_point(char32_t, std::uint32_t begin, std::uint32_t end, Symbols&);
  void source_symbol(char32_t, std::uint32_t begin, std::uint32_t end, Symbols&);
  void escape_symbol(char32_t, std::uint32_t end, Symbols&);
  void settle_surrogate(Symbols&);
  void settle_escape(std::uint32_t end, Symbols&);
  void put(char32_t, std::uint32_t begin, std::uint32_t end, Symbols&);
  void byte(unsigned char, Symbols&);
  void flush_partial(Symbols&);

  Encoding encoding_;
  std::uint32_t offset_ = 0;  // of the next byte
  std::uint32_t invisible_ = 0;

  // UTF-8 sequence in progress.
  std::uint32_t partial_begin_ = 0;
  char32_t partial_ = 0;
  std::uint8_t seen_ = 0;
  std::uint8_t wanted_ = 0;
  std::uint8_t second_low_ = 0x80;
  std::uint8_t second_high_ = 0xBF;

  // JSON source.
  enum class Escape : std::uint8_t { none, backslash, hex };
  bool in_string_ = false;
  Escape escape_ = Escape::none;
  std::uint8_t hex_digits_ = 0;
  char32_t hex_ = 0;
  std::uint32_t escape_begin_ = 0;
  char32_t surrogate_ = 0;  // a high half that waits for its low half
  std::uint32_t surrogate_begin_ = 0;
  std::uint32_t surrogate_end_ = 0;
};

/// In JSON source, a symbol of a number or of a literal name. What replaces one replaces the whole token.
inline bool is_bare(const Symbols& symbols, std::size_t i) {
  const char32_t c = symbols.values[i];
  return symbols.outside[i] && (is_alnum(c) || c == '+' || c == '-' || c == '.');
}

/// The symbols of a whole text.
Symbols normalize(std::string_view, Encoding = Encoding::plain);
/// Likewise, in the place of what `out` held.
void normalize(std::string_view, Encoding, Symbols& out);

}  // namespace gatehouse::policy
