// Filters and attribute paths of SCIM (RFC 7644, figures 1 and 7), parsed within limits. Pure.
//
//   userName eq "ana@acme.test" and not (active eq false)
//   emails[type eq "work"].value                              a path
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"

namespace gatehouse::scim {

inline constexpr std::size_t kMaxFilterBytes = 4'096;
inline constexpr int kMaxFilterDepth = 12;          // brackets of either kind inside one another
inline constexpr std::size_t kMaxFilterTerms = 64;  // comparisons
inline constexpr std::size_t kMaxAttributeBytes = 200;

/// `urn:…:User:name.givenName`, in lower case: names of attributes are compared without regard to case.
struct Attribute {
  std::string schema;  // without the last colon; empty: none was named
  std::string name;    // empty: the schema itself, as a path
  std::string sub;     // empty: none

  /// `name.sub`, or `name`.
  std::string full_name() const { return sub.empty() ? name : name + "." + sub; }
  bool operator==(const Attribute&) const = default;
};

enum class Compare { eq, ne, co, sw, ew, gt, ge, lt, le };

/// null, boolean, number, or text without U+0000.
using Literal = std::variant<std::monostate, bool, double, std::string>;

struct Filter {
  enum class Kind {
    compare,  // attribute, operation, literal
    present,  // attribute
    all,      // parts: two or more
    any,      // parts: two or more
    negated,  // parts: one
    element,  // attribute[parts: one]: about one value of a list
  };
  Kind kind = Kind::present;
  Attribute attribute;
  Compare compare = Compare::eq;
  Literal literal;
  std::vector<Filter> parts;

  bool operator==(const Filter&) const = default;
};

/// Errors: validation_failed (`invalidFilter`).
Result<Filter> parse_filter(std::string_view);

/// What an operation of PATCH is about.
struct Path {
  Attribute attribute;            // its `sub` also when it stands behind the filter
  std::optional<Filter> element;  // whose attributes are those of the list's values
};
/// Errors: validation_failed (`invalidPath`).
Result<Path> parse_path(std::string_view);

}  // namespace gatehouse::scim
