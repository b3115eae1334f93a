#include "models/decision_note.h"

namespace gatehouse::models {

json::Object decision_note(const policy::Decision& decision) {
  json::Array rules;
  for (const auto& hit : decision.hits) {
    if (rules.size() == kMostRules) break;
    json::Object rule{{"id", hit.rule_id.to_string()},
                      {"version", hit.version},
                      {"name", hit.name},
                      {"outcome", policy::to_string(hit.outcome)},
                      {"count", hit.count}};
    if (hit.shadow) rule["shadow"] = true;
    rules.push_back(std::move(rule));
  }
  json::Object note{{"outcome", policy::to_string(decision.outcome)}};
  if (!rules.empty()) note["rules"] = std::move(rules);
  if (decision.hits.size() > kMostRules) note["rules_omitted"] = decision.hits.size() - kMostRules;
  json::Object detectors;
  for (const auto& one : decision.detectors) detectors[one.detector] = one.count;
  if (!detectors.empty()) note["detectors"] = std::move(detectors);
  json::Array stamps;
  for (auto stamp : decision.stamps) stamps.emplace_back(policy::to_string(stamp));
  if (!stamps.empty()) note["stamps"] = std::move(stamps);
  if (decision.redactions) note["redactions"] = decision.redactions;
  if (decision.unscannable) note["unscannable"] = decision.unscannable;
  return note;
}

std::string rules_header(const policy::Decision& decision) {
  std::string text;
  std::size_t count = 0;
  for (const auto& hit : decision.hits) {
    if (hit.shadow || hit.rule_id.is_nil()) continue;
    if (count++ == kMostRules) break;
    if (!text.empty()) text += ", ";
    text += hit.rule_id.to_string() + "@" + std::to_string(hit.version);
  }
  return text;
}

}  // namespace gatehouse::models
