// Parsing of phrases and regular expressions into one small tree over sets of symbols.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/normalize.h"

namespace gatehouse::policy {

inline constexpr std::size_t kMaxRegexWidth = 256;  // symbols in one match

/// Sorted, disjoint, inclusive ranges of symbols.
using SymbolSet = std::vector<std::pair<char32_t, char32_t>>;

struct Expression {
  enum class Kind { set, sequence, choice, repeat };
  Kind kind = Kind::sequence;  // an empty sequence matches the empty text
  SymbolSet set;
  std::vector<Expression> parts;
  std::uint32_t least = 0;
  std::uint32_t most = 0;  // 0: no bound
};

struct ParsedPattern {
  Expression expression;
  bool word_start = false;  // \b at the beginning
  bool word_end = false;
  std::string error;  // why it cannot be used; empty if it can
};

/// RE2 syntax within the limits that RegexCondition names.
ParsedPattern parse_regex(std::string_view pattern, bool case_sensitive);
/// See PhraseCondition.
ParsedPattern parse_phrase(std::string_view phrase, bool whole_word);

}  // namespace gatehouse::policy
