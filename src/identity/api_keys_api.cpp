// API keys: what a program uses in a person's place.
#include "access/page.h"
#include "access/workspace_access.h"
#include "crypto/token.h"
#include "identity/api_keys_store.h"
#include "identity/operation_groups.h"
#include "identity/program_scope.h"
#include "identity/service_token.h"

namespace gatehouse::identity {
namespace {

using access::Call;
using access::Created;
using access::Input;
using access::NoContent;
using access::None;
using access::Page;
using access::PageQuery;
using access::Permission;

struct CreateApiKey {
  json::Name<255> name;
  std::optional<WorkspaceId> workspace_id;  // default: the call's workspace
  std::optional<Timestamp> expires_at;      // default: never
  /// What it opens besides telling whose it is; none of it more than its maker may. Default: calling and
  /// listing models.
  std::optional<json::List<json::Text<1, 64>, 64>> permissions;
  std::optional<json::List<json::Text<2, 49>, 50>> allowed_addresses;  // networks; default: from anywhere
};
BOOST_DESCRIBE_STRUCT(CreateApiKey, (), (name, workspace_id, expires_at, permissions, allowed_addresses))

struct NewKeyView {
  ApiKeyView api_key;
  std::string secret;
};
BOOST_DESCRIBE_STRUCT(NewKeyView, (), (api_key, secret))

struct ApiKeyPath {
  ApiKeyId api_key_id;
};
BOOST_DESCRIBE_STRUCT(ApiKeyPath, (), (api_key_id))

/// The networks in their own spelling. Errors: validation_failed.
Result<std::vector<std::string>> to_networks(const std::optional<json::List<json::Text<2, 49>, 50>>& texts,
                                             std::string_view at) {
  std::vector<std::string> networks;
  std::vector<FieldError> wrong;
  for (std::size_t i = 0; texts && i < texts->size(); ++i)
    if (auto network = http::Cidr::parse((*texts)[i].str()))
      networks.push_back(network->to_string());
    else
      wrong.push_back({std::string(at) + "/" + std::to_string(i), "bad_format",
                       "must be an address or a network such as 10.0.0.0/8"});
  if (!wrong.empty()) return fail(invalid(std::move(wrong)));
  return networks;
}

Task<Result<Page<ApiKeyView>>> list(Call& call, PageQuery query) {
  std::optional<ApiKeyId> before;
  if (query.page_token) {
    GH_CO_TRY(auto cursor, access::open_page_token(call, *query.page_token));
    before = ApiKeyId::parse(cursor);
  }
  auto limit = query.limit->value();
  Page<ApiKeyView> page{.data = co_await list_api_keys(call, before, limit + 1)};
  if (page.data.size() > static_cast<std::size_t>(limit)) {
    page.data.resize(static_cast<std::size_t>(limit));
    page.next_page_token = access::make_page_token(call, page.data.back().id.to_string());
  }
  call.audit().payload["count"] = page.data.size();
  co_return page;
}

Task<Result<Created<NewKeyView>>> create(Call& call, CreateApiKey body) {
  if (body.expires_at && *body.expires_at <= gatehouse::now())
    co_return fail(invalid("/expires_at", "out_of_range", "must be in the future"));
  auto workspace = body.workspace_id.value_or(call.workspace());
  if (workspace.is_nil()) co_return fail(ErrorCode::workspace_required);
  if (!co_await access::may_use_workspace(call.tenant(), call.user(), call.reach(), workspace))
    co_return fail(invalid("/workspace_id", "unknown", "is no workspace that you may use"));
  std::optional<std::vector<std::string>> permissions;
  if (body.permissions) {
    GH_CO_TRY(auto given,
              co_await permissions_to_give(call, ProgramKind::api_key, workspace, *body.permissions));
    permissions = names_of(given);
  }
  GH_CO_TRY(auto addresses, to_networks(body.allowed_addresses, "/allowed_addresses"));

  auto id = ApiKeyId::make();
  auto token = crypto::issue_token({.kind = crypto::TokenKind::api_key,
                                    .region = std::string(to_string(call.region())),
                                    .organization = call.organization().value,
                                    .id = id.value});
  auto view = co_await insert_api_key(call, {.id = id,
                                             .workspace = workspace,
                                             .name = std::move(body.name).str(),
                                             .hash = token.stored,
                                             .last_four = token.text.last_four(),
                                             .permissions = std::move(permissions),
                                             .allowed_addresses = std::move(addresses),
                                             .expires_at = body.expires_at});
  call.audit().resource_id = id.to_string();
  call.audit().payload["workspace_id"] = workspace.to_string();
  call.audit().payload["permissions"] = json::Value(view.permissions.size());
  co_return Created<NewKeyView>{{.api_key = std::move(view), .secret = std::string(token.text.reveal())}};
}

}  // namespace

void add_api_key_operations(access::Operations& operations, Identity& identity) {
  operations.add({.method = http::Method::get,
                  .path = "/api/api-keys",
                  .id = "listApiKeys",
                  .summary = "One's own API keys, or everybody's for administrators, newest first",
                  .tag = "api_key",
                  .permission = Permission::api_keys_read,
                  .audit_action = "api_key.list",
                  .rate = access::RateClass::read},
                 [](Call& call, Input<None, PageQuery> in) -> Task<Result<Page<ApiKeyView>>> {
                   co_return co_await list(call, std::move(in.query));
                 });

  operations.add({.method = http::Method::post,
                  .path = "/api/api-keys",
                  .id = "createApiKey",
                  .summary = "Make an API key that acts for oneself; its secret is shown once",
                  .tag = "api_key",
                  .permission = Permission::api_keys_manage,
                  .audit_action = "api_key.create",
                  .rate = access::RateClass::write,
                  .idempotent = true,
                  .shows_secret = true,
                  .failures = {ErrorCode::workspace_required}},
                 [](Call& call, Input<None, None, CreateApiKey> in) -> Task<Result<Created<NewKeyView>>> {
                   co_return co_await create(call, std::move(in.body));
                 });

  operations.add({.method = http::Method::delete_,
                  .path = "/api/api-keys/{api_key_id}",
                  .id = "revokeApiKey",
                  .summary = "Revoke an API key, for good and at once",
                  .tag = "api_key",
                  .permission = Permission::api_keys_manage,
                  .audit_action = "api_key.revoke",
                  .rate = access::RateClass::write,
                  .critical = true},
                 [&identity](Call& call, Input<ApiKeyPath> in) -> Task<Result<NoContent>> {
                   auto id = in.path.api_key_id;
                   if (!co_await revoke_api_key(call, id)) co_return fail(ErrorCode::not_found);
                   identity.revocations().add(id.value);
                   call.audit().resource_id = id.to_string();
                   co_return NoContent{};
                 });
}

}  // namespace gatehouse::identity
