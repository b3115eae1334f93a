// Which characters look alike: folding of code points to the symbols that the matchers know. What Unicode and
// ICU know of them is read once into a table.
#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/uspoof.h>
#include <unicode/utf16.h>
#include <unicode/utrans.h>

#include "base/error.h"
#include "policy/normalize.h"

namespace gatehouse::policy {
namespace {

constexpr char32_t kCodePoints = 0x110000;
constexpr std::size_t kPage = 256;
constexpr char32_t kSequence = 0x80000000;  // entries from here on are places in a list
constexpr std::size_t kLongest = 4;         // symbols of one character

void check(UErrorCode code) {
  if (U_FAILURE(code)) throw Failure(std::string("ICU: ") + u_errorName(code));
}

std::u16string to_utf16(char32_t c) {
  std::array<UChar, 2> units{};
  std::size_t count = 0;
  U16_APPEND_UNSAFE(units, count, c);
  return {units.data(), count};
}

std::u32string to_symbols(std::u16string_view units) {
  std::u32string symbols;
  for (std::size_t i = 0; i < units.size();) {
    UChar32 c = 0;
    U16_NEXT(units, i, units.size(), c);
    symbols.push_back(static_cast<char32_t>(c));
  }
  return symbols;
}

bool is_script(char32_t c, std::initializer_list<UScriptCode> scripts) {
  UErrorCode code = U_ZERO_ERROR;
  return std::ranges::find(scripts, uscript_getScript(static_cast<UChar32>(c), &code)) != scripts.end();
}

/// Where letters stand that could be taken for Latin ones.
bool is_kin_of_latin(char32_t c) {
  return is_script(c, {USCRIPT_LATIN, USCRIPT_GREEK, USCRIPT_CYRILLIC, USCRIPT_ARMENIAN, USCRIPT_COPTIC,
                       USCRIPT_CHEROKEE, USCRIPT_LISU, USCRIPT_COMMON});
}

// Marks that make another letter stay: the vowels of Thai and of India, the voicing of kana.
bool is_accent(char32_t c) {
  const auto type = u_charType(static_cast<UChar32>(c));
  constexpr std::uint8_t kKanaVoicing = 8;
  return (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK) &&
         u_getCombiningClass(static_cast<UChar32>(c)) != kKanaVoicing &&
         (is_kin_of_latin(c) ||
          is_script(c, {USCRIPT_INHERITED, USCRIPT_HEBREW, USCRIPT_ARABIC, USCRIPT_SYRIAC}));
}

bool is_invisible(char32_t c) {
  constexpr char32_t kBlankBraille = 0x2800;
  const auto type = u_charType(static_cast<UChar32>(c));
  return type == U_CONTROL_CHAR || type == U_FORMAT_CHAR || is_accent(c) || c == kBlankBraille ||
         u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

/// Decimal digits of every script; raised, lowered, encircled ones.
std::optional<char32_t> digit_of(char32_t c) {
  const auto kind = u_getIntPropertyValue(static_cast<UChar32>(c), UCHAR_NUMERIC_TYPE);
  if (kind != U_NT_DECIMAL && kind != U_NT_DIGIT) return std::nullopt;
  return U'0' + static_cast<char32_t>(u_getNumericValue(static_cast<UChar32>(c)));
}

/// What Unicode does not call alike: signs between digits, white letters on black.
char32_t look_of(char32_t c) {
  switch (c) {
    case 0x138:
      return 'k';
    case 0x2044:
    case 0x2215:
    case 0x29F8:
      return '/';
    case 0xB7:
    case 0x2027:
    case 0x2219:
    case 0x22C5:
    case 0x3002:
    case 0x30FB:
    case 0xFF61:
      return '.';
    case 0x2043:
    case 0x2212:
      return '-';
    default:
      break;
  }
  if (c >= 0x1F150 && c <= 0x1F169) return 'A' + c - 0x1F150;
  if (c >= 0x1F170 && c <= 0x1F189) return 'A' + c - 0x1F170;
  return u_charType(static_cast<UChar32>(c)) == U_DASH_PUNCTUATION ? U'-' : c;
}

class Table {
 public:
  static const Table& instance() {
    static const Table table;
    return table;
  }

  Folded at(char32_t c) const {
    const auto& page = pages_[c / kPage];
    const char32_t entry = page ? (*page)[c % kPage] : c;
    if (entry < kSequence) return {entry, {}};
    const std::u32string& sequence = sequences_[entry - kSequence];
    return {sequence.front(), std::u32string_view(sequence).substr(1)};
  }

 private:
  struct Close {
    void operator()(USpoofChecker* checker) const { uspoof_close(checker); }
    void operator()(void** transliterator) const { utrans_close(transliterator); }
  };

  Table() {
    UErrorCode code = U_ZERO_ERROR;
    decomposition_ = unorm2_getNFKDInstance(&code);
    spoof_.reset(uspoof_open(&code));
    latin_.reset(utrans_openU(u"Latin-ASCII", -1, UTRANS_FORWARD, nullptr, 0, nullptr, &code));
    check(code);
    for (char32_t c = 0; c < kCodePoints; ++c) {
      const auto type = u_charType(static_cast<UChar32>(c));
      // Nothing looks like an ideograph, and few have another form.
      const bool stands_for_itself =
          type == U_SURROGATE || type == U_PRIVATE_USE_CHAR || is_script(c, {USCRIPT_HAN, USCRIPT_HANGUL});
      if (stands_for_itself && !is_invisible(c)) continue;
      set(c, folded(c));
    }
    spoof_.reset();
    latin_.reset();
  }

  void set(char32_t c, std::u32string folded) {
    if (folded.size() == 1 && folded[0] == c) return;
    auto& page = pages_[c / kPage];
    if (!page) {
      page = std::make_unique<std::array<char32_t, kPage>>();
      for (std::size_t i = 0; i < kPage; ++i) (*page)[i] = static_cast<char32_t>(c / kPage * kPage + i);
    }
    auto& entry = (*page)[c % kPage];
    if (folded.size() < 2) {
      entry = folded.empty() ? 0 : folded[0];
      return;
    }
    entry = kSequence + static_cast<char32_t>(sequences_.size());
    sequences_.push_back(std::move(folded));
  }

  std::u32string folded(char32_t c) const {
    if (c < 0x80 && c > 0x20 && c != 0x7F) return {c};
    if (u_isUWhiteSpace(static_cast<UChar32>(c))) return U" ";
    if (is_invisible(c)) return {};
    if (const auto digit = digit_of(c)) return {*digit};
    // Of Latin-1's signs none is a letter: `nº` is no word that a number may not be glued to.
    if (const char32_t look = look_of(c); look != c || c < 0xC0) return {look};
    if (u_isUAlphabetic(static_cast<UChar32>(c)) && u_charType(static_cast<UChar32>(c)) != U_OTHER_SYMBOL)
      return letters(c);
    const std::u32string inner = inside(c);
    const bool is_number = std::ranges::all_of(inner, is_digit);
    return inner.size() == 1 || (is_number && !inner.empty()) ? inner : std::u32string{c};
  }

  /// The compatibility decomposition without accents.
  std::u32string decomposed(char32_t c) const {
    std::array<UChar, 64> units{};
    UErrorCode code = U_ZERO_ERROR;
    const auto length =
        unorm2_getDecomposition(decomposition_, static_cast<UChar32>(c), units.data(), units.size(), &code);
    if (length < 0) return {c};
    check(code);
    auto symbols = to_symbols({units.data(), static_cast<std::size_t>(length)});
    std::erase_if(symbols, is_accent);
    return symbols;
  }

  std::u32string letters(char32_t c) const {
    if (!is_kin_of_latin(c)) return {lower(c)};
    std::u32string out;
    for (const char32_t part : decomposed(c)) out += base(part);
    return out.empty() || out.size() > kLongest ? std::u32string{lower(c)} : out;
  }

  static char32_t lower(char32_t c) {
    return static_cast<char32_t>(u_foldCase(static_cast<UChar32>(c), U_FOLD_CASE_DEFAULT));
  }

  /// The Latin letters that one without accents stands for. Case goes before looks, so that a word in
  /// capitals and in small letters of another script stays the same word.
  std::u32string base(char32_t c) const {
    if (c < 0x80) return {c};
    if (is_script(c, {USCRIPT_LATIN})) {
      if (auto ascii = to_ascii(c); !ascii.empty()) return ascii;
    }
    const char32_t small = lower(c);
    if (const auto look = skeleton(small)) return {*look};
    const auto large = static_cast<char32_t>(u_toupper(static_cast<UChar32>(small)));
    return {skeleton(large).value_or(small)};
  }

  /// The small Latin letter that a letter can be taken for.
  std::optional<char32_t> skeleton(char32_t c) const {
    const auto source = to_utf16(c);
    std::array<UChar, 32> units{};
    UErrorCode code = U_ZERO_ERROR;
    const auto length = uspoof_getSkeleton(spoof_.get(), 0, source.data(), static_cast<int>(source.size()),
                                           units.data(), units.size(), &code);
    check(code);
    if (length != 1 || !is_letter(units[0])) return std::nullopt;
    return to_lower(units[0]);
  }

  std::u32string to_ascii(char32_t c) const {
    auto text = to_utf16(c);
    auto length = static_cast<std::int32_t>(text.size());
    std::int32_t limit = length;
    text.resize(16);
    UErrorCode code = U_ZERO_ERROR;
    utrans_transUChars(latin_.get(), text.data(), &length, static_cast<std::int32_t>(text.size()), 0, &limit,
                       &code);
    check(code);
    auto symbols = to_symbols({text.data(), static_cast<std::size_t>(length)});
    return std::ranges::all_of(symbols, is_letter) ? symbols : std::u32string();
  }

  /// What stands in a circle, a square, in parentheses; before a full stop or a comma.
  std::u32string inside(char32_t c) const {
    auto symbols = decomposed(c);
    if (symbols.size() > 1)
      std::erase_if(symbols, [](char32_t part) { return std::u32string_view(U"(),.").contains(part); });
    for (char32_t& part : symbols) part = look_of(part);
    std::erase(symbols, U' ');
    return symbols.size() > kLongest ? std::u32string() : symbols;
  }

  const UNormalizer2* decomposition_ = nullptr;
  std::unique_ptr<USpoofChecker, Close> spoof_;
  std::unique_ptr<void*, Close> latin_;
  std::array<std::unique_ptr<std::array<char32_t, kPage>>, kCodePoints / kPage> pages_;
  std::vector<std::u32string> sequences_;
};

}  // namespace

void prepare_fold() {
  Table::instance();
}

Folded fold_beyond_ascii(char32_t c) {
  return Table::instance().at(c);
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
