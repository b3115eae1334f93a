// Service accounts: programs that call for nobody, in one workspace, with permissions of their own.
#include "access/page.h"
#include "access/workspace_access.h"
#include "crypto/token.h"
#include "identity/operation_groups.h"
#include "identity/program_scope.h"
#include "identity/service_accounts_store.h"
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

struct CreateServiceAccount {
  json::Name<255> name;
  json::Defaulted<json::Text<0, 1000>> description = "";
  std::optional<WorkspaceId> workspace_id;  // default: the call's
  json::List<json::Text<1, 64>, 64> permissions;
};
BOOST_DESCRIBE_STRUCT(CreateServiceAccount, (), (name, description, workspace_id, permissions))

struct UpdateServiceAccount {
  std::optional<json::Name<255>> name;
  std::optional<json::Text<0, 1000>> description;
  std::optional<json::List<json::Text<1, 64>, 64>> permissions;
  std::optional<bool> is_active;
};
BOOST_DESCRIBE_STRUCT(UpdateServiceAccount, (), (name, description, permissions, is_active))

struct CreateClientSecret {
  std::optional<Timestamp> expires_at;  // default: never
};
BOOST_DESCRIBE_STRUCT(CreateClientSecret, (), (expires_at))

struct NewClientSecretView {
  std::string client_id;
  std::string client_secret;
  ServiceAccountView service_account;
};
BOOST_DESCRIBE_STRUCT(NewClientSecretView, (), (client_id, client_secret, service_account))

struct AddClientCertificate {
  json::Text<1, crypto::kMaxCertificateSize> pem;
};
BOOST_DESCRIBE_STRUCT(AddClientCertificate, (), (pem))

struct AccountPath {
  ServiceAccountId service_account_id;
};
BOOST_DESCRIBE_STRUCT(AccountPath, (), (service_account_id))
struct SecretPath {
  ServiceAccountId service_account_id;
  ServiceAccountSecretId secret_id;
};
BOOST_DESCRIBE_STRUCT(SecretPath, (), (service_account_id, secret_id))
struct CertificatePath {
  ServiceAccountId service_account_id;
  ServiceAccountCertificateId certificate_id;
};
BOOST_DESCRIBE_STRUCT(CertificatePath, (), (service_account_id, certificate_id))

Task<Result<Page<ServiceAccountView>>> list(Call& call, PageQuery query) {
  std::optional<ServiceAccountId> before;
  if (query.page_token) {
    GH_CO_TRY(auto cursor, access::open_page_token(call, *query.page_token));
    before = ServiceAccountId::parse(cursor);
  }
  auto limit = query.limit->value();
  Page<ServiceAccountView> page{.data = co_await list_service_accounts(call, before, limit + 1)};
  if (page.data.size() > static_cast<std::size_t>(limit)) {
    page.data.resize(static_cast<std::size_t>(limit));
    page.next_page_token = access::make_page_token(call, page.data.back().id.to_string());
  }
  call.audit().payload["count"] = page.data.size();
  co_return page;
}

/// As it stands in the call's transaction; its version goes with it.
Task<Result<ServiceAccountView>> show_written(Call& call, ServiceAccountId id) {
  auto found = co_await reread_service_account(call, id);
  if (!found) co_return fail(ErrorCode::not_found);
  co_return std::move(found->view);
}

Task<Result<Created<ServiceAccountView>>> create(Call& call, CreateServiceAccount body) {
  auto workspace = body.workspace_id.value_or(call.workspace());
  if (workspace.is_nil()) co_return fail(ErrorCode::workspace_required);
  if (call.reach() == Reach::workspace && workspace != call.workspace())
    co_return fail(invalid("/workspace_id", "unknown", "is no workspace that you manage programs of"));
  if (!co_await access::may_use_workspace(call.tenant(), call.user(), call.reach(), workspace))
    co_return fail(invalid("/workspace_id", "unknown", "is no workspace that you may use"));
  GH_CO_TRY(auto permissions, co_await permissions_to_give(call, ProgramKind::service_account, workspace,
                                                           std::move(body.permissions)));
  ServiceAccountRow row{.id = ServiceAccountId::make(),
                        .name = std::move(body.name).str(),
                        .description = std::move(*body.description).str(),
                        .workspace_id = workspace,
                        .permissions = names_of(permissions),
                        .is_active = true};
  auto id = row.id;
  call.audit().resource_id = id.to_string();
  call.audit().payload["workspace_id"] = workspace.to_string();
  call.audit().payload["permissions"] = json::parse(json::encode(row.permissions)).value();
  GH_CO_CHECK(co_await insert_service_account(call, std::move(row)));
  GH_CO_TRY(auto view, co_await show_written(call, id));
  co_return Created{std::move(view)};
}

Task<Result<ServiceAccountView>> update(Call& call, ServiceAccountId id, UpdateServiceAccount body) {
  GH_CO_TRY(auto version, call.if_match());
  auto found = co_await reread_service_account(call, id);
  if (!found) co_return fail(ErrorCode::not_found);
  if (found->version != version) co_return fail(ErrorCode::precondition_failed);
  auto& view = found->view;
  ServiceAccountRow row{.id = id,
                        .name = view.name,
                        .description = view.description,
                        .workspace_id = view.workspace_id,
                        .permissions = view.permissions,
                        .is_active = body.is_active.value_or(view.is_active),
                        .version = version};
  json::Array changed;
  if (body.name) {
    row.name = std::move(*body.name).str();
    changed.emplace_back("name");
  }
  if (body.description) {
    row.description = std::move(*body.description).str();
    changed.emplace_back("description");
  }
  if (body.permissions) {
    GH_CO_TRY(auto permissions, co_await permissions_to_give(call, ProgramKind::service_account,
                                                             row.workspace_id, std::move(*body.permissions)));
    row.permissions = names_of(permissions);
    changed.emplace_back("permissions");
  } else if (row.is_active && !view.is_active) {
    GH_CO_CHECK(co_await check_may_hold(call, row.workspace_id, row.permissions));
  }
  if (body.is_active) changed.emplace_back("is_active");
  call.audit().resource_id = id.to_string();
  call.audit().payload["changed"] = std::move(changed);
  GH_CO_TRY(bool is_done, co_await update_service_account(call, std::move(row)));
  if (!is_done) co_return fail(ErrorCode::precondition_failed);
  call.set_version(version + 1);
  co_return co_await show_written(call, id);
}

Task<Result<Created<NewClientSecretView>>> create_secret(Call& call, ServiceAccountId id,
                                                         CreateClientSecret body) {
  if (body.expires_at && *body.expires_at <= gatehouse::now())
    co_return fail(invalid("/expires_at", "out_of_range", "must be in the future"));
  auto found = co_await reread_service_account(call, id);
  if (!found) co_return fail(ErrorCode::not_found);
  GH_CO_CHECK(co_await check_may_hold(call, found->view.workspace_id, found->view.permissions));
  if (found->view.secrets.size() >= 10)
    co_return fail(ErrorCode::conflict, "Ten secrets at most; revoke one");
  auto secret_id = ServiceAccountSecretId::make();
  auto token = crypto::issue_token({.kind = crypto::TokenKind::client_secret,
                                    .region = std::string(to_string(call.region())),
                                    .organization = call.organization().value,
                                    .id = secret_id.value});
  co_await insert_client_secret(call, {.id = secret_id,
                                       .account = id,
                                       .hash = token.stored,
                                       .last_four = token.text.last_four(),
                                       .expires_at = body.expires_at});
  call.audit().resource_id = id.to_string();
  call.audit().payload["secret_id"] = secret_id.to_string();
  GH_CO_TRY(auto view, co_await show_written(call, id));
  co_return Created{NewClientSecretView{.client_id = view.client_id,
                                        .client_secret = std::string(token.text.reveal()),
                                        .service_account = std::move(view)}};
}

Task<Result<Created<ServiceAccountView>>> add_certificate(Call& call, ServiceAccountId id,
                                                          AddClientCertificate body) {
  auto certificate = crypto::read_certificate(body.pem.str());
  if (!certificate) co_return fail(invalid("/pem", "bad_format", certificate.error().detail));
  if (certificate->not_after <= gatehouse::now()) co_return fail(invalid("/pem", "expired", "has expired"));
  if (certificate->subject.size() > 1000)
    co_return fail(invalid("/pem", "too_long", "has a subject that is too long"));
  auto found = co_await reread_service_account(call, id);
  if (!found) co_return fail(ErrorCode::not_found);
  GH_CO_CHECK(co_await check_may_hold(call, found->view.workspace_id, found->view.permissions));
  if (found->view.certificates.size() >= 10)
    co_return fail(ErrorCode::conflict, "Ten certificates at most; revoke one");
  auto certificate_id = ServiceAccountCertificateId::make();
  call.audit().resource_id = id.to_string();
  call.audit().payload["certificate_id"] = certificate_id.to_string();
  GH_CO_CHECK(co_await insert_client_certificate(call, certificate_id, id, std::move(*certificate)));
  GH_CO_TRY(auto view, co_await show_written(call, id));
  co_return Created{std::move(view)};
}

void add_account_operations(access::Operations& operations) {
  operations.add({.method = http::Method::get,
                  .path = "/api/service-accounts",
                  .id = "listServiceAccounts",
                  .summary = "Service accounts with their secrets and certificates, newest first",
                  .tag = "service_account",
                  .permission = Permission::service_accounts_read,
                  .audit_action = "service_account.list",
                  .rate = access::RateClass::read},
                 [](Call& call, Input<None, PageQuery> in) { return list(call, std::move(in.query)); });
  operations.add({.method = http::Method::post,
                  .path = "/api/service-accounts",
                  .id = "createServiceAccount",
                  .summary = "Make a service account for one workspace, with no more than one may oneself",
                  .tag = "service_account",
                  .permission = Permission::service_accounts_manage,
                  .audit_action = "service_account.create",
                  .rate = access::RateClass::write,
                  .idempotent = true,
                  .failures = {ErrorCode::already_exists, ErrorCode::workspace_required}},
                 [](Call& call, Input<None, None, CreateServiceAccount> in) {
                   return create(call, std::move(in.body));
                 });
  operations.add({.method = http::Method::get,
                  .path = "/api/service-accounts/{service_account_id}",
                  .id = "getServiceAccount",
                  .summary = "One service account",
                  .tag = "service_account",
                  .permission = Permission::service_accounts_read,
                  .audit_action = "service_account.read",
                  .rate = access::RateClass::read,
                  .etag = access::Etag::gives},
                 [](Call& call, Input<AccountPath> in) -> Task<Result<ServiceAccountView>> {
                   auto id = in.path.service_account_id;
                   call.audit().resource_id = id.to_string();
                   auto found = co_await find_service_account(call, id);
                   if (!found) co_return fail(ErrorCode::not_found);
                   call.set_version(found->version);
                   co_return std::move(found->view);
                 });
  operations.add({.method = http::Method::patch,
                  .path = "/api/service-accounts/{service_account_id}",
                  .id = "updateServiceAccount",
                  .summary = "Rename a service account, change what it may, or switch it off or on",
                  .tag = "service_account",
                  .permission = Permission::service_accounts_manage,
                  .audit_action = "service_account.update",
                  .rate = access::RateClass::write,
                  .critical = true,
                  .etag = access::Etag::updates,
                  .failures = {ErrorCode::already_exists}},
                 [](Call& call, Input<AccountPath, None, UpdateServiceAccount> in) {
                   return update(call, in.path.service_account_id, std::move(in.body));
                 });
}

void add_credential_operations(access::Operations& operations) {
  operations.add({.method = http::Method::post,
                  .path = "/api/service-accounts/{service_account_id}/secrets",
                  .id = "createClientSecret",
                  .summary = "Another secret, shown once; the others stay good, so that it can be rotated",
                  .tag = "service_account",
                  .permission = Permission::service_accounts_manage,
                  .audit_action = "service_account.secret.create",
                  .rate = access::RateClass::write,
                  .idempotent = true,
                  .shows_secret = true},
                 [](Call& call, Input<AccountPath, None, CreateClientSecret> in) {
                   return create_secret(call, in.path.service_account_id, std::move(in.body));
                 });
  operations.add({.method = http::Method::delete_,
                  .path = "/api/service-accounts/{service_account_id}/secrets/{secret_id}",
                  .id = "revokeClientSecret",
                  .summary = "Revoke a secret, and every token that was given for it",
                  .tag = "service_account",
                  .permission = Permission::service_accounts_manage,
                  .audit_action = "service_account.secret.revoke",
                  .rate = access::RateClass::write,
                  .critical = true},
                 [](Call& call, Input<SecretPath> in) -> Task<Result<NoContent>> {
                   call.audit().resource_id = in.path.service_account_id.to_string();
                   call.audit().payload["secret_id"] = in.path.secret_id.to_string();
                   if (!co_await revoke_client_secret(call, in.path.service_account_id, in.path.secret_id))
                     co_return fail(ErrorCode::not_found);
                   co_return NoContent{};
                 });
  operations.add(
      {.method = http::Method::post,
       .path = "/api/service-accounts/{service_account_id}/certificates",
       .id = "addClientCertificate",
       .summary = "Let a client certificate prove the account, where the server asks for them (mutual TLS)",
       .tag = "service_account",
       .permission = Permission::service_accounts_manage,
       .audit_action = "service_account.certificate.create",
       .rate = access::RateClass::write,
       .idempotent = true,
       .failures = {ErrorCode::already_exists}},
      [](Call& call, Input<AccountPath, None, AddClientCertificate> in) {
        return add_certificate(call, in.path.service_account_id, std::move(in.body));
      });
  operations.add(
      {.method = http::Method::delete_,
       .path = "/api/service-accounts/{service_account_id}/certificates/{certificate_id}",
       .id = "revokeClientCertificate",
       .summary = "Take a client certificate from a service account",
       .tag = "service_account",
       .permission = Permission::service_accounts_manage,
       .audit_action = "service_account.certificate.revoke",
       .rate = access::RateClass::write,
       .critical = true},
      [](Call& call, Input<CertificatePath> in) -> Task<Result<NoContent>> {
        call.audit().resource_id = in.path.service_account_id.to_string();
        call.audit().payload["certificate_id"] = in.path.certificate_id.to_string();
        if (!co_await revoke_client_certificate(call, in.path.service_account_id, in.path.certificate_id))
          co_return fail(ErrorCode::not_found);
        co_return NoContent{};
      });
}

}  // namespace

void add_service_account_operations(access::Operations& operations) {
  add_account_operations(operations);
  add_credential_operations(operations);
}

}  // namespace gatehouse::identity
