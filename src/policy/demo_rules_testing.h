// The rules of the demo organizations, for tests and benchmarks.
#pragma once

#include <memory>
#include <stdexcept>

#include "policy/engine.h"

namespace gatehouse::policy::testing {

inline Rule rule(std::string name, Outcome outcome, Condition condition) {
  static std::uint8_t next = 0;
  Rule made{.name = std::move(name), .position = next, .condition = std::move(condition), .outcome = outcome};
  made.id.value.bytes[15] = ++next;
  return made;
}
inline Condition phrases(std::vector<std::string> texts, bool whole_word = true) {
  Condition c;
  c.phrases = PhraseCondition{.texts = std::move(texts), .whole_word = whole_word};
  return c;
}
inline Condition regexes(std::vector<std::string> patterns) {
  Condition c;
  c.regexes = RegexCondition{.patterns = std::move(patterns)};
  return c;
}
inline Condition finds(std::vector<std::string> names, std::int64_t min_count = 1, double min_score = 0.4) {
  Condition c;
  c.detectors = DetectorCondition{.names = std::move(names), .min_score = min_score, .min_count = min_count};
  return c;
}
inline std::vector<Rule> demo_rules() {
  return {rule("No project aurora", Outcome::block, phrases({"project aurora"})),
          rule("Salaries", Outcome::warn, phrases({"salary", "salário"})),
          rule("Personal data", Outcome::redact, finds({"any"}))};
}
inline std::shared_ptr<const RuleSet> compiled(std::vector<Rule> rules, Defaults defaults = {}) {
  auto made = RuleSet::compile(std::move(rules), std::move(defaults));
  if (!made) {
    throw std::runtime_error(made.error().fields.empty()
                                 ? made.error().detail
                                 : made.error().fields[0].pointer + made.error().fields[0].message);
  }
  return *made;
}

}  // namespace gatehouse::policy::testing
