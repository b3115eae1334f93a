// The books of one evaluation: counts, which rules hold, what is replaced by what, and the decision at the
// end.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "policy/compiled.h"
#include "policy/document.h"
#include "policy/scanner.h"

namespace gatehouse::policy {

struct Ledger {
  Ledger(const CompiledRules&, const Subject&, Numbering = {});
  /// Keeps the rule set alive as well.
  Ledger(std::shared_ptr<const RuleSet>, const Subject&, Numbering = {});

  void count(const Finding&);
  /// Brings the rules up to the counts. Responses: after every finding; prompts: once, at the end.
  void evaluate();
  bool blocks() const { return blocked_; }
  /// An inner error or a document that cannot be made clean.
  void block_because(std::string name);
  void count_unscannable();

  /// The first enabled redacting rule that holds and to which the finding belongs.
  const CompiledRule* redactor(const Finding&) const;
  /// It is replaced, or lay within what is.
  void count_redacted(const Finding&);
  /// The strongest enabled rule that holds and to which the finding belongs.
  const CompiledRule* strongest(const Finding&) const;
  /// What stands in the place of the value, which counts as one redaction.
  std::string replacement(const CompiledRule&, const Finding&, std::span<const char32_t> value);

  Decision decision() const;
  const CompiledRules& rules() const { return rules_; }
  void keep_numbering(Numbering numbering) { numbering_ = std::move(numbering); }
  Numbering take_numbering() { return std::move(numbering_); }

 private:
  struct State {
    bool applies = false;  // direction
    bool holds = false;    // now
    bool matched = false;  // at some time
    std::uint64_t count = 0;
  };
  bool holds(const CompiledRule&, std::uint32_t node) const;
  /// Visits each rule to which the finding belongs, in order, until one says that it is enough.
  template <class Visit>
  void for_rules_of(const Finding&, Visit) const;

  std::shared_ptr<const RuleSet> owner_;
  const CompiledRules& rules_;
  Subject subject_;
  Numbering numbering_;
  std::vector<std::uint64_t> leaf_counts_;
  std::vector<State> states_;
  std::array<std::uint64_t, kDetectors> detector_counts_{};
  std::array<std::uint64_t, kDetectors> redacted_counts_{};
  std::array<bool, 3> stamps_{};
  std::uint64_t redactions_ = 0;
  std::uint64_t unscannable_ = 0;
  bool blocked_ = false;
  std::vector<RuleHit> extra_;  // hits that come from no rule
};

}  // namespace gatehouse::policy
