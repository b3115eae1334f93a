#include "scim/element.h"

#include "http/syntax.h"
#include "scim/body.h"
#include "scim/error.h"

namespace gatehouse::scim {
namespace {

Result<bool> compares(Compare compare, const json::Value& value, const Literal& literal) {
  if (value.is_bool()) {
    const auto* wanted = std::get_if<bool>(&literal);
    if (!wanted) return compare == Compare::ne;
    if (compare != Compare::eq && compare != Compare::ne)
      return refuse("invalidPath", "This cannot be compared in this way");
    return (value.get_bool() == *wanted) == (compare == Compare::eq);
  }
  const auto* wanted = std::get_if<std::string>(&literal);
  if (!value.is_string() || !wanted) return compare == Compare::ne;
  auto left = http::to_lower(value.get_string()), right = http::to_lower(*wanted);
  switch (compare) {
    case Compare::eq:
      return left == right;
    case Compare::ne:
      return left != right;
    case Compare::co:
      return left.contains(right);
    case Compare::sw:
      return left.starts_with(right);
    case Compare::ew:
      return left.ends_with(right);
    default:
      return refuse("invalidPath", "This cannot be compared in this way");
  }
}

}  // namespace

Result<bool> matches(const Filter& filter, const json::Object& element) {
  switch (filter.kind) {
    case Filter::Kind::all:
      for (const auto& part : filter.parts) {
        GH_TRY(bool holds, matches(part, element));
        if (!holds) return false;
      }
      return true;
    case Filter::Kind::any:
      for (const auto& part : filter.parts) {
        GH_TRY(bool holds, matches(part, element));
        if (holds) return true;
      }
      return false;
    case Filter::Kind::negated: {
      GH_TRY(bool holds, matches(filter.parts[0], element));
      return !holds;
    }
    case Filter::Kind::present:
      return filter.attribute.sub.empty() && find_member(element, filter.attribute.name);
    case Filter::Kind::compare: {
      const auto* value =
          filter.attribute.sub.empty() ? find_member(element, filter.attribute.name) : nullptr;
      return value ? compares(filter.compare, *value, filter.literal) : filter.compare == Compare::ne;
    }
    case Filter::Kind::element:
      break;
  }
  return refuse("invalidPath", "A filter within a filter names no value");
}

}  // namespace gatehouse::scim
