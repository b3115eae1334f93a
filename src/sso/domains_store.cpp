#include "sso/domains_store.h"

#include "crypto/aead.h"
#include "pg/params.h"
#include "pg/statement.h"

namespace gatehouse::sso {
namespace {

using namespace std::chrono_literals;

constexpr auto kDeadline = 5s;

constexpr pg::Statement kSelect{
    "sso.select_domains",
    "select id, domain, challenge, verified_at, created_at from organization_domains"
    " where organization_id = $1 and ($2::uuid is null or id = $2) order by domain"};
constexpr pg::Statement kInsert{"sso.insert_domain",
                                "insert into organization_domains (organization_id, id, domain, challenge)"
                                " values ($1, $2, $3, $4)"};
constexpr pg::Statement kLock{
    "sso.lock_domain", "select from organization_domains where organization_id = $1 and id = $2 for update"};
constexpr pg::Statement kTakeTurn{
    "sso.take_turn",
    "select pg_advisory_xact_lock(hashtextextended('single sign-on ' || $1::uuid::text, 0))"};
constexpr pg::Statement kMark{"sso.mark_domain_verified",
                              "update organization_domains set verified_at = coalesce(verified_at, now())"
                              " where organization_id = $1 and id = $2"};
constexpr pg::Statement kDelete{"sso.delete_domain",
                                "delete from organization_domains where organization_id = $1 and id = $2"};
constexpr pg::Statement kLockNamed{
    "sso.lock_named_domain",
    "select id from organization_domains where organization_id = $1 and domain = $2 for update"};
constexpr pg::Statement kRegion{
    "domains.region",
    "select region::text from directory where organization_id = $1 and state = 'confirmed'"};
constexpr pg::Statement kOwner{
    "domains.owner", "select organization_id, region::text from verified_domains where domain_hash = $1"};
constexpr pg::Statement kClaim{"domains.claim",
                               "insert into verified_domains (domain_hash, organization_id, region)"
                               " values ($1, $2, $3::text::region_enum) on conflict do nothing"};
constexpr pg::Statement kRelease{
    "domains.release", "delete from verified_domains where domain_hash = $1 and organization_id = $2"};

Task<std::vector<pg::Rows>> in_control(access::Reactor& reactor, pg::Batch batch) {
  co_return co_await reactor.control().run(std::move(batch), pg::within(kDeadline));
}

}  // namespace

void add_select_domains(pg::Batch& batch, OrganizationId organization, std::optional<DomainId> id) {
  batch.add(kSelect, pg::params(organization, id));
}
void add_insert_domain(pg::Batch& batch, OrganizationId organization, const DomainRow& row) {
  batch.add(kInsert, pg::params(organization, row.id, row.domain, row.challenge));
}
void add_lock_domain(pg::Batch& batch, OrganizationId organization, DomainId id) {
  batch.add(kLock, pg::params(organization, id));
}
void add_take_turn(pg::Batch& batch, OrganizationId organization) {
  batch.add(kTakeTurn, pg::params(organization));
}
void add_mark_verified(pg::Batch& batch, OrganizationId organization, DomainId id) {
  batch.add(kMark, pg::params(organization, id));
}
void add_delete_domain(pg::Batch& batch, OrganizationId organization, DomainId id) {
  batch.add(kDelete, pg::params(organization, id));
}

crypto::Digest domain_hash(const access::NodeSecrets& secrets, std::string_view domain) {
  return crypto::hmac_sha256(secrets.email_hashes, crypto::aad({"domain", domain}));
}

Task<std::optional<DomainOwner>> find_owner(access::Reactor& reactor, std::string domain) {
  auto rows =
      co_await in_control(reactor, pg::Batch(kOwner, pg::params(domain_hash(reactor.secrets(), domain))));
  co_return rows[0].find_one<DomainOwner>();
}

Task<DomainOwner> claim_domain(access::Reactor& reactor, std::string domain, DomainOwner by) {
  auto hash = domain_hash(reactor.secrets(), domain);
  pg::Batch batch;
  batch.add(kClaim, pg::params(hash, by.organization_id, by.region)).add(kOwner, pg::params(hash));
  auto rows = co_await in_control(reactor, std::move(batch));
  co_return rows[1].one<DomainOwner>();
}

Task<void> release_domain(access::Reactor& reactor, std::string domain, OrganizationId organization) {
  co_await in_control(reactor,
                      pg::Batch(kRelease, pg::params(domain_hash(reactor.secrets(), domain), organization)));
}

Task<std::optional<Region>> find_region(access::Reactor& reactor, OrganizationId organization) {
  auto rows = co_await in_control(reactor, pg::Batch(kRegion, pg::params(organization)));
  co_return rows[0].find_one<Region>();
}

Task<std::optional<DomainId>> lock_domain(pg::Transaction& transaction, OrganizationId organization,
                                          std::string domain) {
  auto rows = co_await transaction.query(kLockNamed, pg::params(organization, domain));
  co_return rows.find_one<DomainId>();
}

}  // namespace gatehouse::sso
