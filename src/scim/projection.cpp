#include "scim/projection.h"

#include <vector>

#include "http/syntax.h"
#include "scim/error.h"
#include "scim/filter.h"

namespace gatehouse::scim {
namespace {

constexpr std::size_t kMostNames = 64;

Result<std::set<std::string>> read_names(std::string_view text) {
  std::set<std::string> names;
  for (std::size_t at = 0; at <= text.size();) {
    auto end = std::min(text.find(',', at), text.size());
    auto one = http::trim(text.substr(at, end - at));
    at = end + 1;
    if (one.empty()) continue;
    auto path = parse_path(one);
    if (!path || path->element || names.size() >= kMostNames)
      return refuse("invalidValue", "attributes and excludedAttributes are lists of attributes");
    names.insert(path->attribute.full_name());
  }
  return names;
}

bool names_part_of(const std::set<std::string>& names, const std::string& name) {
  auto found = names.lower_bound(name + ".");
  return found != names.end() && found->starts_with(name + ".");
}

}  // namespace

Result<Projection> Projection::parse(std::optional<std::string_view> attributes,
                                     std::optional<std::string_view> excluded) {
  Projection projection;
  if (attributes && excluded)
    return refuse("invalidValue", "attributes and excludedAttributes exclude one another");
  if (attributes) {
    GH_TRY(projection.only_, read_names(*attributes));
  }
  if (excluded) {
    GH_TRY(projection.excluded_, read_names(*excluded));
  }
  return projection;
}

bool Projection::is_kept(std::string_view name) const {
  return name == "id" || name == "schemas";
}

bool Projection::shows(std::string_view name) const {
  std::string text(name);
  if (is_kept(text)) return true;
  if (excluded_.contains(text)) return false;
  return !only_ || only_->contains(text) || names_part_of(*only_, text);
}

void Projection::apply(json::Object& resource) const {
  std::vector<std::string> gone;
  for (auto& member : resource) {
    auto name = http::to_lower(member.key());
    if (!shows(name)) {
      gone.emplace_back(member.key());
      continue;
    }
    auto trim = [&](json::Object& part) {
      std::vector<std::string> parts;
      for (const auto& sub : part) {
        auto full = name + "." + http::to_lower(sub.key());
        bool is_named = !only_ || only_->contains(name) || only_->contains(full);
        if (is_kept(name)) is_named = true;
        if (!is_named || excluded_.contains(full)) parts.emplace_back(sub.key());
      }
      for (const auto& key : parts) part.erase(key);
    };
    if (member.value().is_object()) trim(member.value().get_object());
    if (member.value().is_array())
      for (auto& each : member.value().get_array())
        if (each.is_object()) trim(each.get_object());
  }
  for (const auto& key : gone) resource.erase(key);
}

}  // namespace gatehouse::scim
