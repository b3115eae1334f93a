// Names of outcomes and stamps; the hit that decides.
#include "policy/decision.h"

#include <boost/describe/enum_to_string.hpp>

namespace gatehouse::policy {

std::string_view to_string(Outcome outcome) {
  return boost::describe::enum_to_string(outcome, "block");
}
std::string_view to_string(Stamp stamp) {
  return boost::describe::enum_to_string(stamp, "COF");
}

const RuleHit* Decision::deciding() const {
  const RuleHit* best = nullptr;
  for (const RuleHit& hit : hits) {
    if (!hit.shadow && (best == nullptr || hit.outcome > best->outcome)) best = &hit;
  }
  return best;
}

}  // namespace gatehouse::policy
