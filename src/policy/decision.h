// What the policy engine decided about a text: ids, versions, counts and names, never content, so that a
// Decision may be recorded and logged in every data mode.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe.hpp>

#include "domain/ids.h"

namespace gatehouse::policy {

/// Ordered by strength: the strongest outcome of all matching rules wins.
enum class Outcome { allow, warn, redact, require_approval, block };
BOOST_DESCRIBE_ENUM(Outcome, allow, warn, redact, require_approval, block)

/// Labels that a text carries onward (personal, financial, confidential). Spelled as on the wire.
enum class Stamp { PII, FIN, COF };
BOOST_DESCRIBE_ENUM(Stamp, PII, FIN, COF)

/// `allow`, `block`, …: the wire and database spelling.
std::string_view to_string(Outcome);
std::string_view to_string(Stamp);

/// One rule that matched. `count` is how many findings belong to it (0 for a rule about the subject alone).
/// A shadow hit records what the rule would have done; it never strengthens the outcome.
/// A nil rule id marks a hit that comes from no rule: `default outcome`, `unscannable content`, `evaluation
/// error` and other reasons to block whatever the rules say.
struct RuleHit {
  RuleId rule_id;
  std::int64_t version = 0;
  std::string name;
  Outcome outcome = Outcome::allow;
  std::string message;  // the rule's text for the user
  std::uint64_t count = 0;
  bool shadow = false;
  bool operator==(const RuleHit&) const = default;
};
BOOST_DESCRIBE_STRUCT(RuleHit, (), (rule_id, version, name, outcome, message, count, shadow))

/// How often a detector found something, over all leaves or the whole stream, and how many of those were
/// taken out. A rule has to cover a finding for that: the rest went on as it was, unless all is blocked.
struct DetectorCount {
  std::string detector;
  std::uint64_t count = 0;
  std::uint64_t redacted = 0;
  bool operator==(const DetectorCount&) const = default;
};
BOOST_DESCRIBE_STRUCT(DetectorCount, (), (detector, count, redacted))

struct Decision {
  Outcome outcome = Outcome::allow;
  std::vector<RuleHit> hits;             // in rule order
  std::vector<Stamp> stamps;             // sorted, without duplicates: the subject's and the found ones
  std::vector<DetectorCount> detectors;  // in the order of the detector table, zero counts left out
  std::uint64_t redactions = 0;          // replaced values
  std::uint64_t unscannable = 0;         // images, audio and files that no detector can read
  std::string rule_set_version;
  bool operator==(const Decision&) const = default;

  bool blocked() const { return outcome == Outcome::block; }
  /// The strongest enabled hit: the one whose message the user sees. Null if nothing matched.
  const RuleHit* deciding() const;
};
BOOST_DESCRIBE_STRUCT(Decision, (),
                      (outcome, hits, stamps, detectors, redactions, unscannable, rule_set_version))

/// The decision about two parts of one text, made under one rule set: the stronger outcome, the counts added
/// up. Hits of rules in the order of both, those that come from no rule last.
Decision combined(const Decision&, const Decision&);

/// One finding with its place, for the playground and the console. Holds no text either.
struct Match {
  std::string source;     // detector name, `phrase` or `regex`
  std::size_t begin = 0;  // bytes of the original text, [begin, end)
  std::size_t end = 0;
  double score = 0;
  std::optional<Stamp> stamp;
  // The strongest enabled rule to which the finding belongs; nil if none.
  RuleId rule_id;
  std::int64_t rule_version = 0;
  std::string rule_name;
  Outcome outcome = Outcome::allow;
};
BOOST_DESCRIBE_STRUCT(Match, (),
                      (source, begin, end, score, stamp, rule_id, rule_version, rule_name, outcome))

}  // namespace gatehouse::policy
