// `attributes` and `excludedAttributes` of a request (RFC 7644, 3.9): which members of a resource are shown.
// Pure.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/error.h"
#include "json/value.h"

namespace gatehouse::scim {

class Projection {
 public:
  /// Comma-separated lists; nothing: not sent. Only one of them may be. Errors: invalidValue.
  static Result<Projection> parse(std::optional<std::string_view> attributes,
                                  std::optional<std::string_view> excluded);

  /// Whether the attribute (in lower case) is shown at all.
  bool shows(std::string_view name) const;
  /// `id` and `schemas` always stay.
  void apply(json::Object&) const;

 private:
  bool is_kept(std::string_view name) const;

  std::optional<std::set<std::string>> only_;
  std::set<std::string> excluded_;
};

}  // namespace gatehouse::scim
