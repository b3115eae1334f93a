// Rules on the wire and in the database: what may be left out, and its defaults. The meaning is rule.h's.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "domain/ids.h"
#include "json/bounded.h"
#include "json/codec.h"
#include "policy/rule.h"

namespace gatehouse::policy {

struct RuleDetectors {
  std::vector<std::string> names;
  json::Defaulted<double> min_score = 0.4;
  json::Defaulted<std::int64_t> min_count = 1;
};
BOOST_DESCRIBE_STRUCT(RuleDetectors, (), (names, min_score, min_count))

struct RulePhrases {
  std::vector<std::string> texts;
  json::Defaulted<bool> whole_word = true;
  json::Defaulted<std::int64_t> min_count = 1;
};
BOOST_DESCRIBE_STRUCT(RulePhrases, (), (texts, whole_word, min_count))

struct RuleRegexes {
  std::vector<std::string> patterns;
  json::Defaulted<bool> case_sensitive = false;
  json::Defaulted<std::int64_t> min_count = 1;
};
BOOST_DESCRIBE_STRUCT(RuleRegexes, (), (patterns, case_sensitive, min_count))

struct RuleCondition {
  json::Omittable<std::vector<RuleCondition>> all;
  json::Omittable<std::vector<RuleCondition>> any;
  json::Omittable<std::vector<RuleCondition>> none;
  json::Omittable<RuleDetectors> detectors;
  json::Omittable<RulePhrases> phrases;
  json::Omittable<RuleRegexes> regexes;
  json::Omittable<std::vector<std::string>> roles;
  json::Omittable<std::vector<std::string>> workspaces;
  json::Omittable<std::vector<std::string>> models;
  json::Omittable<std::vector<std::string>> providers;
  json::Omittable<std::vector<Stamp>> stamps;
};
BOOST_DESCRIBE_STRUCT(RuleCondition, (),
                      (all, any, none, detectors, phrases, regexes, roles, workspaces, models, providers,
                       stamps))

struct RuleRedaction {
  json::Defaulted<RedactionOperator> operation = RedactionOperator::mask;
  json::Defaulted<std::string> replacement;
  json::Defaulted<std::int64_t> keep = 4;
};
BOOST_DESCRIBE_STRUCT(RuleRedaction, (), (operation, replacement, keep))

/// A new rule. It goes to the end of the order.
struct RuleDraft {
  json::Name<120> name;
  json::Defaulted<RuleState> state = RuleState::enabled;
  json::Defaulted<std::vector<Direction>> directions = std::vector{Direction::prompt, Direction::response};
  RuleCondition condition;
  Outcome outcome = Outcome::warn;
  json::Defaulted<json::Text<0, 1000>> message;
  json::Defaulted<RuleRedaction> redaction;
  json::Defaulted<std::vector<Stamp>> stamps;
  std::optional<WorkspaceId> workspace_id;  // none: of the whole organization
};
BOOST_DESCRIBE_STRUCT(RuleDraft, (),
                      (name, state, directions, condition, outcome, message, redaction, stamps, workspace_id))

/// Condition and redaction are replaced as a whole.
struct UpdateRule {
  std::optional<json::Name<120>> name;
  std::optional<RuleState> state;
  std::optional<std::vector<Direction>> directions;
  std::optional<RuleCondition> condition;
  std::optional<Outcome> outcome;
  std::optional<json::Text<0, 1000>> message;
  std::optional<RuleRedaction> redaction;
  std::optional<std::vector<Stamp>> stamps;
  json::Patch<WorkspaceId> workspace_id;
};
BOOST_DESCRIBE_STRUCT(UpdateRule, (),
                      (name, state, directions, condition, outcome, message, redaction, stamps, workspace_id))

struct RuleView {
  RuleId id;
  std::string name;
  std::int64_t position = 0;
  RuleState state = RuleState::enabled;
  std::vector<Direction> directions;
  RuleCondition condition;
  Outcome outcome = Outcome::warn;
  std::string message;
  RuleRedaction redaction;
  std::vector<Stamp> stamps;
  std::optional<WorkspaceId> workspace_id;
  std::int64_t version = 1;
  std::int64_t hits_30d = 0;
  Timestamp created_at;
  Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(RuleView, (),
                      (id, name, position, state, directions, condition, outcome, message, redaction, stamps,
                       workspace_id, version, hits_30d, created_at, updated_at))

Condition to_condition(RuleCondition);
RuleCondition to_wire(const Condition&);
Redaction to_redaction(RuleRedaction);
RuleRedaction to_wire(const Redaction&);

/// With a new id; version 1, position 0.
Rule to_rule(RuleDraft);
/// Gives the names of the fields that the update names.
std::vector<std::string> apply(UpdateRule, Rule&);

}  // namespace gatehouse::policy
