// A prompt document: what may go upstream is clean when it is judged again.
#include "fuzz.h"
#include "json/value.h"
#include "policy/demo_rules_testing.h"
#include "policy/document.h"

namespace {

using namespace gatehouse;

const policy::RuleSet& rules() {
  static const auto compiled = policy::testing::compiled(policy::testing::demo_rules());
  return *compiled;
}

json::Value document_of(std::string_view text) {
  if (auto value = json::parse(text); value && value->is_object()) return *std::move(value);
  return json::Object{{"messages", json::Array{json::Object{{"role", "user"}, {"content", text}}}}};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const policy::Subject subject{.direction = policy::Direction::prompt};
  auto document = document_of({reinterpret_cast<const char*>(data), size});
  auto first = policy::evaluate_document(document, subject, rules());
  if (first.decision.outcome == policy::Outcome::block) return 0;
  auto cleared = document;
  auto second = policy::evaluate_document(document, subject, rules());
  fuzz::require(second.decision.outcome < policy::Outcome::redact,
                "what was cleared holds nothing to redact");
  fuzz::require(document == cleared, "judging what was cleared changes nothing");
  return 0;
}
