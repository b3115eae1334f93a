#include "scim/list_query.h"

#include <algorithm>
#include <charconv>

#include "http/syntax.h"
#include "scim/error.h"

namespace gatehouse::scim {
namespace {

constexpr std::int64_t kLastStart = 1'000'000'000;

/// In the RFC's names, without regard to case.
std::optional<std::string_view> find_parameter(const http::Request& request, std::string_view name) {
  for (const auto& [key, value] : request.query)
    if (key.size() == name.size() && http::to_lower(key) == name) return value;
  return std::nullopt;
}

/// Out of the range is the nearest in it: the RFC asks so of both numbers.
Result<std::int64_t> read_number(const http::Request& request, std::string_view name, std::int64_t otherwise,
                                 std::int64_t least, std::int64_t most) {
  auto text = find_parameter(request, name);
  if (!text) return otherwise;
  std::int64_t number = 0;
  auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error == std::errc::result_out_of_range) return text->starts_with('-') ? least : most;
  if (error != std::errc{} || end != text->data() + text->size())
    return refuse("invalidValue", std::string(name) + " is a number");
  return std::clamp(number, least, most);
}

}  // namespace

Result<Projection> read_projection(const http::Request& request) {
  return Projection::parse(find_parameter(request, "attributes"),
                           find_parameter(request, "excludedattributes"));
}

Result<ListQuery> read_list_query(const http::Request& request, const Resource& resource,
                                  OrganizationId organization) {
  ListQuery query{.condition = "true", .params = pg::params(organization)};
  GH_TRY(query.projection, read_projection(request));
  GH_TRY(query.start, read_number(request, "startindex", 1, 1, kLastStart));
  GH_TRY(query.count, read_number(request, "count", 100, 0, kMostResults));
  if (auto text = find_parameter(request, "filter"); text && !text->empty()) {
    GH_TRY(auto filter, parse_filter(*text));
    GH_TRY(query.condition, to_sql(resource, filter, query.params));
  }
  std::string_view key = resource.columns.front().sql;  // the id: in the order they came
  if (auto by = find_parameter(request, "sortby"); by && !by->empty()) {
    GH_TRY(key, sort_key(resource, *by));
  }
  auto order = find_parameter(request, "sortorder");
  bool is_descending = order && http::to_lower(*order) == "descending";
  query.order = std::string(key) + (is_descending ? " desc nulls last" : " asc nulls last");
  return query;
}

json::Object list_response(std::int64_t total, const ListQuery& query, json::Array resources) {
  return {{"schemas", json::Array{"urn:ietf:params:scim:api:messages:2.0:ListResponse"}},
          {"totalResults", total},
          {"startIndex", query.start},
          {"itemsPerPage", resources.size()},
          {"Resources", std::move(resources)}};
}

}  // namespace gatehouse::scim
