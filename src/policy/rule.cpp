// Validation of rules, every bad field at once.
#include "policy/rule.h"

#include <algorithm>

#include "policy/automaton.h"
#include "policy/detector.h"
#include "policy/regex.h"

namespace gatehouse::policy {
namespace {

class Validation {
 public:
  std::vector<FieldError> errors;

  void fail(std::string pointer, std::string code, std::string message) {
    errors.push_back({std::move(pointer), std::move(code), std::move(message)});
  }
  void length(const std::string& pointer, std::string_view text, std::size_t least, std::size_t most) {
    if (text.size() < least) fail(pointer, "required", "must not be empty");
    if (text.size() > most) fail(pointer, "too_long", "at most " + std::to_string(most) + " bytes");
  }
  void count(const std::string& pointer, std::size_t size, std::size_t least, std::size_t most) {
    if (size < least) fail(pointer, "required", "must not be empty");
    if (size > most) fail(pointer, "too_many", "at most " + std::to_string(most) + " entries");
  }
  void range(const std::string& pointer, std::int64_t value, std::int64_t least, std::int64_t most) {
    if (value < least || value > most) {
      fail(pointer, "out_of_range", "from " + std::to_string(least) + " to " + std::to_string(most));
    }
  }

  void condition(const Condition& c, const std::string& at, std::size_t depth, bool positive) {
    if (depth > kMaxConditionDepth) return fail(at, "too_deep", "conditions nested too deep");
    ++nodes_;
    children(c.all, at + "/all", depth, positive);
    children(c.any, at + "/any", depth, positive);
    children(c.none, at + "/none", depth, false);
    if (c.detectors) detectors(*c.detectors, at + "/detectors");
    if (c.phrases) phrases(*c.phrases, at + "/phrases");
    if (c.regexes) regexes(*c.regexes, at + "/regexes");
    names(c.roles, at + "/roles");
    names(c.models, at + "/models");
    names(c.providers, at + "/providers");
    if (names(c.workspaces, at + "/workspaces")) {
      for (std::size_t i = 0; i < c.workspaces->size(); ++i) {
        if (!Uuid::parse((*c.workspaces)[i])) {
          fail(at + "/workspaces/" + std::to_string(i), "invalid", "must be a workspace id");
        }
      }
    }
    if (c.stamps) count(at + "/stamps", c.stamps->size(), 1, 3);
    if (positive && (c.detectors || c.phrases || c.regexes)) has_text_ = true;
  }
  bool too_large() const {
    return nodes_ > kMaxConditionNodes || phrases_ > kMaxPhrases || regexes_ > kMaxRegexes;
  }
  bool has_text() const { return has_text_; }

 private:
  void children(const std::optional<std::vector<Condition>>& list, const std::string& at, std::size_t depth,
                bool positive) {
    if (!list) return;
    count(at, list->size(), 1, kMaxConditionNodes);
    for (std::size_t i = 0; i < list->size() && nodes_ <= kMaxConditionNodes; ++i) {
      condition((*list)[i], at + "/" + std::to_string(i), depth + 1, positive);
    }
  }
  bool names(const std::optional<std::vector<std::string>>& list, const std::string& at) {
    if (!list) return false;
    count(at, list->size(), 1, kMaxListEntries);
    for (std::size_t i = 0; i < list->size(); ++i) {
      length(at + "/" + std::to_string(i), (*list)[i], 1, kMaxNameLength);
    }
    return true;
  }
  void detectors(const DetectorCondition& d, const std::string& at) {
    count(at + "/names", d.names.size(), 1, kDetectors + 2);
    for (std::size_t i = 0; i < d.names.size(); ++i) {
      if (d.names[i] != "any" && d.names[i] != "personal_data" && find_detector(d.names[i]) == nullptr) {
        fail(at + "/names/" + std::to_string(i), "unknown_detector", "no such detector");
      }
    }
    if (!(d.min_score >= kScoreFloor && d.min_score <= 1))
      fail(at + "/min_score", "out_of_range", "from 0.4 to 1");
    range(at + "/min_count", d.min_count, 1, kMaxCount);
  }
  void phrases(const PhraseCondition& p, const std::string& at) {
    count(at + "/texts", p.texts.size(), 1, kMaxPhrases);
    phrases_ += p.texts.size();
    range(at + "/min_count", p.min_count, 1, kMaxCount);
    for (std::size_t i = 0; i < p.texts.size() && i < kMaxPhrases; ++i) {
      const std::string place = at + "/texts/" + std::to_string(i);
      length(place, p.texts[i], 1, kMaxPhraseLength);
      if (const auto parsed = parse_phrase(p.texts[i], p.whole_word);
          !parsed.error.empty() && !p.texts[i].empty()) {
        fail(place, "invalid", parsed.error);
      }
    }
  }
  void regexes(const RegexCondition& r, const std::string& at) {
    count(at + "/patterns", r.patterns.size(), 1, kMaxRegexes);
    regexes_ += r.patterns.size();
    range(at + "/min_count", r.min_count, 1, kMaxCount);
    for (std::size_t i = 0; i < r.patterns.size() && i < kMaxRegexes; ++i) {
      const std::string place = at + "/patterns/" + std::to_string(i);
      length(place, r.patterns[i], 1, kMaxRegexLength);
      if (r.patterns[i].empty() || r.patterns[i].size() > kMaxRegexLength) continue;
      const auto parsed = parse_regex(r.patterns[i], r.case_sensitive);
      if (!parsed.error.empty()) {
        fail(place, "invalid_regex", parsed.error);
        continue;
      }
      const Automaton::Input input{0, &parsed};
      if (!Automaton::build({&input, 1})) {
        fail(place, "invalid_regex", "matches the empty text, or has too many states");
      }
    }
  }

  std::size_t nodes_ = 0;
  std::size_t phrases_ = 0;
  std::size_t regexes_ = 0;
  bool has_text_ = false;
};

}  // namespace

std::vector<FieldError> validate(const Rule& rule) {
  Validation v;
  v.length("/name", rule.name, 1, kMaxNameLength);
  v.length("/message", rule.message, 0, kMaxMessageLength);
  v.count("/directions", rule.directions.size(), 1, 2);
  v.condition(rule.condition, "/condition", 0, true);
  if (v.too_large())
    v.fail("/condition", "too_large", "too many nodes, phrases or regular expressions in one rule");
  if (rule.outcome == Outcome::require_approval) {
    v.fail("/outcome", "unsupported", "approvals are not available yet");
  }
  if (rule.outcome == Outcome::redact) {
    if (!v.has_text())
      v.fail("/condition", "nothing_to_redact", "a redacting rule names detectors, phrases or regexes");
    v.range("/redaction/keep", rule.redaction.keep, 0, 8);
    v.length("/redaction/replacement", rule.redaction.replacement,
             rule.redaction.operation == RedactionOperator::replace ? 1 : 0, kMaxPhraseLength);
  }
  v.count("/stamps", rule.stamps.size(), 0, 3);
  return std::move(v.errors);
}

}  // namespace gatehouse::policy
