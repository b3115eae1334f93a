#include "tenancy/tenant_secrets.h"

#include "pg/params.h"
#include "pg/statement.h"
#include "tenancy/provisioning_store.h"
#include "vault/sealed.h"

namespace gatehouse::tenancy {
namespace {

using namespace std::chrono_literals;

constexpr auto kDeadline = 5s;

constexpr pg::Statement kFind{
    "tenant_secrets.find",
    "select s.sealed_secret, w.id as default_workspace from tenant_secrets s"
    " join workspaces w on w.organization_id = s.organization_id and w.is_default"
    " where s.organization_id = $1 and s.version = $2 and (s.expires_at is null or s.expires_at > now())"};

struct SecretRow {
  crypto::Bytes sealed_secret;
  WorkspaceId default_workspace;
};
BOOST_DESCRIBE_STRUCT(SecretRow, (), (sealed_secret, default_workspace))

}  // namespace

Task<std::optional<OpenTenantSecret>> open_tenant_secret(access::Reactor& reactor, Region region,
                                                         OrganizationId organization, std::int64_t version) {
  auto& access = reactor.region(region);
  auto rows = co_await access.platform->run(pg::Batch(kFind, pg::params(organization, version)),
                                            pg::within(kDeadline));
  auto row = rows[0].find_one<SecretRow>();
  if (!row) co_return std::nullopt;
  auto sealed = vault::Sealed::from_bytes(std::move(row->sealed_secret));
  if (!sealed) throw Failure("a tenant's secret is not sealed");
  auto opened = co_await access.keyring->open(tenant_secret_context(organization, static_cast<int>(version)),
                                              std::move(*sealed));
  if (!opened) throw Failure("a tenant's secret does not open");
  co_return OpenTenantSecret{std::move(*opened), row->default_workspace};
}

}  // namespace gatehouse::tenancy
