#include "models/providers_store.h"

namespace gatehouse::models {
namespace {

constexpr pg::Statement kSelectProviders{
    "models.select_providers",
    "select p.id, p.name, p.kind, p.base_url, k.last_four as key_last_four, p.is_active, p.version"
    " from providers p left join provider_keys k on k.organization_id = p.organization_id"
    " and k.provider_id = p.id and k.is_active"
    " where p.organization_id = $1 and ($2::uuid is null or p.id = $2) order by p.name"};
constexpr pg::Statement kLockProvider{
    "models.lock_provider", "select id from providers where organization_id = $1 and id = $2 for update"};
constexpr pg::Statement kSelectModels{
    "models.select_models",
    "select m.id, m.provider_id, m.name, m.upstream_name, m.display_name, p.name as provider_name,"
    " p.kind = 'demo' as is_demo, m.input_price, m.output_price"
    " from models m join providers p on p.organization_id = m.organization_id and p.id = m.provider_id"
    " where m.organization_id = $1 and m.is_active"
    " and ($2::uuid is null or p.id = $2) order by m.name"};
constexpr pg::Statement kSelectCallableModels{
    "models.select_callable_models",
    "select m.id, m.provider_id, m.name, m.upstream_name, m.display_name, p.name as provider_name,"
    " p.kind = 'demo' as is_demo, m.input_price, m.output_price"
    " from models m join providers p on p.organization_id = m.organization_id and p.id = m.provider_id"
    " where m.organization_id = $1 and m.is_active and p.is_active order by m.name"};
constexpr pg::Statement kInsertProvider{
    "models.insert_provider",
    "insert into providers (organization_id, id, name, kind, base_url, is_active)"
    " values ($1, $2, $3, $4, $5, $6)"};
constexpr pg::Statement kUpdateProvider{"models.update_provider",
                                        "update providers set base_url = $3, is_active = $4, version = $5 "
                                        "where organization_id = $1 and id = $2"};
constexpr pg::Statement kDeleteProvider{"models.delete_provider",
                                        "delete from providers where organization_id = $1 and id = $2"};
constexpr pg::Statement kDeleteOtherModels{
    "models.delete_other_models",
    "delete from models where organization_id = $1 and provider_id = $2 and name <> all ($3::text[])"};
constexpr pg::Statement kUpsertModels{
    "models.upsert_models",
    "insert into models (organization_id, id, provider_id, name, upstream_name, display_name, input_price,"
    " output_price) select $1, m.id, $2, m.name, m.upstream_name, m.display_name, m.input_price,"
    " m.output_price from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::int8[], $8::int8[])"
    " as m (id, name, upstream_name, display_name, input_price, output_price)"
    " on conflict (organization_id, name) do update set upstream_name = excluded.upstream_name,"
    " display_name = excluded.display_name, input_price = excluded.input_price,"
    " output_price = excluded.output_price, is_active = true"};
constexpr pg::Statement kDeleteKeys{
    "models.delete_keys", "delete from provider_keys where organization_id = $1 and provider_id = $2"};
constexpr pg::Statement kInsertKey{
    "models.insert_key",
    "insert into provider_keys (organization_id, id, provider_id, sealed_key, key_version, last_four)"
    " values ($1, $2, $3, $4, $5, $6)"};

template <class T>
std::vector<T> column(const std::vector<ModelRow>& models, T ModelRow::* member) {
  std::vector<T> values;
  values.reserve(models.size());
  for (const auto& model : models) values.push_back(model.*member);
  return values;
}

}  // namespace

void add_select_providers(pg::Batch& batch, OrganizationId organization, std::optional<ProviderId> provider) {
  batch.add(kSelectProviders, pg::params(organization, provider));
}

void add_lock_provider(pg::Batch& batch, OrganizationId organization, ProviderId provider) {
  batch.add(kLockProvider, pg::params(organization, provider));
}

void add_select_models(pg::Batch& batch, OrganizationId organization, std::optional<ProviderId> provider) {
  batch.add(kSelectModels, pg::params(organization, provider));
}

void add_select_callable_models(pg::Batch& batch, OrganizationId organization) {
  batch.add(kSelectCallableModels, pg::params(organization));
}

void add_insert_provider(pg::Batch& batch, OrganizationId organization, const ProviderRow& row) {
  batch.add(kInsertProvider,
            pg::params(organization, row.id, row.name, row.kind, row.base_url, row.is_active));
}

void add_update_provider(pg::Batch& batch, OrganizationId organization, const ProviderRow& row) {
  batch.add(kUpdateProvider, pg::params(organization, row.id, row.base_url, row.is_active,
                                        static_cast<std::int32_t>(row.version)));
}

void add_delete_provider(pg::Batch& batch, OrganizationId organization, ProviderId provider) {
  batch.add(kDeleteProvider, pg::params(organization, provider));
}

void add_replace_models(pg::Batch& batch, OrganizationId organization, ProviderId provider,
                        const std::vector<ModelRow>& models) {
  auto names = column(models, &ModelRow::name);
  batch.add(kDeleteOtherModels, pg::params(organization, provider, names));
  batch.add(kUpsertModels,
            pg::params(organization, provider, column(models, &ModelRow::id), names,
                       column(models, &ModelRow::upstream_name), column(models, &ModelRow::display_name),
                       column(models, &ModelRow::input_price), column(models, &ModelRow::output_price)));
}

void add_replace_key(pg::Batch& batch, OrganizationId organization, ProviderId provider, Uuid key,
                     const vault::Sealed& sealed, const std::string& last_four) {
  batch.add(kDeleteKeys, pg::params(organization, provider));
  batch.add(kInsertKey, pg::params(organization, key, provider, sealed.bytes,
                                   static_cast<std::int32_t>(sealed.key_version()), last_four));
}

}  // namespace gatehouse::models
