#include "tenancy/provisioning.h"

#include "audit/outbox.h"
#include "base/failpoint.h"
#include "crypto/encoding.h"
#include "json/bounded.h"
#include "pg/error.h"
#include "pg/params.h"
#include "pg/statement.h"
#include "pg/transaction.h"
#include "tenancy/adoption.h"
#include "tenancy/directory.h"
#include "tenancy/email_directory.h"
#include "tenancy/provisioning_store.h"
#include "tenancy/stored_answers.h"
#include "vault/data_key.h"

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
constexpr pg::Statement kCreatedAt{"organizations.created_at",
                                   "select created_at from organizations where id = $1"};
constexpr std::string_view kBeyondUsers = "GH004";

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= kMaxName;
}

void check_person(const NewPerson& person, std::string_view at, std::vector<FieldError>& fields) {
  if (!normalize_email(person.email))
    fields.push_back({std::string(at) + "/email", "bad_format", "must be an e-mail address"});
  if (!is_name(person.name))
    fields.push_back({std::string(at) + "/name", "bad_length", "must be 1 to 255 bytes"});
}

Error unserved(Region region) {
  return {.code = ErrorCode::wrong_region,
          .detail = "This node does not serve the region " + std::string(to_string(region))};
}

Task<Result<Place>> reserve(access::Reactor& reactor, const ProvisionOrganization& what) {
  Reservation wanted{.organization = OrganizationId::make(),
                     .slug = what.slug,
                     .slug_may_vary = what.slug_may_vary,
                     .region = what.region,
                     .plan = what.plan};
  if (what.request) wanted.request = {.key = what.request->key_hash, .request = what.request->request_hash};
  if (what.may_exist) {
    if (auto place = co_await find_place(reactor, what.slug)) {
      if (place->region != what.region)
        co_return fail(ErrorCode::already_exists, "The slug belongs to an organization of another region");
      if (place->is_confirmed) co_return std::move(*place);
    }
    wanted.abandoned_after = 0s;
  }
  GH_CO_TRY(auto place, co_await reserve_place(reactor, std::move(wanted)));
  GH_FAILPOINT("tenancy.reserved");
  co_return place;
}

/// The answer that a repeat gets. Nothing: there is none (any more).
Task<Result<std::optional<std::string>>> stored_answer(access::Reactor& reactor, Region region,
                                                       OrganizationId organization,
                                                       access::IdempotencyKey key) {
  pg::Batch claim;
  access::add_claim(claim, key, organization);
  auto rows = co_await reactor.region(region).platform->run(std::move(claim), pg::within(kDeadline));
  GH_CO_TRY(auto stored, access::claimed(rows, 0, key));
  if (!stored) co_return std::optional<std::string>{};
  co_return std::optional(co_await open_answer(reactor, region, organization, std::move(key), *stored));
}

/// The organization is there: made before, by this request or by another.
Task<Result<ProvisionedOrganization>> found(access::Reactor& reactor, const ProvisionOrganization& what,
                                            Place place, WorkspaceId workspace) {
  if (!place.is_confirmed) co_await confirm_place(reactor, place.organization);
  ProvisionedOrganization result{.id = place.organization, .org_workspace = workspace, .slug = place.slug};
  if (what.request && place.is_repeat) {
    GH_CO_TRY(result.stored_answer,
              co_await stored_answer(reactor, place.region, place.organization, *what.request));
    if (result.stored_answer) co_return result;
  }
  if (!what.may_exist) co_return fail(ErrorCode::already_exists, "The slug " + place.slug + " is taken");
  result.owner = (co_await find_owner(reactor, place.region, place.organization)).value_or(UserId{});
  co_return result;
}

/// Everything of a new organization, in one transaction.
Task<Result<ProvisionedOrganization>> make(access::Reactor& reactor, ProvisionOrganization what,
                                           Place place) {
  auto& region = reactor.region(place.region);
  auto id = place.organization;
  auto owner = co_await identify(reactor, place.region, what.owner);
  co_await prepare_adoption(reactor, place.region, owner);
  auto key = co_await region.keyring->make_organization_key(id);

  auto deadline = pg::within(kDeadline);
  pg::Transaction transaction(co_await region.platform->acquire(deadline), deadline);
  if (what.request) {
    pg::Batch claim;
    access::add_claim(claim, *what.request, id);
    auto rows = co_await transaction.run(std::move(claim));
    GH_CO_TRY(auto stored, access::claimed(rows, 0, *what.request));
    if (stored) co_return fail(ErrorCode::conflict, "The tenant was made meanwhile; repeat the call");
  }
  auto secret = make_tenant_secret();
  ProvisionedOrganization made{.id = id,
                               .owner = owner.id,
                               .org_workspace = WorkspaceId::make(),
                               .created = true,
                               .slug = place.slug,
                               .owner_is_new = owner.is_new};
  pg::Batch batch;
  insert_organization(batch, id, what, place.slug);
  batch.append(std::move(key.statements));
  adopt_person(batch, owner.id, owner.person);
  insert_org_workspace(batch, id, made.org_workspace);
  insert_member(batch, id, owner.id, RoleCode::OA, true, made.org_workspace);
  insert_tenant_secret(batch, id, 1,
                       vault::seal_field(*key.key, tenant_secret_context(id, 1), secret.reveal()),
                       secret.last_four());
  for (const auto& part : what.parts) part(batch, id);
  batch.add(kCreatedAt, pg::params(id));
  auto rows = co_await transaction.run(std::move(batch));
  made.created_at = rows.back().one<Timestamp>();
  made.secret = std::make_shared<const crypto::Secret>(std::move(secret));

  pg::Batch last;
  if (what.event) {
    what.event->organization = id;
    what.event->resource_id = id.to_string();
    last.add(audit::kInsertOutbox, audit::outbox_params(*what.event));
  }
  if (what.request) {
    add_answer(last, id, *what.request, *key.key, 201, what.answer(made));
  }
  GH_FAILPOINT("tenancy.before_commit");
  co_await transaction.commit(std::move(last));
  if (region.drain) region.drain->notify_local();
  co_return made;
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
  GH_CO_TRY(auto place, co_await reserve(reactor, what));
  // A repeat may have asked for another region in vain: the directory knows.
  if (!reactor.serves(place.region)) co_return fail(unserved(place.region));
  if (auto workspace = co_await find_org_workspace(reactor, place.region, place.organization))
    co_return co_await found(reactor, what, std::move(place), *workspace);
  auto id = place.organization;
  try {
    GH_CO_TRY(auto made, co_await make(reactor, std::move(what), std::move(place)));
    GH_FAILPOINT("tenancy.committed");
    co_await confirm_place(reactor, id);
    co_return made;
  } catch (const pg::Error& error) {
    if (!error.is_unique_violation()) throw;
  }
  co_return fail(ErrorCode::already_exists, "Another call makes an organization with this slug");
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

  co_await prepare_adoption(reactor, what.region, person);
  pg::Batch batch;
  if (what.is_active)
    add_user_guard(batch, what.organization, co_await most_users(reactor, what.region, what.organization));
  adopt_person(batch, person.id, person.person);
  insert_member(batch, what.organization, person.id, what.role, false,
                what.joins_org_workspace ? std::optional(*org_workspace) : std::nullopt);
  if (!what.is_active) end_member(batch, what.organization, person.id);
  if (what.also) what.also(batch, person.id, person.is_new);
  bool is_full = false;
  try {
    co_await commit(reactor, what.region, std::move(batch));
  } catch (const pg::Error& error) {
    if (error.sqlstate() != kBeyondUsers) throw;
    is_full = true;
  }
  if (is_full) co_return fail(ErrorCode::plan_limit_reached, "The organization's plan allows no more users");
  if (auto* drain = reactor.region(what.region).drain; drain && what.also) drain->notify_local();
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

crypto::Secret make_tenant_secret() {
  auto random = crypto::Secret::random(32);
  return crypto::Secret::take("ghts_" + crypto::to_base62(random.reveal_bytes().first<32>()));
}

}  // namespace gatehouse::tenancy
