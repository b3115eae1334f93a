#include "access/plan.h"

#include "json/leaf.h"

namespace gatehouse::access {

std::optional<std::int64_t> Features::number(std::string_view name) const {
  auto found = values_.find(name);
  if (found == values_.end()) return std::nullopt;
  const auto* value = std::get_if<std::int64_t>(&found->second);
  return value ? std::optional(*value) : std::nullopt;
}

bool Features::is_on(std::string_view name) const {
  auto found = values_.find(name);
  return found == values_.end() || found->second != Value(false);
}

}  // namespace gatehouse::access

namespace gatehouse::json {
namespace {

constexpr std::size_t kMostFeatures = 64;
constexpr std::size_t kMostName = 63;
constexpr std::int64_t kMostNumber = 1'000'000'000'000;
// Limits by which something is counted: a switch in their place would mean nothing, and so would 0 of some.
constexpr std::pair<std::string_view, std::int64_t> kNumbers[] = {{"max_users", 1},
                                                                  {"max_storage_gb", 0},
                                                                  {"requests_per_second", 1},
                                                                  {"workspace_requests_per_second", 1}};

bool is_name(std::string_view name) {
  auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
  if (name.empty() || name.size() > kMostName || !is_lower(name.front())) return false;
  return std::ranges::all_of(name, [&](char c) { return is_lower(c) || (c >= '0' && c <= '9') || c == '_'; });
}

}  // namespace

void Codec<access::Features>::decode(const Value& value, access::Features& out, const Place& at) {
  const auto* object = value.if_object();
  if (!object) return at.fail("wrong_type", "must be an object");
  if (object->size() > kMostFeatures) return at.fail("too_many", "must have at most 64 members");
  out.values_.clear();
  for (const auto& [key, member] : *object) {
    std::string_view name = key;
    if (!is_name(name)) {
      at.fail("bad_name", "names are lower-case letters, digits and underscores, at most 63");
      return;
    }
    auto place = at.member(name);
    const auto* number = std::ranges::find(kNumbers, name, &std::pair<std::string_view, std::int64_t>::first);
    if (number == std::end(kNumbers) && member.is_bool()) {
      out.values_.emplace(name, member.get_bool());
      continue;
    }
    std::int64_t count = 0;
    auto least = number == std::end(kNumbers) ? 0 : number->second;
    if (detail::decode_signed(member, count, place, least, kMostNumber)) out.values_.emplace(name, count);
  }
}

void Codec<access::Features>::encode(std::string& out, const access::Features& features) {
  Object object;
  for (const auto& [name, value] : features.values())
    std::visit([&, key = std::string_view(name)](auto one) { object[key] = one; }, value);
  out += write(object);
}

Value Codec<access::Features>::schema(Components&) {
  return detail::parse_own(R"({"type":"object","maxProperties":64,
    "propertyNames":{"pattern":"^[a-z][a-z0-9_]{0,62}$"},
    "properties":{"max_users":{"type":"integer","minimum":1},"max_storage_gb":{"type":"integer","minimum":0},
      "requests_per_second":{"type":"integer","minimum":1},
      "workspace_requests_per_second":{"type":"integer","minimum":1}},
    "additionalProperties":{"type":["boolean","integer"]}})");
}

}  // namespace gatehouse::json
