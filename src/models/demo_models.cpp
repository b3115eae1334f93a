#include "models/demo_models.h"

#include "base/uuid.h"
#include "pg/params.h"
#include "pg/statement.h"

namespace gatehouse::models {
namespace {

constexpr pg::Statement kInsertProvider{
    "models.insert_demo_provider",
    "insert into providers (organization_id, id, name, kind) values ($1, $2, 'demo', 'demo')"
    " on conflict do nothing"};
// Prices, so that cost is something to see: a tenth and a half of a cent per thousand tokens.
constexpr pg::Statement kInsertModels{
    "models.insert_demo_models",
    "insert into models (organization_id, id, provider_id, name, upstream_name, display_name, input_price,"
    " output_price) select $1, m.id, p.id, m.name, m.name, m.display_name, 1000000, 5000000"
    " from unnest($2::uuid[], $3::text[], $4::text[]) as m (id, name, display_name)"
    " join providers p on p.organization_id = $1 and p.name = 'demo' and p.kind = 'demo'"
    " on conflict do nothing"};

}  // namespace

void insert_demo_provider(pg::Batch& batch, OrganizationId organization) {
  batch.add(kInsertProvider, pg::params(organization, ProviderId::make()));
  batch.add(kInsertModels, pg::params(organization, std::vector<ModelId>{ModelId::make(), ModelId::make()},
                                      std::vector<std::string>{"demo/assistant", "demo/echo"},
                                      std::vector<std::string>{"Assistant (demo)", "Echo (demo)"}));
}

}  // namespace gatehouse::models
