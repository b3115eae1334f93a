#include "models/providers_api.h"

#include <set>

#include "json/bounded.h"
#include "json/codec.h"
#include "models/base_url.h"
#include "models/providers_store.h"

namespace gatehouse::models {
namespace {

using access::Call;
using access::Input;
using access::None;
using access::Permission;

struct ModelView {
  ModelId id;
  std::string name;
  std::string display_name;
  std::string provider_name;
  bool is_demo = false;
  std::int64_t input_price = 0;   // microdollars per million tokens
  std::int64_t output_price = 0;  // likewise
};
BOOST_DESCRIBE_STRUCT(ModelView, (),
                      (id, name, display_name, provider_name, is_demo, input_price, output_price))

struct ProviderView {
  ProviderId id;
  std::string name;
  ProviderKind kind = ProviderKind::demo;
  std::string base_url;
  bool has_key = false;
  std::optional<std::string> key_last_four;  // empty for a key of fewer than eight characters
  bool is_active = true;
  std::int64_t version = 1;
  std::vector<ModelView> models;
};
BOOST_DESCRIBE_STRUCT(ProviderView, (),
                      (id, name, kind, base_url, has_key, key_last_four, is_active, version, models))

/// `name` is what the provider calls it; callers ask for `<provider>/<name>`.
struct ModelDraft {
  json::Text<1, 120> name;
  std::optional<json::Name<200>> display_name;
  json::Defaulted<json::Int<0, kMaxPrice>> input_price = 0;
  json::Defaulted<json::Int<0, kMaxPrice>> output_price = 0;
};
BOOST_DESCRIBE_STRUCT(ModelDraft, (), (name, display_name, input_price, output_price))

using ModelDrafts = json::List<ModelDraft, 200>;

struct CreateProvider {
  json::Slug name;
  json::Text<1, 2048> base_url;
  json::Text<1, 4096> api_key;
  ModelDrafts models;
};
BOOST_DESCRIBE_STRUCT(CreateProvider, (), (name, base_url, api_key, models))

/// `models` replaces the list; `api_key` replaces the key. The name stays: callers use it. Another `base_url`
/// needs the key again: whoever may change the address must not be able to have the stored key sent there.
struct UpdateProvider {
  std::optional<json::Text<1, 2048>> base_url;
  std::optional<json::Text<1, 4096>> api_key;
  std::optional<bool> is_active;
  std::optional<ModelDrafts> models;
};
BOOST_DESCRIBE_STRUCT(UpdateProvider, (), (base_url, api_key, is_active, models))

struct ProviderPath {
  ProviderId provider_id;
};
BOOST_DESCRIBE_STRUCT(ProviderPath, (), (provider_id))

ModelView view(const ModelRow& row) {
  return {.id = row.id,
          .name = row.name,
          .display_name = row.display_name,
          .provider_name = row.provider_name,
          .is_demo = row.is_demo,
          .input_price = row.input_price,
          .output_price = row.output_price};
}

ProviderView view(const ProviderRow& row, const std::vector<ModelRow>& models) {
  ProviderView shown{.id = row.id,
                     .name = row.name,
                     .kind = row.kind,
                     .base_url = row.base_url,
                     .has_key = row.key_last_four.has_value(),
                     .key_last_four = row.key_last_four,
                     .is_active = row.is_active,
                     .version = row.version};
  for (const auto& model : models)
    if (model.provider_id == row.id) shown.models.push_back(view(model));
  return shown;
}

Result<std::vector<ModelRow>> make_models(const ModelDrafts& drafts, const std::string& provider) {
  std::vector<ModelRow> rows;
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    const auto& draft = drafts[i];
    auto pointer = "/models/" + std::to_string(i) + "/name";
    const std::string& name = draft.name.str();
    if (!std::ranges::all_of(name, [](char c) { return c > ' ' && c < 0x7f; }))
      return fail(invalid(pointer, "bad_format", "must be printable ASCII without spaces"));
    if (!names.insert(name).second) return fail(invalid(pointer, "duplicate", "is in the list twice"));
    auto full = provider + "/" + name;
    rows.push_back({.id = ModelId::make(),
                    .name = full,
                    .upstream_name = name,
                    .display_name = draft.display_name ? draft.display_name->str() : full,
                    .input_price = *draft.input_price,
                    .output_price = *draft.output_price});
  }
  return rows;
}

Result<crypto::Secret> take_key(std::string key) {
  bool is_header_value = std::ranges::all_of(key, [](char c) { return c > ' ' && c < 0x7f; });
  if (!is_header_value) {
    crypto::wipe_text(key);
    return fail(invalid("/api_key", "bad_format", "must be printable ASCII without spaces"));
  }
  return crypto::Secret::take(std::move(key));
}

Task<void> write_key(Call& call, ProviderId provider, crypto::Secret secret) {
  auto key = Uuid::v7();
  auto last_four = secret.last_four();
  auto sealed = co_await call.reactor()
                    .region(call.region())
                    .keyring->seal(key_context(call.organization(), key), std::move(secret));
  pg::Batch batch;
  add_replace_key(batch, call.organization(), provider, key, sealed, last_four);
  co_await call.write(std::move(batch));
}

/// In the call's write transaction, as it stands there.
Task<Result<ProviderView>> written(Call& call, ProviderId provider) {
  pg::Batch batch;
  add_select_providers(batch, call.organization(), provider);
  add_select_models(batch, call.organization(), provider);
  auto rows = co_await call.write(std::move(batch));
  auto found = rows[0].find_one<ProviderRow>();
  if (!found) co_return fail(ErrorCode::not_found);
  call.set_version(found->version);
  co_return view(*found, rows[1].as<ModelRow>());
}

Task<Result<access::Created<ProviderView>>> create(Call& call, const Gateway& gateway,
                                                   CreateProvider wanted) {
  const std::string name = wanted.name;
  if (name == "demo") co_return fail(invalid("/name", "reserved", "is the demo provider's"));
  GH_CO_CHECK(check_base_url(wanted.base_url.str(), gateway.options().egress));
  GH_CO_TRY(auto models, make_models(wanted.models, name));
  GH_CO_TRY(auto secret, take_key(std::move(wanted.api_key).str()));
  ProviderRow row{.id = ProviderId::make(),
                  .name = name,
                  .kind = ProviderKind::openai_compatible,
                  .base_url = wanted.base_url};
  pg::Batch batch;
  add_insert_provider(batch, call.organization(), row);
  add_replace_models(batch, call.organization(), row.id, models);
  co_await call.write(std::move(batch));
  co_await write_key(call, row.id, std::move(secret));
  call.audit().resource_id = row.id.to_string();
  call.audit().payload["name"] = name;
  call.audit().payload["models"] = models.size();
  GH_CO_TRY(auto made, co_await written(call, row.id));
  co_return access::Created{std::move(made)};
}

Task<Result<ProviderView>> update(Call& call, const Gateway& gateway, ProviderId id, UpdateProvider wanted) {
  GH_CO_TRY(auto version, call.if_match());
  pg::Batch lock;
  add_lock_provider(lock, call.organization(), id);
  add_select_providers(lock, call.organization(), id);
  auto rows = co_await call.write(std::move(lock));
  auto row = rows[1].find_one<ProviderRow>();
  if (!row) co_return fail(ErrorCode::not_found);
  if (row->version != version) co_return fail(ErrorCode::precondition_failed);
  if (row->kind == ProviderKind::demo && (wanted.base_url || wanted.api_key || wanted.models))
    co_return fail(ErrorCode::conflict, "The demo provider can only be switched on and off");

  json::Array changed;
  pg::Batch batch;
  if (wanted.base_url && wanted.base_url->str() != row->base_url) {
    if (row->key_last_four && !wanted.api_key)
      co_return std::unexpected(invalid("/api_key", "required", "has to be sent again for another base_url"));
    GH_CO_CHECK(check_base_url(wanted.base_url->str(), gateway.options().egress));
    row->base_url = *wanted.base_url;
    changed.emplace_back("base_url");
  }
  if (wanted.is_active) {
    row->is_active = *wanted.is_active;
    changed.emplace_back("is_active");
  }
  ++row->version;
  add_update_provider(batch, call.organization(), *row);
  if (wanted.models) {
    GH_CO_TRY(auto models, make_models(*wanted.models, row->name));
    add_replace_models(batch, call.organization(), id, models);
    changed.emplace_back("models");
  }
  co_await call.write(std::move(batch));
  if (wanted.api_key) {
    GH_CO_TRY(auto secret, take_key(std::move(*wanted.api_key).str()));
    co_await write_key(call, id, std::move(secret));
    changed.emplace_back("api_key");
  }
  call.audit().resource_id = id.to_string();
  call.audit().payload["changed"] = std::move(changed);
  co_return co_await written(call, id);
}

Task<Result<access::NoContent>> remove(Call& call, ProviderId id) {
  pg::Batch batch;
  add_delete_provider(batch, call.organization(), id);
  auto rows = co_await call.write(std::move(batch));
  if (rows[0].affected() == 0) co_return fail(ErrorCode::not_found);
  call.audit().resource_id = id.to_string();
  co_return access::NoContent{};
}

Task<Result<ProviderView>> get(Call& call, ProviderId id) {
  pg::Batch batch;
  add_select_providers(batch, call.organization(), id);
  add_select_models(batch, call.organization(), id);
  auto rows = co_await call.read(std::move(batch));
  auto found = rows[0].find_one<ProviderRow>();
  if (!found) co_return fail(ErrorCode::not_found);
  call.audit().resource_id = id.to_string();
  call.set_version(found->version);
  co_return view(*found, rows[1].as<ModelRow>());
}

Task<Result<access::Whole<ProviderView>>> list(Call& call) {
  pg::Batch batch;
  add_select_providers(batch, call.organization(), std::nullopt);
  add_select_models(batch, call.organization(), std::nullopt);
  auto rows = co_await call.read(std::move(batch));
  auto models = rows[1].as<ModelRow>();
  access::Whole<ProviderView> whole;
  for (const auto& row : rows[0].as<ProviderRow>()) whole.data.push_back(view(row, models));
  call.audit().payload["count"] = whole.data.size();
  co_return whole;
}

Task<Result<access::Whole<ModelView>>> list_models(Call& call) {
  pg::Batch batch;
  add_select_callable_models(batch, call.organization());
  auto rows = co_await call.read(std::move(batch));
  access::Whole<ModelView> whole;
  for (const auto& row : rows[0].as<ModelRow>()) whole.data.push_back(view(row));
  call.audit().payload["count"] = whole.data.size();
  co_return whole;
}

}  // namespace

void add_provider_operations(access::Operations& operations, Gateway& gateway) {
  operations.add({.method = http::Method::get,
                  .path = "/api/models",
                  .id = "listModels",
                  .summary = "The models that the organization may call",
                  .tag = "model",
                  .permission = Permission::models_read,
                  .audit_action = "model.list",
                  .rate = access::RateClass::read},
                 [](Call& call, Input<>) { return list_models(call); });
  operations.add({.method = http::Method::get,
                  .path = "/api/providers",
                  .id = "listProviders",
                  .summary = "The organization's model providers",
                  .tag = "provider",
                  .permission = Permission::providers_read,
                  .audit_action = "provider.list",
                  .rate = access::RateClass::read},
                 [](Call& call, Input<>) { return list(call); });
  operations.add({.method = http::Method::post,
                  .path = "/api/providers",
                  .id = "createProvider",
                  .summary = "Add an OpenAI-compatible provider",
                  .tag = "provider",
                  .permission = Permission::providers_manage,
                  .audit_action = "provider.create",
                  .rate = access::RateClass::write,
                  .idempotent = true,
                  .etag = access::Etag::gives,
                  .failures = {ErrorCode::already_exists}},
                 [&gateway](Call& call, Input<None, None, CreateProvider> in) {
                   return create(call, gateway, std::move(in.body));
                 });
  operations.add({.method = http::Method::get,
                  .path = "/api/providers/{provider_id}",
                  .id = "getProvider",
                  .summary = "One provider with its models; its key is never shown",
                  .tag = "provider",
                  .permission = Permission::providers_read,
                  .audit_action = "provider.read",
                  .rate = access::RateClass::read,
                  .etag = access::Etag::gives},
                 [](Call& call, Input<ProviderPath> in) { return get(call, in.path.provider_id); });
  operations.add({.method = http::Method::patch,
                  .path = "/api/providers/{provider_id}",
                  .id = "updateProvider",
                  .summary = "Change a provider, its models or its key",
                  .tag = "provider",
                  .permission = Permission::providers_manage,
                  .audit_action = "provider.update",
                  .rate = access::RateClass::write,
                  .etag = access::Etag::updates,
                  .failures = {ErrorCode::precondition_failed, ErrorCode::precondition_required}},
                 [&gateway](Call& call, Input<ProviderPath, None, UpdateProvider> in) {
                   return update(call, gateway, in.path.provider_id, std::move(in.body));
                 });
  operations.add({.method = http::Method::delete_,
                  .path = "/api/providers/{provider_id}",
                  .id = "deleteProvider",
                  .summary = "Remove a provider, its key and its models",
                  .tag = "provider",
                  .permission = Permission::providers_manage,
                  .audit_action = "provider.delete",
                  .rate = access::RateClass::write,
                  .critical = true},
                 [](Call& call, Input<ProviderPath> in) { return remove(call, in.path.provider_id); });
}

}  // namespace gatehouse::models
