// One hyperscan (vectorscan) automaton per rule set that answers for a whole text: could there be any
// finding?
//
// It may say yes in vain and never says no in vain, so that a clean text costs one block-mode scan. Streams
// do not use it: hyperscan does not tell where a live match began.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct hs_database;

namespace gatehouse::policy {

class Prefilter {
 public:
  struct Expression {
    std::string pattern;  // PCRE syntax over folded ASCII
    bool case_sensitive = false;
  };
  Prefilter() = default;
  /// Without a database (an expression that hyperscan cannot take) every text may have findings.
  explicit Prefilter(std::span<const Expression>);

  /// `folded` is ASCII. Thread-safe; scratch space is per thread.
  bool may_match(std::string_view folded) const;
  bool available() const { return database_ != nullptr; }

  /// Necessary conditions of the detectors.
  static std::vector<Expression> detectors();
  /// Of a phrase (folded) and of a regular expression.
  static Expression phrase(std::string_view);

 private:
  struct Free {
    void operator()(hs_database*) const noexcept;
  };
  std::unique_ptr<hs_database, Free> database_;
};

}  // namespace gatehouse::policy
