#include "policy/rules_wire.h"

namespace gatehouse::policy {
namespace {

using Wires = json::Omittable<std::vector<RuleCondition>>;

std::optional<std::vector<Condition>> to_conditions(Wires wires) {
  if (!wires) return std::nullopt;
  std::vector<Condition> made;
  for (auto& wire : *wires) made.push_back(to_condition(std::move(wire)));
  return made;
}

Wires to_wires(const std::optional<std::vector<Condition>>& conditions) {
  if (!conditions) return {};
  std::vector<RuleCondition> made;
  for (const auto& condition : *conditions) made.push_back(to_wire(condition));
  return made;
}

template <class T>
json::Omittable<T> omittable(const std::optional<T>& value) {
  if (!value) return {};
  return *value;
}

}  // namespace

Condition to_condition(RuleCondition wire) {
  Condition made{.all = to_conditions(std::move(wire.all)),
                 .any = to_conditions(std::move(wire.any)),
                 .none = to_conditions(std::move(wire.none)),
                 .roles = std::move(wire.roles),
                 .workspaces = std::move(wire.workspaces),
                 .models = std::move(wire.models),
                 .providers = std::move(wire.providers),
                 .stamps = std::move(wire.stamps)};
  if (wire.detectors)
    made.detectors = DetectorCondition{.names = std::move(wire.detectors->names),
                                       .min_score = *wire.detectors->min_score,
                                       .min_count = *wire.detectors->min_count};
  if (wire.phrases)
    made.phrases = PhraseCondition{.texts = std::move(wire.phrases->texts),
                                   .whole_word = *wire.phrases->whole_word,
                                   .min_count = *wire.phrases->min_count};
  if (wire.regexes)
    made.regexes = RegexCondition{.patterns = std::move(wire.regexes->patterns),
                                  .case_sensitive = *wire.regexes->case_sensitive,
                                  .min_count = *wire.regexes->min_count};
  return made;
}

RuleCondition to_wire(const Condition& condition) {
  RuleCondition made{.all = to_wires(condition.all),
                     .any = to_wires(condition.any),
                     .none = to_wires(condition.none),
                     .roles = omittable(condition.roles),
                     .workspaces = omittable(condition.workspaces),
                     .models = omittable(condition.models),
                     .providers = omittable(condition.providers),
                     .stamps = omittable(condition.stamps)};
  if (const auto& d = condition.detectors)
    made.detectors = RuleDetectors{.names = d->names, .min_score = d->min_score, .min_count = d->min_count};
  if (const auto& p = condition.phrases)
    made.phrases = RulePhrases{.texts = p->texts, .whole_word = p->whole_word, .min_count = p->min_count};
  if (const auto& r = condition.regexes)
    made.regexes =
        RuleRegexes{.patterns = r->patterns, .case_sensitive = r->case_sensitive, .min_count = r->min_count};
  return made;
}

Redaction to_redaction(RuleRedaction wire) {
  return {
      .operation = *wire.operation, .replacement = std::move(wire.replacement.value()), .keep = *wire.keep};
}

RuleRedaction to_wire(const Redaction& redaction) {
  return {.operation = redaction.operation, .replacement = redaction.replacement, .keep = redaction.keep};
}

Rule to_rule(RuleDraft draft) {
  return {.id = RuleId::make(),
          .name = std::move(draft.name).str(),
          .state = *draft.state,
          .directions = std::move(draft.directions.value()),
          .condition = to_condition(std::move(draft.condition)),
          .outcome = draft.outcome,
          .message = std::move(draft.message.value()).str(),
          .redaction = to_redaction(std::move(draft.redaction.value())),
          .stamps = std::move(draft.stamps.value())};
}

std::vector<std::string> apply(UpdateRule update, Rule& rule) {
  std::vector<std::string> changed;
  auto set = [&](std::string_view name, auto& from, auto assign) {
    if (!from) return;
    changed.emplace_back(name);
    assign(std::move(*from));
  };
  set("name", update.name, [&](auto value) { rule.name = std::move(value).str(); });
  set("state", update.state, [&](auto value) { rule.state = value; });
  set("directions", update.directions, [&](auto value) { rule.directions = std::move(value); });
  set("condition", update.condition, [&](auto value) { rule.condition = to_condition(std::move(value)); });
  set("outcome", update.outcome, [&](auto value) { rule.outcome = value; });
  set("message", update.message, [&](auto value) { rule.message = std::move(value).str(); });
  set("redaction", update.redaction, [&](auto value) { rule.redaction = to_redaction(std::move(value)); });
  set("stamps", update.stamps, [&](auto value) { rule.stamps = std::move(value); });
  if (update.workspace_id.is_present()) changed.emplace_back("workspace_id");
  return changed;
}

}  // namespace gatehouse::policy
