#include "models/catalogue.h"

#include <ranges>

#include "base/log.h"
#include "pg/batch.h"

namespace gatehouse::models {
namespace {

constexpr pg::Statement kCatalogue{
    "models.catalogue",
    "select m.id, m.name, m.display_name, m.upstream_name, m.input_price, m.output_price, m.created_at,"
    " p.name as provider, p.kind, p.base_url, k.id as key_id, k.sealed_key"
    " from models m join providers p on p.organization_id = m.organization_id and p.id = m.provider_id"
    " left join provider_keys k on k.organization_id = p.organization_id and k.provider_id = p.id"
    " and k.is_active where m.organization_id = $1 and m.is_active and p.is_active order by m.name"};

}  // namespace

vault::SealContext key_context(OrganizationId organization, Uuid key) {
  return {.organization = organization.value,
          .table = "provider_keys",
          .row = key.to_string(),
          .field = "sealed_key"};
}

Task<crypto::Secret> open_key(vault::Keyring& keyring, SealedKey key) {
  auto opened = co_await keyring.open(std::move(key.context), std::move(key.sealed));
  if (!opened) throw Failure("a provider's key does not open");
  co_return std::move(*opened);
}

Task<std::shared_ptr<Catalogue>> Catalogue::load(const access::TenantSnapshot& tenant) {
  auto organization = tenant.tenant().id;
  auto rows = co_await tenant.read(pg::Batch(kCatalogue, pg::params(organization)));
  std::vector<std::shared_ptr<const Route>> routes;
  for (std::size_t i = 0; i < rows[0].size(); ++i) {
    auto row = rows[0][i];
    auto route = std::make_shared<Route>();
    route->model = row.get<ModelId>("id");
    route->name = row.get<std::string>("name");
    route->display_name = row.get<std::string>("display_name");
    route->upstream_name = row.get<std::string>("upstream_name");
    route->provider = row.get<std::string>("provider");
    route->kind = row.get<ProviderKind>("kind");
    route->prices = {row.get<std::int64_t>("input_price"), row.get<std::int64_t>("output_price")};
    route->created_at = row.get<Timestamp>("created_at");
    if (route->kind != ProviderKind::demo) {
      auto endpoint = http::Endpoint::parse(row.get<std::string_view>("base_url"));
      if (!endpoint) {
        log::warn("models.bad_base_url", {{"provider", route->provider}});
        continue;
      }
      route->endpoint = std::move(*endpoint);
    }
    if (auto key = row.get<std::optional<Uuid>>("key_id")) {
      auto sealed = vault::Sealed::from_bytes(row.get<crypto::Bytes>("sealed_key"));
      if (!sealed) throw Failure("a provider's key is not sealed as it should be");
      route->key = SealedKey{key_context(organization, *key), std::move(*sealed)};
    }
    routes.push_back(std::move(route));
  }
  co_return std::make_shared<Catalogue>(std::move(routes));
}

Catalogue::Catalogue(std::vector<std::shared_ptr<const Route>> routes) : routes_(std::move(routes)) {
  for (const auto& route : routes_) by_name_.emplace(route->name, route);
}

std::shared_ptr<const Route> Catalogue::find(std::string_view model) const {
  auto found = by_name_.find(model);
  return found == by_name_.end() ? nullptr : found->second;
}

}  // namespace gatehouse::models
