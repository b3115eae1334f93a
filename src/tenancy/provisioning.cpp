#include "tenancy/provisioning.h"

#include "json/bounded.h"
#include "pg/params.h"
#include "pg/statement.h"
#include "pg/transaction.h"
#include "tenancy/email_directory.h"
#include "tenancy/provisioning_store.h"

namespace gatehouse::tenancy {
namespace {

using namespace std::chrono_literals;

constexpr auto kDeadline = 30s;
constexpr std::size_t kMaxName = 255;

constexpr pg::Statement kEnsurePlan{
    "plans.ensure",
    "insert into plans (id, name, slug, max_tenants, max_requests_month) values ($1, $2, $3, null, null)"
    " on conflict (slug) do nothing"};
constexpr pg::Statement kFindPlan{"plans.find", "select id from plans where slug = $1"};

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= kMaxName;
}

void check_person(const NewPerson& person, std::string_view at, std::vector<FieldError>& fields) {
  if (!normalize_email(person.email))
    fields.push_back({std::string(at) + "/email", "bad_format", "must be an e-mail address"});
  if (!is_name(person.name))
    fields.push_back({std::string(at) + "/name", "bad_length", "must be 1 to 255 bytes"});
}

Error invalid(std::vector<FieldError> fields) {
  return {.code = ErrorCode::validation_failed, .fields = std::move(fields)};
}

Error unserved(Region region) {
  return {.code = ErrorCode::wrong_region,
          .detail = "This node does not serve the region " + std::string(to_string(region))};
}

/// Who the address is, wherever this node knows it: a person has one id and one password in all regions.
Task<PersonRow> identify(access::Reactor& reactor, Region region, NewPerson& person) {
  auto hash = email_hash(reactor.secrets(), person.email);
  auto regions = co_await regions_of_email(reactor, hash);
  std::erase(regions, region);
  regions.insert(regions.begin(), region);
  for (Region known : regions) {
    if (!reactor.serves(known)) continue;
    if (auto found = co_await find_person(reactor, known, person.email)) co_return *found;
  }
  co_return PersonRow{UserId::make(), person.password_hash};
}

Task<void> commit(access::Reactor& reactor, Region region, pg::Batch batch) {
  auto deadline = pg::within(kDeadline);
  pg::Transaction transaction(co_await reactor.region(region).platform->acquire(deadline), deadline);
  co_await transaction.commit(std::move(batch));
}

}  // namespace

Task<Result<ProvisionedOrganization>> provision_organization(access::Reactor& reactor,
                                                             ProvisionOrganization what) {
  std::vector<FieldError> fields;
  if (!json::Slug::parse(what.slug))
    fields.push_back({"/slug", "bad_format", "must be lower-case letters, digits and single hyphens"});
  if (!is_name(what.name)) fields.push_back({"/name", "bad_length", "must be 1 to 255 bytes"});
  check_person(what.owner, "/owner", fields);
  if (!fields.empty()) co_return fail(invalid(std::move(fields)));
  if (!reactor.serves(what.region)) co_return fail(unserved(what.region));
  what.owner.email = *normalize_email(what.owner.email);

  auto place = co_await reserve_slug(reactor, OrganizationId::make(), what.slug, what.region);
  auto id = place.organization_id;
  if (place.region != what.region)
    co_return fail(ErrorCode::already_exists, "The slug belongs to an organization of another region");
  if (auto workspace = co_await find_org_workspace(reactor, what.region, id)) {
    if (!place.is_confirmed) co_await confirm_organization(reactor, id);
    auto owner = co_await find_owner(reactor, what.region, id);
    co_return ProvisionedOrganization{id, owner.value_or(UserId{}), *workspace, false};
  }

  auto person = co_await identify(reactor, what.region, what.owner);
  what.owner.password_hash = person.password_hash;
  co_await add_email_region(reactor, email_hash(reactor.secrets(), what.owner.email), what.region);
  auto workspace = WorkspaceId::make();
  pg::Batch batch;
  insert_organization(batch, id, what);
  batch.append(co_await reactor.region(what.region).keyring->new_organization_key(id));
  insert_person(batch, person.id, what.owner);
  insert_org_workspace(batch, id, workspace);
  insert_member(batch, id, person.id, RoleCode::OA, true, workspace);
  co_await commit(reactor, what.region, std::move(batch));
  co_await confirm_organization(reactor, id);
  co_return ProvisionedOrganization{id, person.id, workspace, true};
}

Task<Result<AddedMember>> add_member(access::Reactor& reactor, AddMember what) {
  std::vector<FieldError> fields;
  check_person(what.person, "", fields);
  if (what.role == RoleCode::MS)
    fields.push_back({"/role_code", "bad_value", "operators belong to no organization"});
  if (!fields.empty()) co_return fail(invalid(std::move(fields)));
  if (!reactor.serves(what.region)) co_return fail(unserved(what.region));
  what.person.email = *normalize_email(what.person.email);

  auto org_workspace = co_await find_org_workspace(reactor, what.region, what.organization);
  if (!org_workspace) co_return fail(ErrorCode::not_found, "There is no such organization");
  auto person = co_await identify(reactor, what.region, what.person);
  if (auto mine = co_await find_my_workspace(reactor, what.region, what.organization, person.id))
    co_return AddedMember{person.id, *mine, false};

  what.person.password_hash = person.password_hash;
  co_await add_email_region(reactor, email_hash(reactor.secrets(), what.person.email), what.region);
  pg::Batch batch;
  insert_person(batch, person.id, what.person);
  insert_member(batch, what.organization, person.id, what.role, false, *org_workspace);
  co_await commit(reactor, what.region, std::move(batch));
  auto mine = co_await find_my_workspace(reactor, what.region, what.organization, person.id);
  co_return AddedMember{person.id, mine.value(), true};
}

Task<PlanId> ensure_unlimited_plan(access::Reactor& reactor) {
  pg::Batch batch;
  batch.add(kEnsurePlan, pg::params(PlanId::make(), "Unlimited", "unlimited"))
      .add(kFindPlan, pg::params("unlimited"));
  auto rows = co_await reactor.control().run(std::move(batch), pg::within(kDeadline));
  co_return rows[1].one<PlanId>();
}

}  // namespace gatehouse::tenancy
