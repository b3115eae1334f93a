// The compiled rule set and the evaluation of one text.
//
// A RuleSet is an immutable snapshot: compile it off the hot path, share it as shared_ptr<const>, swap it
// whole. Evaluation is const and thread-safe. Time is linear in the text. No error escapes an evaluation: it
// blocks.
//
// Prompts are evaluated whole: counts are final before any rule acts. Responses are evaluated forward, as
// they stream: a rule sees the counts up to and including the finding at hand, acts from there on, and never
// backwards. evaluate_text() with direction `response` gives exactly what a StreamFilter gives for any
// chunking.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/uuid.h"
#include "crypto/secret.h"
#include "policy/decision.h"
#include "policy/rule.h"

namespace gatehouse::policy {

struct CompiledRules;

/// What goes for texts that no enabled rule matches, and for what cannot be read.
struct Defaults {
  Outcome no_match = Outcome::allow;    // allow, warn or block
  Outcome unscannable = Outcome::warn;  // allow, warn or block: images, audio, files
  crypto::Secret hash_key;              // for the `hash` operator; at least 16 bytes if a rule uses it
};

/// Who asks what of whom.
struct Subject {
  Direction direction = Direction::prompt;
  std::string role;  // role code: UR, WM, OA, …
  Uuid workspace;    // nil if none
  std::string model;
  std::string provider;
  std::vector<Stamp> stamps;  // that the conversation already carries
};

struct Evaluation {
  Decision decision;
  std::string text;  // what may pass on: redacted; for a blocked response the part before the cut;
                     // empty for a blocked prompt
  std::vector<Match> matches;
};

class RuleSet {
 public:
  /// Errors: validation_failed with pointers `/rules/<i>/…` or `/defaults/…`. Sorts the rules by position,
  /// id.
  static Result<std::shared_ptr<const RuleSet>> compile(std::vector<Rule> rules, Defaults defaults = {});
  ~RuleSet();
  RuleSet(const RuleSet&) = delete;
  RuleSet& operator=(const RuleSet&) = delete;

  /// SHA-256 (hex) over rules and defaults; equal exactly if the rule sets decide alike. Independent of the
  /// hash key.
  const std::string& version() const;
  const std::vector<Rule>& rules() const;

  /// One text, as the playground shows it. Never fails: an inner error is a block named `evaluation error`.
  Evaluation evaluate_text(std::string_view text, const Subject&) const;

  /// For the policy library itself.
  const CompiledRules& compiled() const { return *compiled_; }

 private:
  explicit RuleSet(std::unique_ptr<const CompiledRules>);
  std::unique_ptr<const CompiledRules> compiled_;
};

/// Names for DetectorCondition: `email`, `phone`, `cpf`, …, in table order.
std::vector<std::string> detector_names();

}  // namespace gatehouse::policy
