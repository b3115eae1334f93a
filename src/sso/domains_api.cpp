// An organization's domains: named, proved, given up.
#include "crypto/random.h"
#include "json/bounded.h"
#include "sso/domains.h"
#include "sso/domains_store.h"
#include "sso/provider_wire.h"
#include "sso/sso_api.h"

namespace gatehouse::sso {
namespace {

using access::Call;
using access::Created;
using access::Input;
using access::NoContent;
using access::None;
using access::Permission;
using access::Whole;

constexpr std::size_t kMostDomains = 200;

struct DomainView {
  DomainId id;
  std::string domain;
  bool is_verified = false;
  std::optional<Timestamp> verified_at;
  // The TXT record that proves it.
  std::string record_name;
  std::string record_value;
};
BOOST_DESCRIBE_STRUCT(DomainView, (), (id, domain, is_verified, verified_at, record_name, record_value))

struct CreateDomain {
  json::Text<1, 253> domain;
};
BOOST_DESCRIBE_STRUCT(CreateDomain, (), (domain))

struct DomainPath {
  DomainId domain_id;
};
BOOST_DESCRIBE_STRUCT(DomainPath, (), (domain_id))

DomainView view(const DomainRow& row) {
  return {.id = row.id,
          .domain = row.domain,
          .is_verified = row.verified_at.has_value(),
          .verified_at = row.verified_at,
          .record_name = record_name(row.domain),
          .record_value = record_value(row.challenge)};
}

Task<std::optional<DomainRow>> find(Call& call, DomainId id) {
  pg::Batch batch;
  add_select_domains(batch, call.organization(), id);
  auto rows = co_await call.read(std::move(batch));
  co_return rows[0].find_one<DomainRow>();
}

/// As it stands, held to the end of the call's transaction.
Task<std::optional<DomainRow>> lock(Call& call, DomainId id) {
  pg::Batch batch;
  add_lock_domain(batch, call.organization(), id);
  add_select_domains(batch, call.organization(), id);
  auto rows = co_await call.write(std::move(batch));
  co_return rows[1].find_one<DomainRow>();
}

Task<Result<Whole<DomainView>>> list(Call& call) {
  pg::Batch batch;
  add_select_domains(batch, call.organization(), std::nullopt);
  auto rows = co_await call.read(std::move(batch));
  Whole<DomainView> whole;
  for (const auto& row : rows[0].as<DomainRow>()) whole.data.push_back(view(row));
  call.audit().payload["count"] = whole.data.size();
  co_return whole;
}

Task<Result<Created<DomainView>>> create(Call& call, CreateDomain wanted) {
  auto domain = normalize_domain(wanted.domain.str());
  if (!domain) co_return fail(invalid("/domain", "bad_format", "must be a domain name such as acme.example"));
  DomainRow row{.id = DomainId::make(), .domain = std::move(*domain), .challenge = crypto::random_token(24)};
  pg::Batch batch;
  add_take_turn(batch, call.organization());
  add_insert_domain(batch, call.organization(), row);
  add_select_domains(batch, call.organization(), std::nullopt);
  auto rows = co_await call.write(std::move(batch));
  if (rows[2].size() > kMostDomains)
    co_return fail(ErrorCode::conflict, "An organization has 200 domains at most");
  call.audit().resource_id = row.id.to_string();
  call.audit().payload["domain"] = row.domain;
  co_return Created{view(row)};
}

Task<Result<DomainView>> verify(SingleSignOn& sso, Call& call, DomainId id) {
  auto row = co_await find(call, id);
  if (!row) co_return fail(ErrorCode::not_found);
  call.audit().resource_id = id.to_string();
  call.audit().payload["domain"] = row->domain;
  if (row->verified_at) co_return view(*row);
  GH_CO_TRY(auto records, co_await sso.txt_records(record_name(row->domain)));
  if (std::ranges::find(records, record_value(row->challenge)) == records.end())
    co_return fail(ErrorCode::conflict, "The TXT record is not there, or says something else");
  // It may have been given up, or proved, while DNS was asked.
  row = co_await lock(call, id);
  if (!row) co_return fail(ErrorCode::not_found);
  if (row->verified_at) co_return view(*row);
  auto& reactor = call.reactor();
  auto taken = [] {
    return fail(ErrorCode::already_exists,
                "Another organization of this installation has verified the domain");
  };
  auto before = co_await find_owner(reactor, row->domain);
  if (before && before->organization_id != call.organization()) co_return taken();
  // Two databases: the event first (decision 0006), then the claim, then the row, which so never says more
  // than what is so.
  co_await call.record_now();
  auto owner = co_await claim_domain(reactor, row->domain,
                                     {.organization_id = call.organization(), .region = call.region()});
  if (owner.organization_id != call.organization()) co_return taken();
  pg::Batch batch;
  add_mark_verified(batch, call.organization(), id);
  add_select_domains(batch, call.organization(), id);
  auto rows = co_await call.write(std::move(batch));
  auto now = rows[1].find_one<DomainRow>();
  if (!now) co_return fail(ErrorCode::not_found);
  co_return view(*now);
}

Task<Result<NoContent>> remove(Call& call, DomainId id) {
  auto row = co_await lock(call, id);
  if (!row) co_return fail(ErrorCode::not_found);
  call.audit().resource_id = id.to_string();
  call.audit().payload["domain"] = row->domain;
  // A row without the claim is harmless, a claim without a row would stay for ever.
  co_await call.record_now();
  co_await release_domain(call.reactor(), row->domain, call.organization());
  pg::Batch batch;
  add_delete_domain(batch, call.organization(), id);
  co_await call.write(std::move(batch));
  co_return NoContent{};
}

}  // namespace

void add_domain_operations(access::Operations& operations, SingleSignOn& sso) {
  operations.add({.method = http::Method::get,
                  .path = "/api/domains",
                  .id = "listDomains",
                  .summary = "The organization's domains, with the records that prove them",
                  .tag = "domain",
                  .permission = Permission::identity_providers_read,
                  .audit_action = "domain.list",
                  .rate = access::RateClass::read},
                 [](Call& call, Input<>) { return list(call); });
  operations.add(
      {.method = http::Method::post,
       .path = "/api/domains",
       .id = "createDomain",
       .summary = "Name a domain, to prove by a TXT record that it is the organization's",
       .tag = "domain",
       .permission = Permission::identity_providers_manage,
       .audit_action = "domain.create",
       .rate = access::RateClass::write,
       .idempotent = true,
       .failures = {ErrorCode::already_exists, ErrorCode::conflict}},
      [](Call& call, Input<None, None, CreateDomain> in) { return create(call, std::move(in.body)); });
  operations.add({.method = http::Method::post,
                  .path = "/api/domains/{domain_id}/verify",
                  .id = "verifyDomain",
                  .summary = "Look for the TXT record now",
                  .tag = "domain",
                  .permission = Permission::identity_providers_manage,
                  .audit_action = "domain.verify",
                  .rate = access::RateClass::write,
                  .failures = {ErrorCode::conflict, ErrorCode::already_exists, ErrorCode::upstream_failed}},
                 [&sso](Call& call, Input<DomainPath> in) { return verify(sso, call, in.path.domain_id); });
  operations.add({.method = http::Method::delete_,
                  .path = "/api/domains/{domain_id}",
                  .id = "deleteDomain",
                  .summary = "Give up a domain: its addresses connect to nobody any more",
                  .tag = "domain",
                  .permission = Permission::identity_providers_manage,
                  .audit_action = "domain.delete",
                  .rate = access::RateClass::write,
                  .critical = true},
                 [](Call& call, Input<DomainPath> in) { return remove(call, in.path.domain_id); });
}

}  // namespace gatehouse::sso
