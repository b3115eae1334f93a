// What a plan allows: how many requests, how many organizations, and its features.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/error.h"
#include "domain/ids.h"
#include "json/type_codec.h"

namespace gatehouse::access {

/// At most 64 members, named `[a-z][a-z0-9_]{0,62}`: switches and whole numbers of 0 to 10^12. What a name
/// means:
///   max_users                        active memberships of an organization
///   max_storage_gb                   for what stores files; nothing does yet
///   requests_per_second              of the whole organization, at one node
///   workspace_requests_per_second    of one workspace, at one node
/// Any other is a feature: `false` switches it off, absent and `true` leave it on.
class Features {
 public:
  using Value = std::variant<bool, std::int64_t>;

  std::optional<std::int64_t> number(std::string_view name) const;
  bool is_on(std::string_view name) const;
  const std::map<std::string, Value, std::less<>>& values() const { return values_; }
  bool operator==(const Features&) const = default;

 private:
  friend json::Codec<Features>;
  std::map<std::string, Value, std::less<>> values_;
};

struct Plan {
  PlanId id;
  std::string name;
  std::string slug;
  std::optional<std::int64_t> max_tenants;         // none: unlimited
  std::optional<std::int64_t> max_requests_month;  // none: unlimited
  Features features;
  bool is_active = true;
  std::int64_t version = 1;
};

}  // namespace gatehouse::access

template <>
struct gatehouse::json::Codec<gatehouse::access::Features> {
  static constexpr TextForm kTextForm = TextForm::none;
  static void decode(const Value&, access::Features& out, const Place& at);
  static void encode(std::string& out, const access::Features&);
  static Value schema(Components&);
};
