#include "tenancy/adoption.h"

#include "pg/params.h"
#include "pg/statement.h"
#include "tenancy/email_directory.h"
#include "tenancy/provisioning_store.h"

namespace gatehouse::tenancy {
namespace {

using namespace std::chrono_literals;

constexpr pg::Statement kBeginAnew{"people.begin_anew", "select begin_anew($1, $2, $3)"};

/// In all regions of this node but one.
Task<void> begin_anew_beside(access::Reactor& reactor, std::optional<Region> region, UserId id,
                             std::optional<std::string> password_hash, bool is_confirmed) {
  for (auto& served : reactor.regions()) {
    if (served.region == region) continue;
    pg::Batch batch;
    begin_anew(batch, id, password_hash, is_confirmed);
    co_await served.platform->run(std::move(batch), pg::within(10s));
  }
}

}  // namespace

void begin_anew(pg::Batch& batch, UserId id, const std::optional<std::string>& password_hash,
                bool is_confirmed) {
  batch.add(kBeginAnew, pg::params(id, password_hash, is_confirmed));
}

void adopt_person(pg::Batch& batch, UserId id, const NewPerson& person) {
  insert_person(batch, id, person);
  begin_anew(batch, id, person.password_hash, person.is_confirmed);
}

Task<Identified> identify(access::Reactor& reactor, Region region, NewPerson person) {
  auto regions = co_await regions_of_email(reactor, email_hash(reactor.secrets(), person.email));
  std::erase(regions, region);
  regions.insert(regions.begin(), region);
  for (Region known : regions) {
    if (!reactor.serves(known)) continue;
    auto found = co_await find_person(reactor, known, person.email);
    if (!found) continue;
    if (found->is_confirmed) {
      person.password_hash = std::move(found->password_hash);
      person.is_confirmed = true;
    }
    co_return Identified{found->id, std::move(person), false};
  }
  co_return Identified{UserId::make(), std::move(person), true};
}

Task<void> prepare_adoption(access::Reactor& reactor, Region region, Identified who) {
  co_await add_email_region(reactor, email_hash(reactor.secrets(), who.person.email), region);
  if (!who.is_new)
    co_await begin_anew_beside(reactor, region, who.id, who.person.password_hash, who.person.is_confirmed);
}

Task<void> prove_address(access::Reactor& reactor, UserId id) {
  co_await begin_anew_beside(reactor, std::nullopt, id, std::nullopt, true);
}

}  // namespace gatehouse::tenancy
