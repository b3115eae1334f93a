// Requests cleared under a few rules, for the tests of this folder. Not part of the server.
#pragma once

#include <string>
#include <string_view>

#include "json/value.h"
#include "policy/cleared.h"
#include "policy/demo_rules_testing.h"

namespace gatehouse::models::testing {

/// `project aurora` is blocked, personal data is masked; in both directions.
inline std::shared_ptr<const policy::RuleSet> rules() {
  using namespace policy::testing;
  static const auto made =
      compiled({rule("No project aurora", policy::Outcome::block, phrases({"project aurora"})),
                rule("Personal data", policy::Outcome::redact, finds({"personal_data"}))});
  return made;
}

inline policy::Clearance clear(std::string_view request, policy::Target target = {"demo", "demo/echo"}) {
  return policy::clear(json::parse(request).value(), {.role = "UR"}, {}, std::move(target), rules());
}

inline policy::Cleared cleared(
    std::string_view request = R"({"model":"m","messages":[{"role":"user","content":"hi"}]})",
    policy::Target target = {"demo", "demo/echo"}) {
  return std::move(clear(request, std::move(target)).cleared).value();
}

}  // namespace gatehouse::models::testing
