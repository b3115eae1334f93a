// A recursive descent over RE2's syntax. RE2 itself judged the syntax before; what it accepts and a stream
// cannot have is refused here by name.
#include "policy/regex.h"

#include <algorithm>

#include <re2/re2.h>

namespace gatehouse::policy {
namespace {

constexpr char32_t kLast = 0x10FFFF;
constexpr std::size_t kMaxRepeat = kMaxRegexWidth;

struct Unsupported {
  std::string what;
};

void tidy(SymbolSet& set) {
  std::ranges::sort(set);
  SymbolSet merged;
  for (const auto& range : set) {
    if (!merged.empty() && range.first <= merged.back().second + 1) {
      merged.back().second = std::max(merged.back().second, range.second);
    } else {
      merged.push_back(range);
    }
  }
  set = std::move(merged);
}

void add_other_case(SymbolSet& set) {
  const SymbolSet original = set;
  for (const auto& [low, high] : original) {
    for (char32_t c = std::max(low, U'A'); c <= std::min(high, U'Z'); ++c) set.emplace_back(c + 32, c + 32);
    for (char32_t c = std::max(low, U'a'); c <= std::min(high, U'z'); ++c) set.emplace_back(c - 32, c - 32);
  }
}

SymbolSet negated(SymbolSet set) {
  tidy(set);
  SymbolSet rest;
  char32_t next = 1;
  for (const auto& [low, high] : set) {
    if (low > next) rest.emplace_back(next, low - 1);
    next = high + 1;
  }
  if (next <= kLast) rest.emplace_back(next, kLast);
  return rest;
}

const SymbolSet kDigitSet = {{'0', '9'}};
const SymbolSet kNameSet = {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
const SymbolSet kSpaceSet = {{' ', ' '}};

std::u32string decode(std::string_view text) {
  // Through the normaliser's own decoder, but unfolded: syntax must not come from a full-width bracket.
  std::u32string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto b = static_cast<unsigned char>(text[i]);
    const std::size_t length = b < 0x80 ? 1 : b < 0xE0 ? 2 : b < 0xF0 ? 3 : 4;
    char32_t c = length == 1 ? b : b & (0xFFU >> (length + 1));
    for (std::size_t k = 1; k < length && i + k < text.size(); ++k) {
      c = (c << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
    }
    out.push_back(c);
    i += length;
  }
  return out;
}

class Parser {
 public:
  Parser(std::string_view pattern, bool fold_case) : text_(decode(pattern)), fold_case_(fold_case) {}

  ParsedPattern parse() {
    ParsedPattern parsed;
    if (text_.starts_with(U"(?i)")) {
      fold_case_ = true;
      i_ = 4;
    }
    if (text_.substr(i_).starts_with(U"\\b")) {
      parsed.word_start = true;
      i_ += 2;
    }
    if (text_.size() >= i_ + 2 && text_.ends_with(U"\\b") && !ends_in_escaped_backslash()) {
      parsed.word_end = true;
      text_.resize(text_.size() - 2);
    }
    const std::size_t alternatives = choices_at_top_;
    parsed.expression = choice();
    if (i_ < text_.size()) throw Unsupported{"an unbalanced parenthesis"};
    if ((parsed.word_start || parsed.word_end) && choices_at_top_ > alternatives) {
      throw Unsupported{"\\b beside a top-level |; put the alternatives in parentheses"};
    }
    return parsed;
  }

 private:
  bool ends_in_escaped_backslash() const {
    std::size_t backslashes = 0;
    for (std::size_t k = text_.size() - 1; k-- > i_ && text_[k] == '\\';) ++backslashes;
    return backslashes % 2 == 0;
  }
  bool more() const { return i_ < text_.size(); }
  char32_t peek() const { return i_ < text_.size() ? text_[i_] : 0; }

  Expression choice() {
    Expression result{.kind = Expression::Kind::choice};
    ++depth_;
    if (depth_ > 50) throw Unsupported{"parentheses nested so deep"};
    result.parts.push_back(sequence());
    while (more() && peek() == '|') {
      ++i_;
      if (depth_ == 1) ++choices_at_top_;
      result.parts.push_back(sequence());
    }
    --depth_;
    return result;
  }

  Expression sequence() {
    Expression result{.kind = Expression::Kind::sequence};
    while (more() && peek() != '|' && peek() != ')') {
      if (auto part = repeated(); part.kind != Expression::Kind::sequence || !part.parts.empty()) {
        result.parts.push_back(std::move(part));
      }
    }
    return result;
  }

  Expression repeated() {
    Expression part = atom();
    while (more()) {
      std::uint32_t least = 0;
      std::uint32_t most = 0;
      switch (peek()) {
        case '*':
          ++i_;
          break;
        case '+':
          least = 1;
          ++i_;
          break;
        case '?':
          most = 1;
          ++i_;
          break;
        case '{':
          if (!bounds(least, most)) return part;
          break;
        default:
          return part;
      }
      if (more() && peek() == '?') ++i_;  // laziness: the longest match counts
      if (least > kMaxRepeat || most > kMaxRepeat) throw Unsupported{"a repetition over 256"};
      Expression repeat{.kind = Expression::Kind::repeat, .least = least, .most = most};
      repeat.parts.push_back(std::move(part));
      part = std::move(repeat);
    }
    return part;
  }

  // `{2}`, `{2,}`, `{2,5}`; anything else is a literal brace.
  bool bounds(std::uint32_t& least, std::uint32_t& most) {
    std::size_t k = i_ + 1;
    const auto number = [&](std::uint32_t& out) {
      const std::size_t begin = k;
      while (k < text_.size() && is_digit(text_[k]) && out < 10'000) out = out * 10 + (text_[k++] - '0');
      return k > begin;
    };
    if (!number(least)) return false;
    most = least;
    if (k < text_.size() && text_[k] == ',') {
      ++k;
      most = 0;
      number(most);
    }
    if (k >= text_.size() || text_[k] != '}') {
      least = most = 0;
      return false;
    }
    if (most == 0 && least == 0 && text_[k - 1] == '0') throw Unsupported{"a repetition of zero"};
    i_ = k + 1;
    return true;
  }

  Expression literal(char32_t c) {
    const Folded folded = fold(c);
    if (folded.first == 0) return {};
    Expression first = of({{folded.first, folded.first}});
    if (folded.rest.empty()) return first;
    Expression ligature{.kind = Expression::Kind::sequence};
    ligature.parts.push_back(std::move(first));
    for (const char32_t symbol : folded.rest) ligature.parts.push_back(of({{symbol, symbol}}));
    return ligature;
  }

  Expression of(SymbolSet set) {
    if (fold_case_) add_other_case(set);
    tidy(set);
    return Expression{.kind = Expression::Kind::set, .set = std::move(set)};
  }

  Expression atom() {
    const char32_t c = text_[i_++];
    switch (c) {
      case '(':
        return group();
      case '[':
        return bracket();
      case '.':
        return of({{1, kLast}});
      case '^':
      case '$':
        throw Unsupported{"^ and $"};
      case '\\':
        return escape();
      default:
        return literal(c);
    }
  }

  Expression group() {
    if (peek() == '?') {
      const auto rest = std::u32string_view(text_).substr(i_);
      if (rest.starts_with(U"?:")) {
        i_ += 2;
      } else if (rest.starts_with(U"?P<")) {
        i_ = text_.find(U'>', i_) + 1;
      } else {
        throw Unsupported{"flags inside of the expression"};
      }
    }
    Expression inner = choice();
    if (peek() != ')') throw Unsupported{"an unbalanced parenthesis"};
    ++i_;
    return inner;
  }

  /// The set of `\d`, `\w`, …; nothing if the escape is a single character, which is then in `single`.
  std::optional<SymbolSet> class_escape(char32_t& single) {
    const char32_t c = text_[i_++];
    switch (c) {
      case 'd':
        return kDigitSet;
      case 'D':
        return negated(kDigitSet);
      case 'w':
        return kNameSet;
      case 'W':
        return negated(kNameSet);
      case 's':
        return kSpaceSet;
      case 'S':
        return negated(kSpaceSet);
      case 'n':
      case 't':
      case 'r':
      case 'f':
      case 'v':
        single = ' ';
        return std::nullopt;
      case 'x':
        single = hex();
        return std::nullopt;
      default:
        if (is_alnum(c)) throw Unsupported{std::string("\\") + static_cast<char>(c)};
        single = c;
        return std::nullopt;
    }
  }

  char32_t hex() {
    const bool braced = peek() == '{';
    if (braced) ++i_;
    char32_t value = 0;
    for (int n = 0; more() && (braced ? peek() != '}' : n < 2); ++n) {
      const char32_t c = to_lower(text_[i_++]);
      value = value * 16 + (is_digit(c) ? c - '0' : c - 'a' + 10);
    }
    if (braced) ++i_;
    return value;
  }

  Expression escape() {
    char32_t single = 0;
    auto set = class_escape(single);
    return set ? of(std::move(*set)) : literal(single);
  }

  Expression bracket() {
    SymbolSet set;
    const bool negative = peek() == '^';
    if (negative) ++i_;
    for (bool first = true; more() && (first || peek() != ']'); first = false) {
      if (std::u32string_view(text_).substr(i_).starts_with(U"[:")) throw Unsupported{"[[:class:]]"};
      char32_t low = text_[i_++];
      if (low == '\\') {
        if (auto inner = class_escape(low)) {
          set.insert(set.end(), inner->begin(), inner->end());
          continue;
        }
      }
      char32_t high = low;
      if (peek() == '-' && i_ + 1 < text_.size() && text_[i_ + 1] != ']') {
        ++i_;
        high = text_[i_++];
        if (high == '\\' && class_escape(high)) throw Unsupported{"a class as the end of a range"};
      }
      if (low == high) low = high = fold(low).first;
      if (high != 0) set.emplace_back(low, high);
    }
    ++i_;
    if (fold_case_) add_other_case(set);
    tidy(set);
    return Expression{.kind = Expression::Kind::set,
                      .set = negative ? negated(std::move(set)) : std::move(set)};
  }

  std::u32string text_;
  bool fold_case_;
  std::size_t i_ = 0;
  std::size_t depth_ = 0;
  std::size_t choices_at_top_ = 0;
};

}  // namespace

ParsedPattern parse_regex(std::string_view pattern, bool case_sensitive) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_case_sensitive(case_sensitive);
  const RE2 judge(re2::StringPiece(pattern.data(), pattern.size()), options);
  if (!judge.ok()) return {.error = judge.error()};
  try {
    return Parser(pattern, !case_sensitive).parse();
  } catch (const Unsupported& unsupported) {
    return {.error = "not available here: " + unsupported.what};
  }
}

ParsedPattern parse_phrase(std::string_view phrase, bool whole_word) {
  const Symbols symbols = normalize(phrase);
  const auto is_gap = [](char32_t c) { return c == ' ' || c == '-' || c == '_'; };
  std::size_t begin = 0;
  std::size_t end = symbols.size();
  while (begin < end && symbols.values[begin] == ' ') ++begin;
  while (end > begin && symbols.values[end - 1] == ' ') --end;

  ParsedPattern parsed;
  for (std::size_t i = begin; i < end; ++i) {
    const char32_t c = symbols.values[i];
    if (c == kBreak) return {.error = "not valid UTF-8"};
    if (is_gap(c) && i > begin && i + 1 < end) {
      while (i + 2 < end && is_gap(symbols.values[i + 1])) ++i;
      Expression gap{.kind = Expression::Kind::repeat, .least = 1, .most = 16};
      gap.parts.push_back({.kind = Expression::Kind::set, .set = {{' ', ' '}, {'-', '-'}, {'_', '_'}}});
      parsed.expression.parts.push_back(std::move(gap));
      continue;
    }
    SymbolSet set = {{c, c}};
    add_other_case(set);
    tidy(set);
    parsed.expression.parts.push_back({.kind = Expression::Kind::set, .set = std::move(set)});
  }
  if (parsed.expression.parts.empty()) return {.error = "nothing visible in it"};
  parsed.word_start = whole_word && is_word(symbols.values[begin]);
  parsed.word_end = whole_word && is_word(symbols.values[end - 1]);
  return parsed;
}

}  // namespace gatehouse::policy
