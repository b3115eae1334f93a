// Rules as data: what an organization writes, the console edits and the store keeps.
//
// A rule acts when its state is `enabled`, the direction is among its directions and its condition holds.
// `shadow` rules are evaluated and recorded but change nothing; `disabled` ones are not evaluated.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe.hpp>

#include "base/error.h"
#include "policy/decision.h"

namespace gatehouse::policy {

enum class Direction { prompt, response };
BOOST_DESCRIBE_ENUM(Direction, prompt, response)

enum class RuleState { enabled, shadow, disabled };
BOOST_DESCRIBE_ENUM(RuleState, enabled, shadow, disabled)

/// How a redacted value is replaced.
///  mask       `[CPF_1]`, numbered per distinct value, so that the model can tell two apart
///  partial    all letters and digits but the last few become `*`
///  replace    a fixed text
///  hash       `[CPF:kdmjcpfa…]`, HMAC-SHA-256 under the organization's key: equal values stay equal over
///  time
enum class RedactionOperator { mask, partial, replace, hash };
BOOST_DESCRIBE_ENUM(RedactionOperator, mask, partial, replace, hash)

/// Holds when at least `min_count` findings of the named detectors together score `min_score` or more.
struct DetectorCondition {
  std::vector<std::string> names;  // see detector_names(); `personal_data` stands for all that stamp PII,
                                   // `any` for all
  double min_score = 0.4;          // 0.4 (the floor) to 1
  std::int64_t min_count = 1;
  bool operator==(const DetectorCondition&) const = default;
};
BOOST_DESCRIBE_STRUCT(DetectorCondition, (), (names, min_score, min_count))

/// Literal texts. Compared after normalisation: case, accents, width, odd white space and zero-width
/// characters make no difference, and between the words of a phrase any run of 1 to 16 white space
/// characters, hyphens and underscores will do.
struct PhraseCondition {
  std::vector<std::string> texts;
  bool whole_word = true;
  std::int64_t min_count = 1;
  bool operator==(const PhraseCondition&) const = default;
};
BOOST_DESCRIBE_STRUCT(PhraseCondition, (), (texts, whole_word, min_count))

/// Regular expressions in RE2's syntax, matched against the normalised text (accents folded),
/// leftmost-longest. Not available, because a stream could not be cut anywhere: `^`, `$`, `\A`, `\z`, `\b`
/// other than at the ends, `\B`,
/// `\p{…}`, flags other than a leading `(?i)`. For `\b` an underscore is punctuation. A match is at most
/// kMaxRegexWidth characters long; longer runs are matched piece by piece, so that nothing of them escapes.
struct RegexCondition {
  std::vector<std::string> patterns;
  bool case_sensitive = false;
  std::int64_t min_count = 1;
  bool operator==(const RegexCondition&) const = default;
};
BOOST_DESCRIBE_STRUCT(RegexCondition, (), (patterns, case_sensitive, min_count))

/// A tree. A node holds when everything that is set in it holds; an empty node always holds.
/// Lists of roles, workspaces, models, providers and stamps hold when the subject has one of them.
/// `models` and `providers` may end in `*`.
struct Condition {
  std::optional<std::vector<Condition>> all;
  std::optional<std::vector<Condition>> any;
  std::optional<std::vector<Condition>> none;  // "not": holds when none of these does
  std::optional<DetectorCondition> detectors;
  std::optional<PhraseCondition> phrases;
  std::optional<RegexCondition> regexes;
  std::optional<std::vector<std::string>> roles;
  std::optional<std::vector<std::string>> workspaces;  // UUIDs
  std::optional<std::vector<std::string>> models;
  std::optional<std::vector<std::string>> providers;
  std::optional<std::vector<Stamp>> stamps;  // the subject's, and those found in the text so far
  bool operator==(const Condition&) const = default;
};
BOOST_DESCRIBE_STRUCT(Condition, (),
                      (all, any, none, detectors, phrases, regexes, roles, workspaces, models, providers,
                       stamps))

struct Redaction {
  RedactionOperator operation = RedactionOperator::mask;
  std::string replacement;  // for `replace`; must itself be clean under the rule set
  std::int64_t keep = 4;    // for `partial`: 0 to 8 last characters, never more than a third of the value
  bool operator==(const Redaction&) const = default;
};
BOOST_DESCRIBE_STRUCT(Redaction, (), (operation, replacement, keep))

struct Rule {
  RuleId id;
  std::int64_t version = 1;
  std::string name;
  std::int64_t position = 0;  // order; among equals the id decides
  RuleState state = RuleState::enabled;
  std::vector<Direction> directions = {Direction::prompt, Direction::response};
  Condition condition;
  Outcome outcome = Outcome::warn;
  std::string message;        // for the user
  Redaction redaction;        // for outcome `redact`
  std::vector<Stamp> stamps;  // put on a text that the rule matched
  bool operator==(const Rule&) const = default;
};
BOOST_DESCRIBE_STRUCT(Rule, (),
                      (id, version, name, position, state, directions, condition, outcome, message, redaction,
                       stamps))

inline constexpr std::size_t kMaxRules = 200;
inline constexpr std::size_t kMaxNameLength = 200;      // bytes
inline constexpr std::size_t kMaxMessageLength = 1000;  // bytes
inline constexpr std::size_t kMaxConditionNodes = 64;   // in one rule
inline constexpr std::size_t kMaxConditionDepth = 8;
inline constexpr std::size_t kMaxPhrases = 500;       // in one rule
inline constexpr std::size_t kMaxPhraseLength = 200;  // bytes
inline constexpr std::size_t kMaxRegexes = 20;        // in one rule
inline constexpr std::size_t kMaxRegexLength = 500;   // bytes
inline constexpr std::size_t kMaxListEntries = 200;   // roles, workspaces, models, providers
inline constexpr std::int64_t kMaxCount = 1'000'000;

/// Every bad field of a rule at once, with JSON pointers into it; empty if the rule is good.
/// `require_approval` is refused until approvals exist.
std::vector<FieldError> validate(const Rule&);

}  // namespace gatehouse::policy
