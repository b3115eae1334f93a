// Rows of providers, their keys and models.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "domain/ids.h"
#include "models/catalogue.h"
#include "pg/batch.h"
#include "pg/rows.h"

namespace gatehouse::models {

struct ProviderRow {
  ProviderId id;
  std::string name;
  ProviderKind kind = ProviderKind::demo;
  std::string base_url;
  std::optional<std::string> key_last_four;
  bool is_active = true;
  std::int64_t version = 1;
};
BOOST_DESCRIBE_STRUCT(ProviderRow, (), (id, name, kind, base_url, key_last_four, is_active, version))

struct ModelRow {
  ModelId id;
  ProviderId provider_id;
  std::string name;
  std::string upstream_name;
  std::string display_name;
  std::string provider_name;
  bool is_demo = false;
  std::int64_t input_price = 0;
  std::int64_t output_price = 0;
};
BOOST_DESCRIBE_STRUCT(ModelRow, (),
                      (id, provider_id, name, upstream_name, display_name, provider_name, is_demo,
                       input_price, output_price))

/// By name; all, or one.
void add_select_providers(pg::Batch&, OrganizationId, std::optional<ProviderId>);
/// The one provider, locked until the transaction ends.
void add_lock_provider(pg::Batch&, OrganizationId, ProviderId);
/// By name. Those that can be called; all; those of one provider.
void add_select_callable_models(pg::Batch&, OrganizationId);
void add_select_models(pg::Batch&, OrganizationId, std::optional<ProviderId>);

void add_insert_provider(pg::Batch&, OrganizationId, const ProviderRow&);
void add_update_provider(pg::Batch&, OrganizationId, const ProviderRow&);
void add_delete_provider(pg::Batch&, OrganizationId, ProviderId);
/// The provider's models become these: ids of models that stay are kept.
void add_replace_models(pg::Batch&, OrganizationId, ProviderId, const std::vector<ModelRow>&);
/// In place of the key there was, which is gone.
void add_replace_key(pg::Batch&, OrganizationId, ProviderId, Uuid key, const vault::Sealed&,
                     const std::string& last_four);

}  // namespace gatehouse::models
