// Where a provider of an organization is, as one word in an address: `us.<organization>.<provider>`. Region
// and organization are read before anything is looked up.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/ids.h"
#include "domain/terms.h"
#include "json/type_codec.h"

namespace gatehouse::sso {

class ProviderAddress {
 public:
  ProviderAddress() = default;
  ProviderAddress(Region region, OrganizationId organization, IdentityProviderId provider)
      : region(region), organization(organization), provider(provider) {}

  static std::optional<ProviderAddress> parse(std::string_view);
  std::string to_string() const;
  bool operator==(const ProviderAddress&) const = default;

  Region region = Region::us;
  OrganizationId organization;
  IdentityProviderId provider;
};

}  // namespace gatehouse::sso

template <>
struct gatehouse::json::Codec<gatehouse::sso::ProviderAddress>
    : gatehouse::json::TextCodec<gatehouse::sso::ProviderAddress> {
  static constexpr std::string_view kWhat = "a provider's address";
  static constexpr std::string_view kFormat = "";
  static Value schema(Components&) { return {{"type", "string"}, {"maxLength", 96}}; }
};
