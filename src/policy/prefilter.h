// One hyperscan (vectorscan) automaton per rule set that answers for a whole text, with a look around its
// digits: where could a finding begin?
//
// It may name a place in vain and never leaves one out, so that a clean text costs one block-mode scan, and
// another one the exact matcher around each place. Streams do not use it: hyperscan does not tell where a
// live match began.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/candidates.h"
#include "policy/regex.h"

struct hs_database;

namespace gatehouse::policy {

class Prefilter {
 public:
  struct Expression {
    std::string pattern;    // PCRE syntax over folded bytes, see candidates()
    std::size_t reach = 0;  // a finding begins at most so many symbols before the end of a match
    bool case_sensitive = false;
  };
  Prefilter() = default;
  /// Without a database (an expression that hyperscan cannot take) findings may begin everywhere.
  explicit Prefilter(std::span<const Expression>);

  /// Thread-safe; scratch space is per thread.
  Candidates candidates(std::span<const char32_t> text) const;
  bool available() const { return database_ != nullptr; }

  /// Necessary conditions of the detectors, but for what add_lettered_numbers() sees.
  static std::vector<Expression> detectors();
  /// Of a phrase or a regular expression: exactly what its automaton matches, but for word bounds.
  static Expression of(const ParsedPattern&);

 private:
  struct Free {
    void operator()(hs_database*) const noexcept;
  };
  std::unique_ptr<hs_database, Free> database_;
  std::vector<std::size_t> reaches_;  // by expression
};

}  // namespace gatehouse::policy
