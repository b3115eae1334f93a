#include "identity/client_id.h"

namespace gatehouse::identity {
namespace {

constexpr std::string_view kScheme = "gatehouse://";

std::optional<ClientId> parse_with(std::string_view text, char separator) {
  auto first = text.find(separator);
  auto second = first == text.npos ? first : text.find(separator, first + 1);
  if (second == text.npos) return std::nullopt;
  auto region = parse_region(text.substr(0, first));
  auto organization = OrganizationId::parse(text.substr(first + 1, second - first - 1));
  auto account = ServiceAccountId::parse(text.substr(second + 1));
  if (!region || !organization || !account) return std::nullopt;
  return ClientId{*region, *organization, *account};
}

}  // namespace

std::string ClientId::to_string() const {
  return std::string(gatehouse::to_string(region)) + "." + organization.to_string() + "." +
         account.to_string();
}

std::optional<ClientId> ClientId::parse(std::string_view text) {
  return parse_with(text, '.');
}

std::optional<ClientId> client_of_certificate(const http::Request& request) {
  if (!request.client_certificate) return std::nullopt;
  if (auto header = request.headers.find("gatehouse-client")) return ClientId::parse(*header);
  for (std::string_view uri : request.client_certificate->uris)
    if (uri.starts_with(kScheme))
      if (auto named = parse_with(uri.substr(kScheme.size()), '/')) return named;
  return std::nullopt;
}

}  // namespace gatehouse::identity
