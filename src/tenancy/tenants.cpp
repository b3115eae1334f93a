#include "tenancy/tenants.h"

#include <algorithm>

#include "audit/outbox.h"
#include "base/failpoint.h"
#include "base/log.h"
#include "domain/password_policy.h"
#include "json/codec.h"
#include "pg/transaction.h"
#include "tenancy/adoption.h"
#include "tenancy/directory.h"
#include "tenancy/email_directory.h"
#include "tenancy/lifecycle.h"
#include "tenancy/plans.h"
#include "tenancy/provisioning_store.h"
#include "tenancy/stored_answers.h"
#include "tenancy/tenants_store.h"
#include "vault/data_key.h"

namespace gatehouse::tenancy {
namespace {

using namespace std::chrono_literals;

constexpr auto kDeadline = 15s;

using PlansById = std::map<PlanId, PlanView>;

Task<PlansById> plans_by_id(access::Reactor& reactor) {
  PlansById plans;
  for (auto& plan : co_await list_plans(reactor)) plans.emplace(plan.id, std::move(plan));
  co_return plans;
}

template <class View>
void fill(View& view, TenantRow row, const PlansById& plans) {
  view.id = row.id;
  view.name = std::move(row.name);
  view.slug = std::move(row.slug);
  view.region = row.region;
  view.data_mode = row.data_mode;
  view.status = row.status;
  view.usage_this_month = {.month = std::move(row.month), .used = row.used};
  view.users = row.users;
  view.created_at = row.created_at;
  view.activated_at = row.activated_at;
  view.suspended_at = row.suspended_at;
  if (!row.plan_id) return;
  if (auto plan = plans.find(*row.plan_id); plan != plans.end()) {
    view.plan = TenantPlan{plan->second.id, plan->second.name, plan->second.slug};
    view.usage_this_month.limit = plan->second.max_requests_month;
  }
}

std::unexpected<Error> absent() {
  return fail(ErrorCode::not_found, "There is no such tenant");
}

/// Commits a change of one organization together with its event.
Task<void> commit(access::Reactor& reactor, Region region, pg::Transaction transaction, pg::Batch last,
                  audit::Event event) {
  last.add(audit::kInsertOutbox, audit::outbox_params(event));
  co_await transaction.commit(std::move(last));
  if (auto* drain = reactor.region(region).drain) drain->notify_local();
}

Task<pg::Transaction> begin(access::Reactor& reactor, Region region) {
  auto deadline = pg::within(kDeadline);
  co_return pg::Transaction(co_await reactor.region(region).platform->acquire(deadline), deadline);
}

audit::Event event_of(const Operator& who, std::string action, OrganizationId id) {
  auto event = operator_event(who, std::move(action), "tenant", id.to_string());
  event.organization = id;
  return event;
}

std::string title_of(TenantStatus status) {
  return std::string(to_string(status));
}

}  // namespace

std::string slug_of(std::string_view name) {
  // U+00C0 to U+00FF; a space is no letter.
  constexpr std::string_view kLatin = "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty";
  constexpr std::size_t kMostSlug = 50;
  std::string slug;
  for (std::size_t i = 0; i < name.size() && slug.size() < kMostSlug; ++i) {
    auto c = name[i];
    auto byte = static_cast<unsigned char>(c);
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (byte == 0xC3 && i + 1 < name.size()) c = kLatin[static_cast<unsigned char>(name[++i]) & 0x3F];
    bool is_good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (is_good)
      slug += c;
    else if (!slug.empty() && slug.back() != '-')
      slug += '-';
  }
  while (slug.ends_with('-')) slug.pop_back();
  return slug.empty() ? "tenant" : slug;
}

Task<std::vector<TenantView>> list_tenants(access::Reactor& reactor, TenantFilter filter,
                                           std::optional<OrganizationId> after, std::int64_t limit) {
  auto plans = co_await plans_by_id(reactor);
  std::vector<TenantView> all;
  for (auto& region : reactor.regions()) {
    if (filter.region && *filter.region != region.region) continue;
    pg::Batch batch;
    add_list_tenants(batch, filter, after, limit);
    auto rows = co_await region.platform->run(std::move(batch), pg::within(kDeadline));
    for (auto& row : rows[0].as<TenantRow>()) fill(all.emplace_back(), std::move(row), plans);
  }
  // Ids are in the order of creation, whatever the region.
  std::ranges::sort(all, std::greater{}, &TenantView::id);
  if (all.size() > static_cast<std::size_t>(limit)) all.resize(static_cast<std::size_t>(limit));
  co_return all;
}

Task<Result<TenantDetail>> get_tenant(access::Reactor& reactor, OrganizationId id) {
  GH_CO_TRY(auto place, co_await served_place(reactor, id));
  pg::Batch batch;
  add_get_tenant(batch, id);
  auto rows = co_await reactor.region(place.region).platform->run(std::move(batch), pg::within(kDeadline));
  auto row = rows[0].find_one<TenantRow>();
  if (!row) co_return absent();
  TenantDetail detail;
  fill(detail, std::move(*row), co_await plans_by_id(reactor));
  detail.owners = rows[1].as<TenantOwner>();
  detail.secrets = rows[2].as<TenantSecretView>();
  co_return detail;
}

Task<Result<MadeTenant>> create_tenant(access::Reactor& reactor, TenantMaker& maker, Operator who,
                                       CreateTenant what, std::optional<access::IdempotencyKey> request) {
  if (!reactor.serves(what.region)) co_return fail(reactor.wrong_region(what.region));
  auto plan = co_await get_plan(reactor, what.plan_id);
  if (!plan) co_return fail(invalid("/plan_id", "unknown_plan", "is none of the plans"));
  ProvisionOrganization wanted{.name = what.name.str(),
                               .slug = what.slug ? what.slug->to_string() : slug_of(what.name.str()),
                               .slug_may_vary = !what.slug,
                               .region = what.region,
                               .data_mode = *what.data_mode,
                               .plan = what.plan_id,
                               .may_exist = false,
                               .parts = maker.parts,
                               .request = request};
  auto email = *normalize_email(what.owner_email.to_string());
  wanted.owner = {.email = email,
                  .name = what.owner_name ? what.owner_name->str() : email.substr(0, email.find('@'))};
  if (what.owner_password) {
    auto password = crypto::Secret::take(std::move(*what.owner_password).str());
    auto fitting = check_new_password(
        password.reveal(), {.email = wanted.owner.email, .name = wanted.owner.name}, "/owner_password");
    if (fitting) {
      GH_CO_TRY(wanted.owner.password_hash, co_await maker.passwords.hash(std::move(password)));
      wanted.owner.is_confirmed = true;
    } else if (auto known = co_await identify(reactor, what.region, wanted.owner);
               !known.person.is_confirmed) {
      // That of somebody known is ignored, whatever it is.
      co_return fail(std::move(fitting).error());
    }
  }
  auto event = operator_event(who, "tenant.create", "tenant", "");
  event.payload = json::Object{{"slug", wanted.slug},
                               {"region", to_string(what.region)},
                               {"plan", plan->slug},
                               {"data_mode", to_string(*what.data_mode)}};
  wanted.event = std::move(event);
  auto told = [plan = *plan, what = what, email](const ProvisionedOrganization& made) {
    CreatedTenant created;
    created.tenant = {.id = made.id,
                      .name = what.name.str(),
                      .slug = made.slug,
                      .region = what.region,
                      .data_mode = *what.data_mode,
                      .status = TenantStatus::active,
                      .plan = TenantPlan{plan.id, plan.name, plan.slug},
                      .usage_this_month = {.month = to_rfc3339(made.created_at).substr(0, 7),
                                           .used = 0,
                                           .limit = plan.max_requests_month},
                      .users = 1,
                      .created_at = made.created_at,
                      .activated_at = made.created_at};
    created.owner = {.id = made.owner, .email = email, .is_new = made.owner_is_new};
    created.secret = std::string(made.secret->reveal());
    return created;
  };
  wanted.answer = [told](const ProvisionedOrganization& made) { return json::encode(told(made)); };
  GH_CO_TRY(auto made, co_await provision_organization(reactor, std::move(wanted)));
  if (!made.stored_answer) co_return MadeTenant{.created = told(made)};
  auto stored = json::decode_text<CreatedTenant>(*made.stored_answer);
  if (!stored) throw Failure("a stored answer cannot be read");
  co_return MadeTenant{.created = std::move(*stored), .is_replay = true};
}

Task<Result<TenantDetail>> update_tenant(access::Reactor& reactor, Operator who, OrganizationId id,
                                         UpdateTenant what) {
  GH_CO_TRY(auto place, co_await served_place(reactor, id));
  auto event = event_of(who, "tenant.update", id);
  json::Array changed;
  pg::Batch change;
  if (what.name) {
    add_rename_tenant(change, id, what.name->str());
    changed.emplace_back("name");
  }
  std::optional<PlanMove> move;
  if (what.plan_id) {
    GH_CO_TRY(move, co_await move_to_plan(reactor, id, *what.plan_id));
    add_set_plan(change, id, *what.plan_id);
    changed.emplace_back("plan_id");
    event.payload.as_object()["plan_id"] = what.plan_id->to_string();
    if (move->before) event.payload.as_object()["old_plan_id"] = move->before->to_string();
  }
  event.payload.as_object()["changed"] = std::move(changed);
  co_await commit(reactor, place.region, co_await begin(reactor, place.region), std::move(change),
                  std::move(event));
  GH_FAILPOINT("tenancy.plan_moved");
  if (move) {
    co_await move->held.commit();
    move.reset();  // its connection, before another is asked for
  }
  co_return co_await get_tenant(reactor, id);
}

Task<Result<TenantDetail>> set_tenant_status(access::Reactor& reactor, Operator who, OrganizationId id,
                                             TenantStatus status) {
  GH_CO_TRY(auto place, co_await served_place(reactor, id));
  auto transaction = co_await begin(reactor, place.region);
  pg::Batch lock;
  add_lock_tenant(lock, id);
  auto rows = co_await transaction.run(std::move(lock));
  auto before = rows[0].find_one<TenantStatus>();
  if (!before) co_return absent();
  if (!may_follow(*before, status))
    co_return fail(ErrorCode::conflict, *before == status
                                            ? "The tenant is " + title_of(status) + " already"
                                            : "A cancelled tenant is not suspended; activate it");
  auto event = event_of(who, "tenant.status.update", id);
  event.payload = json::Object{{"old_status", to_string(*before)}, {"new_status", to_string(status)}};
  pg::Batch change;
  add_set_status(change, id, status);
  co_await commit(reactor, place.region, std::move(transaction), std::move(change), std::move(event));
  co_return co_await get_tenant(reactor, id);
}

Task<Result<NewSecret>> rotate_tenant_secret(access::Reactor& reactor, Operator who, OrganizationId id,
                                             RotateSecret what,
                                             std::optional<access::IdempotencyKey> request) {
  GH_CO_TRY(auto place, co_await served_place(reactor, id));
  auto key = co_await reactor.region(place.region).keyring->organization_key(id);
  auto transaction = co_await begin(reactor, place.region);
  if (request) {
    pg::Batch claim;
    access::add_claim(claim, *request, id);
    auto claims = co_await transaction.run(std::move(claim));
    GH_CO_TRY(auto stored, access::claimed(claims, 0, *request));
    if (stored) {
      auto body = co_await open_answer(reactor, place.region, id, *request, std::move(*stored));
      auto rotated = json::decode_text<RotatedSecret>(body);
      if (!rotated) throw Failure("a stored answer cannot be read");
      co_return NewSecret{std::move(*rotated), true};
    }
  }
  pg::Batch lock;
  add_lock_tenant(lock, id);
  add_lock_secret(lock, id);
  auto rows = co_await transaction.run(std::move(lock));
  if (rows[0].empty()) co_return absent();
  auto version = rows[1].find_one<int>().value_or(0) + 1;
  auto secret = make_tenant_secret();
  pg::Batch change;
  add_expire_secret(change, id, what.overlap_hours->value());
  insert_tenant_secret(change, id, version,
                       vault::seal_field(*key, tenant_secret_context(id, version), secret.reveal()),
                       secret.last_four());
  rows = co_await transaction.run(std::move(change));
  auto expires_at = rows[0].find_one<Timestamp>();
  auto event = event_of(who, "tenant.secret.rotate", id);
  event.payload = json::Object{{"version", version}, {"overlap_hours", what.overlap_hours->value()}};
  NewSecret made{.rotated = {.version = version,
                             .secret = std::string(secret.reveal()),
                             .previous_expires_at = expires_at}};
  pg::Batch last;
  if (request) add_answer(last, id, *request, *key, 201, json::encode(made.rotated));
  co_await commit(reactor, place.region, std::move(transaction), std::move(last), std::move(event));
  co_return made;
}

}  // namespace gatehouse::tenancy
