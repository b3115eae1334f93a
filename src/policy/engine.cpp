// Compilation of a rule set, and the evaluation of one text.
#include "policy/engine.h"

#include <algorithm>

#include "crypto/digest.h"
#include "crypto/encoding.h"
#include "json/codec.h"
#include "policy/channel.h"
#include "policy/compiled.h"
#include "policy/ledger.h"

namespace gatehouse::policy {
namespace {

bool names_detector(const DetectorCondition& condition, const Detector& row) {
  return std::ranges::any_of(condition.names, [&](const std::string& name) {
    return name == row.name || name == "any" || (name == "personal_data" && row.stamp == Stamp::PII);
  });
}

class Compiler {
 public:
  explicit Compiler(CompiledRules& out) : out_(out) {
    out_.subscribers.resize(kDetectors);
    expressions_ = Prefilter::detectors();
  }

  void add(const Rule& rule) {
    rule_ = &out_.rules.emplace_back();
    rule_->rule = &rule;
    rule_->shadow = rule.state == RuleState::shadow;
    for (const Direction d : rule.directions) rule_->directions[static_cast<std::size_t>(d)] = true;
    condition(rule.condition, true);
  }

  /// False: the phrases together are too large.
  bool finish() {
    std::vector<Automaton::Input> phrases;
    for (std::uint32_t i = 0; i < parsed_.size(); ++i) {
      const Automaton::Input input{i, &parsed_[i]};
      if (!out_.is_regex[i]) {
        phrases.push_back(input);
        continue;
      }
      // One automaton each: the product of expressions with `.*` would explode.
      auto automaton = Automaton::build({&input, 1});
      if (!automaton) return false;
      out_.automata.push_back(std::move(*automaton));
    }
    if (!phrases.empty()) {
      auto automaton = Automaton::build(phrases);
      if (!automaton) return false;
      out_.automata.push_back(std::move(*automaton));
    }
    for (char32_t c = 0; c < 128; ++c) {
      std::uint8_t starts = 0;
      if (is_digit(c)) starts |= kStartDigit;
      if (is_letter(c)) starts |= kStartLetter;
      if (c == '+' || c == '(') starts |= kStartPlus;
      if (c == '-') starts |= kStartDash;
      if (c == '_') starts |= kStartOther;
      if (std::ranges::any_of(out_.automata, [&](const Automaton& a) { return a.may_start_with(c); })) {
        starts |= kStartPattern;
      }
      out_.starts[c] = starts;
    }
    out_.patterns_may_start_beyond_ascii = !out_.automata.empty();
    out_.prefilter = Prefilter(expressions_);
    return true;
  }

 private:
  std::uint32_t node(ConditionNode made) {
    rule_->nodes.push_back(std::move(made));
    return static_cast<std::uint32_t>(rule_->nodes.size() - 1);
  }
  std::uint32_t leaf(double min_score, std::int64_t min_count, bool positive) {
    out_.leaves.push_back({static_cast<std::uint32_t>(out_.rules.size() - 1), min_score,
                           static_cast<std::uint64_t>(min_count), positive});
    return static_cast<std::uint32_t>(out_.leaves.size() - 1);
  }
  void pattern(ParsedPattern parsed, bool is_regex, std::uint32_t of_leaf) {
    expressions_.push_back(Prefilter::of(parsed));
    parsed_.push_back(std::move(parsed));
    out_.is_regex.push_back(is_regex);
    out_.subscribers.push_back({of_leaf});
  }

  std::uint32_t list(const std::vector<Condition>& conditions, ConditionNode::Kind kind, bool positive) {
    ConditionNode made{.kind = kind};
    for (const Condition& part : conditions) made.parts.push_back(condition(part, positive));
    return node(std::move(made));
  }

  std::uint32_t condition(const Condition& c, bool positive) {
    ConditionNode made{.kind = ConditionNode::Kind::all};
    if (c.roles || c.workspaces || c.models || c.providers) {
      made.parts.push_back(node({.kind = ConditionNode::Kind::subject, .condition = &c}));
    }
    if (c.stamps) made.parts.push_back(node({.kind = ConditionNode::Kind::stamps, .condition = &c}));
    if (c.all) made.parts.push_back(list(*c.all, ConditionNode::Kind::all, positive));
    if (c.any) made.parts.push_back(list(*c.any, ConditionNode::Kind::any, positive));
    if (c.none) made.parts.push_back(list(*c.none, ConditionNode::Kind::none, false));
    if (c.detectors) {
      const auto index = leaf(c.detectors->min_score, c.detectors->min_count, positive);
      for (const Detector& row : detectors()) {
        if (names_detector(*c.detectors, row))
          out_.subscribers[static_cast<std::size_t>(row.id)].push_back(index);
      }
      made.parts.push_back(node({.kind = ConditionNode::Kind::leaf, .leaf = index}));
    }
    if (c.phrases) {
      const auto index = leaf(0, c.phrases->min_count, positive);
      for (const std::string& text : c.phrases->texts) {
        pattern(parse_phrase(text, c.phrases->whole_word), false, index);
      }
      made.parts.push_back(node({.kind = ConditionNode::Kind::leaf, .leaf = index}));
    }
    if (c.regexes) {
      const auto index = leaf(0, c.regexes->min_count, positive);
      for (const std::string& text : c.regexes->patterns) {
        pattern(parse_regex(text, c.regexes->case_sensitive), true, index);
      }
      made.parts.push_back(node({.kind = ConditionNode::Kind::leaf, .leaf = index}));
    }
    return node(std::move(made));
  }

  CompiledRules& out_;
  CompiledRule* rule_ = nullptr;
  std::vector<ParsedPattern> parsed_;
  std::vector<Prefilter::Expression> expressions_;
};

std::string digest(const CompiledRules& compiled) {
  std::string text = json::encode(compiled.source);
  text += to_string(compiled.defaults.no_match);
  text += to_string(compiled.defaults.unscannable);
  return crypto::to_hex(crypto::sha256(text));
}

void check_defaults(const Defaults& defaults, const std::vector<Rule>& rules,
                    std::vector<FieldError>& errors) {
  const auto allowed = [](Outcome o) {
    return o == Outcome::allow || o == Outcome::warn || o == Outcome::block;
  };
  if (!allowed(defaults.no_match))
    errors.push_back({"/defaults/no_match", "invalid", "allow, warn or block"});
  if (!allowed(defaults.unscannable))
    errors.push_back({"/defaults/unscannable", "invalid", "allow, warn or block"});
  const bool hashes = std::ranges::any_of(rules, [](const Rule& rule) {
    return rule.outcome == Outcome::redact && rule.redaction.operation == RedactionOperator::hash;
  });
  if (hashes && defaults.hash_key.size() < 16) {
    errors.push_back({"/defaults/hash_key", "required", "a rule uses the keyed hash"});
  }
}

}  // namespace

std::string_view CompiledRules::label_of(Source s) const {
  if (s < kDetectors) return detectors()[s].label;
  return is_regex[s - kDetectors] ? "PATTERN" : "PHRASE";
}
std::string_view CompiledRules::name_of(Source s) const {
  if (s < kDetectors) return detectors()[s].name;
  return is_regex[s - kDetectors] ? "regex" : "phrase";
}

RuleSet::RuleSet(std::unique_ptr<const CompiledRules> compiled) : compiled_(std::move(compiled)) {}
RuleSet::~RuleSet() = default;
const std::string& RuleSet::version() const {
  return compiled_->version;
}
const std::vector<Rule>& RuleSet::rules() const {
  return compiled_->source;
}

Result<std::shared_ptr<const RuleSet>> RuleSet::compile(std::vector<Rule> rules, Defaults defaults) {
  std::vector<FieldError> errors;
  if (rules.size() > kMaxRules) errors.push_back({"/rules", "too_many", "at most 200 rules"});
  for (std::size_t i = 0; i < rules.size() && i < kMaxRules; ++i) {
    for (FieldError& error : validate(rules[i])) {
      error.pointer = "/rules/" + std::to_string(i) + error.pointer;
      errors.push_back(std::move(error));
    }
  }
  check_defaults(defaults, rules, errors);
  const auto refuse = [&] {
    return fail(
        Error{.code = ErrorCode::validation_failed, .detail = "the rules cannot be used", .fields = errors});
  };
  if (!errors.empty()) return refuse();

  auto compiled = std::make_unique<CompiledRules>();
  std::ranges::sort(rules, {}, [](const Rule& rule) { return std::pair(rule.position, rule.id); });
  compiled->source = std::move(rules);
  compiled->defaults = std::move(defaults);
  compiled->version = digest(*compiled);
  Compiler compiler(*compiled);
  for (const Rule& rule : compiled->source) {
    if (rule.state != RuleState::disabled) compiler.add(rule);
  }
  if (!compiler.finish()) {
    errors.push_back({"/rules", "too_large", "the phrases and regular expressions together are too large"});
    return refuse();
  }
  // What stands in for a value must not be a finding itself, or a redacted text would never be clean.
  for (std::size_t i = 0; i < compiled->source.size(); ++i) {
    const Redaction& redaction = compiled->source[i].redaction;
    if (redaction.operation != RedactionOperator::replace) continue;
    if (!find_all(*compiled, normalize(redaction.replacement).values).empty()) {
      errors.push_back({"/rules/" + std::to_string(i) + "/redaction/replacement", "invalid",
                        "is itself something that the rules find"});
    }
  }
  if (!errors.empty()) return refuse();
  return std::shared_ptr<const RuleSet>(new RuleSet(std::move(compiled)));
}

std::vector<std::string> detector_names() {
  std::vector<std::string> names;
  for (const Detector& row : detectors()) names.emplace_back(row.name);
  return names;
}

}  // namespace gatehouse::policy
