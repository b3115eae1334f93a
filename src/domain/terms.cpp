#include "domain/terms.h"

#include <string>

#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>

namespace gatehouse {

std::string_view to_string(Region value) {
  return boost::describe::enum_to_string(value, "?");
}
std::string_view to_string(RoleCode value) {
  return boost::describe::enum_to_string(value, "?");
}
std::string_view to_string(GovernanceRole value) {
  return boost::describe::enum_to_string(value, "?");
}
std::string_view to_string(ResourceKind value) {
  return boost::describe::enum_to_string(value, "?");
}
std::string_view to_string(AclAction value) {
  return boost::describe::enum_to_string(value, "?");
}
std::string_view to_string(DataMode value) {
  return boost::describe::enum_to_string(value, "?");
}
std::string_view to_string(TenantStatus value) {
  return boost::describe::enum_to_string(value, "?");
}
std::string_view to_string(WorkspaceType value) {
  return boost::describe::enum_to_string(value, "?");
}
std::string_view to_string(Reach value) {
  return boost::describe::enum_to_string(value, "?");
}

std::optional<Region> parse_region(std::string_view text) {
  Region region{};
  return boost::describe::enum_from_string(std::string(text).c_str(), region) ? std::optional(region)
                                                                              : std::nullopt;
}

}  // namespace gatehouse
