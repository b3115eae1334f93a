// A decision as API, chat stream and console show it.
#pragma once

#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "policy/decision.h"
#include "policy/rule.h"

namespace gatehouse::policy {

struct RuleHitView {
  RuleId rule_id;
  std::string name;
  std::int64_t version = 0;
  Outcome outcome = Outcome::allow;
  std::string message;
  std::uint64_t count = 0;
  Direction direction = Direction::prompt;
  bool shadow = false;  // only recorded: it did not act
};
BOOST_DESCRIBE_STRUCT(RuleHitView, (), (rule_id, name, version, outcome, message, count, direction, shadow))

struct DetectorCountView {
  std::string name;
  std::uint64_t count = 0;
  std::uint64_t redacted = 0;  // of them; the rest is covered by no redacting rule
};
BOOST_DESCRIBE_STRUCT(DetectorCountView, (), (name, count, redacted))

/// Ids, names and counts; never content.
struct DecisionView {
  Outcome outcome = Outcome::allow;
  std::vector<RuleHitView> rules;
  std::vector<DetectorCountView> detectors;
  std::vector<Stamp> stamps;
};
BOOST_DESCRIBE_STRUCT(DecisionView, (), (outcome, rules, detectors, stamps))

DecisionView view_of(const Decision&, Direction);

}  // namespace gatehouse::policy
