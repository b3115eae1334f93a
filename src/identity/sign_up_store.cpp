#include "identity/sign_up_store.h"

#include "json/codec.h"
#include "pg/params.h"
#include "pg/statement.h"

namespace gatehouse::identity {
namespace {

using namespace std::chrono_literals;

constexpr auto kDeadline = 10s;

constexpr pg::Statement kClaim{"sign_up_claims.claim",
                               "insert into sign_up_claims (email_hash) values ($1) on conflict (email_hash) "
                               "do update set claimed_at = now()"
                               " where sign_up_claims.claimed_at < now() - interval '5 minutes'"};
constexpr pg::Statement kRelease{"sign_up_claims.release",
                                 "delete from sign_up_claims where email_hash = $1"};
constexpr pg::Statement kFindSlug{
    "directory.place",
    "select organization_id, region::text from directory where slug = $1 and state = 'confirmed'"};
constexpr pg::Statement kRules{
    "sign_up.rules",
    "select name, (settings #>> '{allow_signup}') is not distinct from 'true' as allows_sign_up,"
    " (settings #>> '{sign_in,password}') is distinct from 'false' as takes_passwords"
    " from organizations where id = $1 and is_active and status = 'active'"};
constexpr pg::Statement kDomain{"sign_up.domain",
                                "select coalesce(bool_or(domain = $2), true) from organization_domains"
                                " where organization_id = $1 and verified_at is not null"};
constexpr pg::Statement kProfile{"organizations.set_profile",
                                 "update organizations set attributes = $2 where id = $1"};

}  // namespace

Task<bool> claim_sign_up(access::Reactor& reactor, crypto::Digest email) {
  auto rows = co_await reactor.control().run(pg::Batch(kClaim, pg::params(email)), pg::within(kDeadline));
  co_return rows[0].affected() == 1;
}

Task<void> release_sign_up(access::Reactor& reactor, crypto::Digest email) {
  co_await reactor.control().run(pg::Batch(kRelease, pg::params(email)), pg::within(kDeadline));
}

Task<std::optional<DirectoryPlace>> find_slug(access::Reactor& reactor, std::string slug) {
  auto rows = co_await reactor.control().run(pg::Batch(kFindSlug, pg::params(slug)), pg::within(kDeadline));
  co_return rows[0].find_one<DirectoryPlace>();
}

Task<std::optional<SignUpRules>> find_sign_up_rules(access::Reactor& reactor, Region region,
                                                    OrganizationId id) {
  auto rows =
      co_await reactor.region(region).platform->run(pg::Batch(kRules, pg::params(id)), pg::within(kDeadline));
  co_return rows[0].find_one<SignUpRules>();
}

Task<bool> may_join_by_domain(access::Reactor& reactor, Region region, OrganizationId id,
                              std::string domain) {
  auto rows = co_await reactor.region(region).platform->run(pg::Batch(kDomain, pg::params(id, domain)),
                                                            pg::within(kDeadline));
  co_return rows[0].one<bool>();
}

void add_profile(pg::Batch& batch, OrganizationId id, const json::Value& attributes) {
  batch.add(kProfile, pg::params(id, pg::Json{json::encode(attributes)}));
}

}  // namespace gatehouse::identity
