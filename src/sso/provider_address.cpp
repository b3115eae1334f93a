#include "sso/provider_address.h"

namespace gatehouse::sso {

std::optional<ProviderAddress> ProviderAddress::parse(std::string_view text) {
  auto first = text.find('.');
  auto second = first == text.npos ? text.npos : text.find('.', first + 1);
  if (second == text.npos) return std::nullopt;
  auto region = parse_region(text.substr(0, first));
  auto organization = OrganizationId::parse(text.substr(first + 1, second - first - 1));
  auto provider = IdentityProviderId::parse(text.substr(second + 1));
  if (!region || !organization || !provider) return std::nullopt;
  return ProviderAddress(*region, *organization, *provider);
}

std::string ProviderAddress::to_string() const {
  return std::string(gatehouse::to_string(region)) + "." + organization.to_string() + "." +
         provider.to_string();
}

}  // namespace gatehouse::sso
