// Names of outcomes and stamps; the hit that decides.
#include "policy/decision.h"

#include <algorithm>
#include <iterator>
#include <tuple>

#include <boost/describe/enum_to_string.hpp>

#include "policy/detector.h"

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

namespace {

constexpr std::string_view kDefaultOutcome = "default outcome";

bool same_origin(const RuleHit& a, const RuleHit& b) {
  return std::tie(a.rule_id, a.version, a.name, a.shadow) == std::tie(b.rule_id, b.version, b.name, b.shadow);
}

// Both lists are in rule order, so a hit that only `more` has goes before the next one that both have.
std::vector<RuleHit> merged(std::vector<RuleHit> hits, const std::vector<RuleHit>& more) {
  std::size_t place = 0;
  for (const RuleHit& hit : more) {
    const auto known =
        std::ranges::find_if(hits, [&](const RuleHit& other) { return same_origin(hit, other); });
    if (known != hits.end()) {
      known->count += hit.count;
      place = static_cast<std::size_t>(known - hits.begin()) + 1;
    } else {
      hits.insert(hits.begin() + static_cast<std::ptrdiff_t>(place++), hit);
    }
  }
  std::vector<RuleHit> without_rule;
  std::ranges::copy_if(hits, std::back_inserter(without_rule),
                       [](const RuleHit& hit) { return hit.rule_id == RuleId{}; });
  std::erase_if(hits, [](const RuleHit& hit) { return hit.rule_id == RuleId{}; });
  hits.insert(hits.end(), without_rule.begin(), without_rule.end());
  return hits;
}

}  // namespace

Decision combined(const Decision& a, const Decision& b) {
  Decision sum{.hits = merged(a.hits, b.hits),
               .redactions = a.redactions + b.redactions,
               .unscannable = a.unscannable + b.unscannable,
               .rule_set_version = a.rule_set_version};
  // The default stands in only where no rule matched anything.
  const bool matched = std::ranges::any_of(
      sum.hits, [](const RuleHit& hit) { return hit.rule_id != RuleId{} && !hit.shadow; });
  if (matched)
    std::erase_if(sum.hits,
                  [](const RuleHit& hit) { return hit.rule_id == RuleId{} && hit.name == kDefaultOutcome; });
  for (const RuleHit& hit : sum.hits) {
    if (!hit.shadow) sum.outcome = std::max(sum.outcome, hit.outcome);
  }
  std::ranges::set_union(a.stamps, b.stamps, std::back_inserter(sum.stamps));
  sum.detectors = a.detectors;
  for (const DetectorCount& more : b.detectors) {
    const auto known = std::ranges::find(sum.detectors, more.detector, &DetectorCount::detector);
    if (known != sum.detectors.end()) {
      known->count += more.count;
      known->redacted += more.redacted;
    } else {
      sum.detectors.push_back(more);
    }
  }
  std::ranges::sort(sum.detectors, {},
                    [](const DetectorCount& count) { return find_detector(count.detector)->id; });
  return sum;
}

}  // namespace gatehouse::policy
