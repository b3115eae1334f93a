// A decision as audit events and intents hold it: ids, versions, names and counts.
#pragma once

#include <string>

#include "json/value.h"
#include "policy/decision.h"

namespace gatehouse::models {

/// `{outcome, rules: [{id, version, name, outcome, count, shadow?}], rules_omitted, detectors: {name: count},
/// stamps, redactions, unscannable}`; what is empty or zero is left out. At most kMostRules rules, in rule
/// order, so that two notes fit an event's payload. Nothing of a rule's message: that is the tenant's text.
json::Object decision_note(const policy::Decision&);
inline constexpr std::size_t kMostRules = 24;

/// Of the header `gatehouse-rules`: `<rule id>@<version>` of the rules that acted, comma-separated, at most
/// kMostRules; empty if none.
std::string rules_header(const policy::Decision&);

}  // namespace gatehouse::models
