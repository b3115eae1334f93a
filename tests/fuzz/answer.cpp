// A streamed answer: however it is cut, what is let out is the redaction of the whole.
#include "fuzz.h"
#include "policy/demo_rules_testing.h"
#include "policy/stream.h"

namespace {

using namespace gatehouse;

std::shared_ptr<const policy::RuleSet> rules() {
  static const auto compiled = [] {
    auto list = policy::testing::demo_rules();
    list.push_back(policy::testing::rule("codes", policy::Outcome::redact,
                                         policy::testing::regexes({R"(PRJ-\d{2,6})", R"(\bx+y)"})));
    return policy::testing::compiled(std::move(list));
  }();
  return compiled;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const policy::Subject subject{.direction = policy::Direction::response};
  fuzz::Cuts input(data, size);
  auto whole = rules()->evaluate_text(input.whole(), subject);
  policy::StreamFilter filter(rules(), subject);
  std::string out;
  input.each_piece([&](std::string_view piece) { out += filter.push(piece); });
  out += filter.finish();
  fuzz::require(out == whole.text, "a stream lets out what the whole would give");
  fuzz::require(filter.blocked() == (whole.decision.outcome == policy::Outcome::block),
                "a stream is blocked exactly if the whole is");
  return 0;
}
