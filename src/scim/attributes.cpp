#include "scim/attributes.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/time.h"
#include "base/uuid.h"
#include "scim/error.h"

namespace gatehouse::scim {
namespace {

using Kind = Column::Kind;

constexpr std::array kUserColumns = {
    Column{"id", Kind::id, "m.user_id"},
    Column{"username", Kind::folded, "u.email"},
    Column{"externalid", Kind::exact, "s.external_id"},
    Column{"displayname", Kind::folded, "coalesce(s.display_name, u.name)"},
    Column{"name.familyname", Kind::folded, "s.family_name"},
    Column{"name.givenname", Kind::folded, "s.given_name"},
    Column{"active", Kind::boolean, "(m.is_active and u.is_active)"},
    Column{"emails", Kind::folded, "coalesce(s.email, u.email)"},
    Column{"emails.value", Kind::folded, "coalesce(s.email, u.email)"},
    Column{"emails.type", Kind::folded, "'work'::text"},
    Column{"emails.primary", Kind::boolean, "'t'::boolean"},
    Column{"meta.created", Kind::time, "m.created_at"},
    Column{"meta.lastmodified", Kind::time, "greatest(m.updated_at, u.updated_at, s.updated_at)"}};

constexpr std::string_view kMember =
    "exists (select from group_members x where x.organization_id = g.organization_id and x.group_id = g.id";
constexpr std::array kGroupColumns = {Column{"id", Kind::id, "g.id"},
                                      Column{"displayname", Kind::folded, "g.name"},
                                      Column{"externalid", Kind::exact, "g.external_id"},
                                      Column{"members", Kind::member, kMember},
                                      Column{"members.value", Kind::member, kMember},
                                      Column{"meta.created", Kind::time, "g.created_at"},
                                      Column{"meta.lastmodified", Kind::time, "g.updated_at"}};

const Column* find(const Resource& resource, const std::string& name) {
  auto found = std::ranges::find(resource.columns, std::string_view(name), &Column::attribute);
  return found == resource.columns.end() ? nullptr : &*found;
}

std::string_view sign(Compare compare) {
  switch (compare) {
    case Compare::gt:
      return ">";
    case Compare::ge:
      return ">=";
    case Compare::lt:
      return "<";
    case Compare::le:
      return "<=";
    case Compare::ne:
      return "is distinct from";
    default:
      return "=";
  }
}

class Writer {
 public:
  Writer(const Resource& resource, pg::Params& params) : resource_(resource), params_(params) {}

  /// `list`: the attribute whose one value the filter is about; empty outside of brackets.
  Result<std::string> condition(const Filter& filter, const std::string& list) {
    switch (filter.kind) {
      case Filter::Kind::all:
        return joined(filter, list, " and ");
      case Filter::Kind::any:
        return joined(filter, list, " or ");
      case Filter::Kind::negated: {
        GH_TRY(auto inside, condition(filter.parts[0], list));
        // What is not there is not equal to anything: its absence is no third answer.
        return fmt::format("not coalesce({}, false)", inside);
      }
      case Filter::Kind::element:
        if (!list.empty() || !filter.attribute.sub.empty()) return unknown(filter.attribute);
        GH_CHECK(check_schema(filter.attribute));
        return condition(filter.parts[0], filter.attribute.name);
      case Filter::Kind::present: {
        GH_TRY(const auto* column, column_of(filter.attribute, list));
        if (column->kind == Kind::member) return fmt::format("{})", column->sql);
        return fmt::format("{} is not null", column->sql);
      }
      case Filter::Kind::compare: {
        GH_TRY(const auto* column, column_of(filter.attribute, list));
        return comparison(*column, filter);
      }
    }
    throw Failure("a filter of no kind");
  }

 private:
  static std::unexpected<Error> unknown(const Attribute& attribute) {
    return refuse("invalidFilter", "It is not possible to filter by " + attribute.full_name());
  }
  Result<void> check_schema(const Attribute& attribute) const {
    if (!attribute.schema.empty() && attribute.schema != resource_.schema) return unknown(attribute);
    return {};
  }

  Result<const Column*> column_of(const Attribute& attribute, const std::string& list) const {
    GH_CHECK(check_schema(attribute));
    if (!list.empty() && !attribute.sub.empty()) return unknown(attribute);
    const auto* column = find(resource_, list.empty() ? attribute.full_name() : list + "." + attribute.name);
    if (!column) return unknown(attribute);
    return column;
  }

  Result<std::string> joined(const Filter& filter, const std::string& list, std::string_view word) {
    std::string sql = "(";
    for (const auto& part : filter.parts) {
      GH_TRY(auto one, condition(part, list));
      if (sql.size() > 1) sql += word;
      sql += one;
    }
    return sql + ")";
  }

  template <class T>
  std::size_t parameter(const T& value) {
    params_.add(value);
    return params_.size();
  }

  static std::unexpected<Error> unfit(const Filter& filter) {
    return refuse("invalidFilter", filter.attribute.full_name() + " cannot be compared in this way");
  }

  Result<std::string> comparison(const Column& column, const Filter& filter) {
    const bool is_equality = filter.compare == Compare::eq || filter.compare == Compare::ne;
    // Equal to null is not present.
    if (std::holds_alternative<std::monostate>(filter.literal)) {
      if (!is_equality || column.kind == Kind::member) return unfit(filter);
      return fmt::format("{} is {}null", column.sql, filter.compare == Compare::eq ? "" : "not ");
    }
    if (column.kind == Kind::boolean) {
      const auto* value = std::get_if<bool>(&filter.literal);
      if (!value || !is_equality) return unfit(filter);
      return fmt::format("{} = {}", column.sql, *value == (filter.compare == Compare::eq));
    }
    const auto* text = std::get_if<std::string>(&filter.literal);
    if (!text) return unfit(filter);
    switch (column.kind) {
      case Kind::folded:
        return of_text(column.sql, filter.compare, *text, true);
      case Kind::exact:
        return of_text(column.sql, filter.compare, *text, false);
      case Kind::id:
      case Kind::member:
        return of_id(column, filter, *text);
      case Kind::time: {
        auto time = parse_rfc3339(*text);
        if (!time) return refuse("invalidFilter", filter.attribute.full_name() + " is a time (RFC 3339)");
        if (filter.compare == Compare::co || filter.compare == Compare::sw || filter.compare == Compare::ew)
          return unfit(filter);
        return fmt::format("{} {} ${}", column.sql, sign(filter.compare), parameter(*time));
      }
      case Kind::boolean:
        break;
    }
    return unfit(filter);
  }

  Result<std::string> of_id(const Column& column, const Filter& filter, const std::string& text) {
    const bool is_equal = filter.compare == Compare::eq;
    if (!is_equal && (column.kind == Kind::member || filter.compare != Compare::ne)) return unfit(filter);
    auto id = Uuid::parse(text);
    if (!id) return std::string(is_equal ? "false" : "true");
    auto at = parameter(*id);
    if (column.kind == Kind::member) return fmt::format("{} and x.user_id = ${})", column.sql, at);
    return fmt::format("{} {} ${}", column.sql, is_equal ? "=" : "<>", at);
  }

  std::string of_text(std::string_view sql, Compare compare, const std::string& text, bool is_folded) {
    auto at = parameter(text);
    // Addresses are stored in lower case: left bare, their index serves.
    const bool is_lower = !is_folded || sql == "u.email";
    auto left = is_lower ? std::string(sql) : fmt::format("lower({})", sql);
    auto right = is_folded ? fmt::format("lower(${}::text)", at) : fmt::format("${}::text", at);
    switch (compare) {
      case Compare::co:
        return fmt::format("position({} in {}) > 0", right, left);
      case Compare::sw:
        return fmt::format("starts_with({}, {})", left, right);
      case Compare::ew:
        return fmt::format("right({}, length({})) = {}", left, right, right);
      default:
        return fmt::format("{} {} {}", left, sign(compare), right);
    }
  }

  const Resource& resource_;
  pg::Params& params_;
};

}  // namespace

const Resource kUsers{"urn:ietf:params:scim:schemas:core:2.0:user", kUserColumns};
const Resource kGroups{"urn:ietf:params:scim:schemas:core:2.0:group", kGroupColumns};

Result<std::string> to_sql(const Resource& resource, const Filter& filter, pg::Params& params) {
  return Writer(resource, params).condition(filter, {});
}

Result<std::string_view> sort_key(const Resource& resource, std::string_view sort_by) {
  auto path = parse_path(sort_by);
  if (path && !path->element && (path->attribute.schema.empty() || path->attribute.schema == resource.schema))
    if (const auto* column = find(resource, path->attribute.full_name());
        column && column->kind != Kind::member)
      return column->sql;
  return refuse("invalidValue", "It is not possible to sort by this attribute");
}

}  // namespace gatehouse::scim
