// The evaluation of one text, as the playground shows it.
#include "policy/channel.h"
#include "policy/compiled.h"
#include "policy/engine.h"
#include "policy/ledger.h"

namespace gatehouse::policy {
namespace {

Match to_match(const Ledger& ledger, const Symbols& symbols, const Finding& finding) {
  Match match{.source = std::string(ledger.rules().name_of(finding.source)),
              .begin = symbols.begins[finding.begin],
              .end = symbols.end(finding.end - 1),
              .score = finding.score};
  if (finding.source < kDetectors) match.stamp = detectors()[finding.source].stamp;
  if (const auto* rule = ledger.strongest(finding)) {
    match.rule_id = rule->rule->id;
    match.rule_version = rule->rule->version;
    match.rule_name = rule->rule->name;
    match.outcome = rule->rule->outcome;
  }
  return match;
}

Evaluation evaluate_whole(const CompiledRules& rules, std::string_view text, const Subject& subject) {
  Ledger ledger(rules, subject);
  const Symbols symbols = normalize(text);
  const auto found = find_all(rules, symbols.values);
  for (const Finding& finding : found) ledger.count(finding);
  ledger.evaluate();
  Evaluation result;
  for (const Finding& finding : found) result.matches.push_back(to_match(ledger, symbols, finding));
  if (!ledger.blocks()) {
    std::size_t copied = 0;
    std::size_t removed_until = 0;
    for (const Finding& finding : found) {
      const CompiledRule* rule = ledger.redactor(finding);
      if (rule != nullptr || finding.end <= removed_until) ledger.count_redacted(finding);
      if (rule == nullptr || finding.end <= removed_until) continue;
      if (finding.begin >= removed_until) {
        // Less than copied if both are within one ligature.
        const std::size_t begin = std::max<std::size_t>(copied, symbols.begins[finding.begin]);
        result.text.append(text, copied, begin - copied);
        const auto value = std::span(symbols.values).subspan(finding.begin, finding.end - finding.begin);
        result.text += ledger.replacement(*rule, finding, value);
      }
      removed_until = finding.end;
      copied = symbols.end(finding.end - 1);
    }
    result.text.append(text, copied);
  }
  result.decision = ledger.decision();
  return result;
}

Evaluation evaluate_forward(const CompiledRules& rules, std::string_view text, const Subject& subject) {
  Ledger ledger(rules, subject);
  Evaluation result;
  Channel channel(ledger, Encoding::plain);
  channel.record(&result.matches);
  result.text = channel.push(text);
  result.text += channel.finish();
  result.decision = ledger.decision();
  return result;
}

}  // namespace

Evaluation RuleSet::evaluate_text(std::string_view text, const Subject& subject) const try {
  return subject.direction == Direction::prompt ? evaluate_whole(*compiled_, text, subject)
                                                : evaluate_forward(*compiled_, text, subject);
} catch (const std::exception&) {
  Evaluation failed;
  failed.decision.outcome = Outcome::block;
  failed.decision.hits.push_back({.name = "evaluation error", .outcome = Outcome::block, .count = 1});
  failed.decision.rule_set_version = version();
  return failed;
}

}  // namespace gatehouse::policy
