// Counting, judging, replacing.
#include "policy/ledger.h"

#include <algorithm>

#include "crypto/digest.h"
#include "policy/replace.h"

namespace gatehouse::policy {
namespace {

bool fits(std::string_view pattern, std::string_view value) {
  if (pattern.ends_with('*')) return value.starts_with(pattern.substr(0, pattern.size() - 1));
  return pattern == value;
}

bool listed(const std::optional<std::vector<std::string>>& list, std::string_view value) {
  return !list || std::ranges::any_of(*list, [&](const std::string& entry) { return fits(entry, value); });
}

bool same_text(const std::optional<std::vector<std::string>>& list, std::string_view value) {
  return !list || std::ranges::find(*list, value) != list->end();
}

}  // namespace

Ledger::Ledger(std::shared_ptr<const RuleSet> owner, const Subject& subject, Numbering numbering)
    : Ledger(owner->compiled(), subject, std::move(numbering)) {
  owner_ = std::move(owner);
}

Ledger::Ledger(const CompiledRules& rules, const Subject& subject, Numbering numbering)
    : rules_(rules), subject_(subject), numbering_(std::move(numbering)) {
  leaf_counts_.resize(rules.leaves.size());
  states_.resize(rules.rules.size());
  for (const Stamp stamp : subject.stamps) stamps_[static_cast<std::size_t>(stamp)] = true;
  for (std::size_t i = 0; i < states_.size(); ++i) {
    states_[i].applies = rules.rules[i].directions[static_cast<std::size_t>(subject.direction)];
  }
  // An answer is judged forward, and so already before its first character.
  if (subject.direction == Direction::response) {
    evaluate();
    const bool matched = std::ranges::any_of(states_, [&](const State& s) {
      return s.matched && !rules_.rules[static_cast<std::size_t>(&s - states_.data())].shadow;
    });
    if (!matched && rules.defaults.no_match == Outcome::block) blocked_ = true;
  }
}

// Subscribers stand in the order of their rules, so that this costs no more than there are of them.
template <class Visit>
void Ledger::for_rules_of(const Finding& finding, Visit visit) const {
  std::optional<std::uint32_t> last;
  for (const std::uint32_t index : rules_.subscribers[finding.source]) {
    const Leaf& leaf = rules_.leaves[index];
    if (!leaf.positive || finding.score < leaf.min_score || leaf.rule == last) continue;
    last = leaf.rule;
    if (visit(leaf.rule)) return;
  }
}

void Ledger::count(const Finding& finding) {
  if (finding.source < kDetectors) {
    ++detector_counts_[finding.source];
    if (const auto stamp = detectors()[finding.source].stamp)
      stamps_[static_cast<std::size_t>(*stamp)] = true;
  }
  for (const std::uint32_t index : rules_.subscribers[finding.source]) {
    const Leaf& leaf = rules_.leaves[index];
    if (finding.score < leaf.min_score) continue;
    ++leaf_counts_[index];
  }
  for_rules_of(finding, [&](std::uint32_t rule) {
    ++states_[rule].count;
    return false;
  });
}

bool Ledger::holds(const CompiledRule& rule, std::uint32_t index) const {
  const ConditionNode& node = rule.nodes[index];
  const auto part_holds = [&](std::uint32_t part) { return holds(rule, part); };
  switch (node.kind) {
    case ConditionNode::Kind::all:
      return std::ranges::all_of(node.parts, part_holds);
    case ConditionNode::Kind::any:
      return std::ranges::any_of(node.parts, part_holds);
    case ConditionNode::Kind::none:
      return std::ranges::none_of(node.parts, part_holds);
    case ConditionNode::Kind::leaf:
      return leaf_counts_[node.leaf] >= rules_.leaves[node.leaf].min_count;
    case ConditionNode::Kind::subject:
      return same_text(node.condition->roles, subject_.role) &&
             same_text(node.condition->workspaces, subject_.workspace.to_string()) &&
             listed(node.condition->models, subject_.model) &&
             listed(node.condition->providers, subject_.provider);
    case ConditionNode::Kind::stamps:
      return std::ranges::any_of(*node.condition->stamps,
                                 [&](Stamp stamp) { return stamps_[static_cast<std::size_t>(stamp)]; });
  }
  return true;
}

void Ledger::evaluate() {
  // A rule's stamp may make another rule hold; every round settles one more rule or ends.
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t i = 0; i < states_.size(); ++i) {
      const CompiledRule& rule = rules_.rules[i];
      if (!states_[i].applies) continue;
      states_[i].holds = holds(rule, static_cast<std::uint32_t>(rule.nodes.size() - 1));
      if (!states_[i].holds || states_[i].matched) continue;
      states_[i].matched = true;
      if (rule.shadow) continue;
      for (const Stamp stamp : rule.rule->stamps) {
        changed = changed || !stamps_[static_cast<std::size_t>(stamp)];
        stamps_[static_cast<std::size_t>(stamp)] = true;
      }
    }
  }
  for (std::size_t i = 0; i < states_.size(); ++i) {
    const CompiledRule& rule = rules_.rules[i];
    if (states_[i].matched && !rule.shadow && rule.rule->outcome == Outcome::block) blocked_ = true;
  }
}

void Ledger::block_because(std::string name) {
  blocked_ = true;
  extra_.push_back({.name = std::move(name), .outcome = Outcome::block, .count = 1});
}

void Ledger::count_unscannable() {
  ++unscannable_;
  if (rules_.defaults.unscannable == Outcome::block) blocked_ = true;
}

const CompiledRule* Ledger::redactor(const Finding& finding) const {
  const CompiledRule* found = nullptr;
  for_rules_of(finding, [&](std::uint32_t index) {
    const CompiledRule& rule = rules_.rules[index];
    if (states_[index].holds && !rule.shadow && rule.rule->outcome == Outcome::redact) found = &rule;
    return found != nullptr;
  });
  return found;
}

void Ledger::count_redacted(const Finding& finding) {
  if (finding.source < kDetectors) ++redacted_counts_[finding.source];
}

const CompiledRule* Ledger::strongest(const Finding& finding) const {
  const CompiledRule* best = nullptr;
  for_rules_of(finding, [&](std::uint32_t index) {
    const CompiledRule& rule = rules_.rules[index];
    const bool counts = states_[index].matched && !rule.shadow;
    if (counts && (best == nullptr || rule.rule->outcome > best->rule->outcome)) best = &rule;
    return false;
  });
  return best;
}

std::string Ledger::replacement(const CompiledRule& rule, const Finding& finding,
                                std::span<const char32_t> value) {
  ++redactions_;
  return replace(rule.rule->redaction, rules_.label_of(finding.source), value, rules_.defaults.hash_key,
                 numbering_);
}

Decision Ledger::decision() const {
  Decision decision{
      .redactions = redactions_, .unscannable = unscannable_, .rule_set_version = rules_.version};
  bool matched = false;
  for (std::size_t i = 0; i < states_.size(); ++i) {
    if (!states_[i].matched) continue;
    const CompiledRule& rule = rules_.rules[i];
    decision.hits.push_back({rule.rule->id, rule.rule->version, rule.rule->name, rule.rule->outcome,
                             rule.rule->message, states_[i].count, rule.shadow});
    if (rule.shadow) continue;
    matched = true;
    decision.outcome = std::max(decision.outcome, rule.rule->outcome);
  }
  if (!matched && rules_.defaults.no_match != Outcome::allow) {
    decision.hits.push_back({.name = "default outcome", .outcome = rules_.defaults.no_match});
    decision.outcome = std::max(decision.outcome, rules_.defaults.no_match);
  }
  if (unscannable_ > 0 && rules_.defaults.unscannable != Outcome::allow) {
    decision.hits.push_back(
        {.name = "unscannable content", .outcome = rules_.defaults.unscannable, .count = unscannable_});
    decision.outcome = std::max(decision.outcome, rules_.defaults.unscannable);
  }
  for (const RuleHit& hit : extra_) {
    decision.hits.push_back(hit);
    decision.outcome = std::max(decision.outcome, hit.outcome);
  }
  for (const Stamp stamp : {Stamp::PII, Stamp::FIN, Stamp::COF}) {
    if (stamps_[static_cast<std::size_t>(stamp)]) decision.stamps.push_back(stamp);
  }
  for (const Detector& row : detectors()) {
    const auto at = static_cast<std::size_t>(row.id);
    if (detector_counts_[at] > 0)
      decision.detectors.push_back({std::string(row.name), detector_counts_[at], redacted_counts_[at]});
  }
  return decision;
}

}  // namespace gatehouse::policy
