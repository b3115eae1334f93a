#include "policy/decision_api.h"

namespace gatehouse::policy {

DecisionView view_of(const Decision& decision, Direction direction) {
  DecisionView view{.outcome = decision.outcome, .stamps = decision.stamps};
  for (const auto& hit : decision.hits)
    view.rules.push_back({.rule_id = hit.rule_id,
                          .name = hit.name,
                          .version = hit.version,
                          .outcome = hit.outcome,
                          .message = hit.message,
                          .count = hit.count,
                          .direction = direction,
                          .shadow = hit.shadow});
  for (const auto& found : decision.detectors)
    view.detectors.push_back({found.detector, found.count, found.redacted});
  return view;
}

}  // namespace gatehouse::policy
