#include "tenancy/operator_api.h"

#include "access/page.h"
#include "tenancy/plans.h"

namespace gatehouse::tenancy {
namespace {

using access::Call;
using access::Created;
using access::Input;
using access::NoContent;
using access::None;
using access::Page;
using access::Permission;
using access::RateClass;
using access::Whole;
using http::Method;

struct PlanPath {
  PlanId plan_id;
};
BOOST_DESCRIBE_STRUCT(PlanPath, (), (plan_id))

struct TenantPath {
  OrganizationId tenant_id;
};
BOOST_DESCRIBE_STRUCT(TenantPath, (), (tenant_id))

struct TenantQuery {
  access::PageLimit limit = 50;
  access::PageToken page_token;
  std::optional<TenantStatus> status;
  std::optional<PlanId> plan_id;
  std::optional<Region> region;
  std::optional<json::Text<1, 100>> text;
};
BOOST_DESCRIBE_STRUCT(TenantQuery, (), (limit, page_token, status, plan_id, region, text))

struct SetStatus {
  TenantStatus status;
};
BOOST_DESCRIBE_STRUCT(SetStatus, (), (status))

/// The event is recorded by the transaction that makes the change, in its own chain.
void recorded_there(Call& call, std::string type, std::string id) {
  call.audit().resource_type = std::move(type);
  call.audit().resource_id = std::move(id);
  call.mark_audited();
}

void note_replay(Call& call, std::string id) {
  call.headers().set("idempotent-replay", "true");
  call.audit().resource_id = std::move(id);
  call.audit().payload["replay"] = true;
}

Task<Result<Page<TenantView>>> list(Call& call, Input<None, TenantQuery> in) {
  std::optional<OrganizationId> after;
  if (in.query.page_token) {
    GH_CO_TRY(auto cursor, access::open_page_token(call, *in.query.page_token));
    after = OrganizationId::parse(cursor);
    if (!after) co_return fail(ErrorCode::invalid_page_token);
  }
  auto limit = in.query.limit->value();
  TenantFilter filter{
      .status = in.query.status, .plan = in.query.plan_id, .region = in.query.region, .words = {}};
  if (in.query.text) filter.words = in.query.text->str();
  Page<TenantView> page;
  page.data = co_await list_tenants(call.reactor(), std::move(filter), after, limit + 1);
  if (page.data.size() > static_cast<std::size_t>(limit)) {
    page.data.resize(static_cast<std::size_t>(limit));
    page.next_page_token = access::make_page_token(call, page.data.back().id.to_string());
  }
  call.audit().payload["count"] = page.data.size();
  co_return page;
}

void add_plan_operations(access::Operations& operations) {
  operations.add({.method = Method::get,
                  .path = "/api/core/plans",
                  .id = "listPlans",
                  .summary = "The installation's plans, by name, with how many tenants are on each",
                  .tag = "plan",
                  .permission = Permission::platform_read,
                  .audit_action = "plan.list",
                  .rate = RateClass::read},
                 [](Call& call, Input<>) -> Task<Result<Whole<PlanView>>> {
                   Whole<PlanView> plans{co_await list_plans(call.reactor())};
                   call.audit().payload["count"] = plans.data.size();
                   co_return plans;
                 });
  operations.add({.method = Method::get,
                  .path = "/api/core/plans/{plan_id}",
                  .id = "getPlan",
                  .summary = "One plan",
                  .tag = "plan",
                  .permission = Permission::platform_read,
                  .audit_action = "plan.read",
                  .rate = RateClass::read,
                  .etag = access::Etag::gives},
                 [](Call& call, Input<PlanPath> in) -> Task<Result<PlanView>> {
                   call.audit().resource_id = in.path.plan_id.to_string();
                   GH_CO_TRY(auto plan, co_await get_plan(call.reactor(), in.path.plan_id));
                   call.set_version(plan.version);
                   co_return plan;
                 });
  operations.add({.method = Method::post,
                  .path = "/api/core/plans",
                  .id = "createPlan",
                  .summary = "Make a plan",
                  .tag = "plan",
                  .permission = Permission::platform_manage,
                  .audit_action = "plan.create",
                  .rate = RateClass::write,
                  .etag = access::Etag::gives,
                  .failures = {ErrorCode::already_exists, ErrorCode::conflict}},
                 [](Call& call, Input<None, None, CreatePlan> in) -> Task<Result<Created<PlanView>>> {
                   GH_CO_TRY(auto plan,
                             co_await create_plan(call.reactor(), operator_of(call), std::move(in.body)));
                   recorded_there(call, "plan", plan.id.to_string());
                   call.set_version(plan.version);
                   co_return Created<PlanView>{std::move(plan)};
                 });
  operations.add({.method = Method::patch,
                  .path = "/api/core/plans/{plan_id}",
                  .id = "updatePlan",
                  .summary = "Change a plan; in force for its tenants within two seconds",
                  .tag = "plan",
                  .permission = Permission::platform_manage,
                  .audit_action = "plan.update",
                  .rate = RateClass::write,
                  .etag = access::Etag::updates,
                  .failures = {ErrorCode::already_exists}},
                 [](Call& call, Input<PlanPath, None, UpdatePlan> in) -> Task<Result<PlanView>> {
                   GH_CO_TRY(auto version, call.if_match());
                   call.audit().resource_id = in.path.plan_id.to_string();
                   GH_CO_TRY(auto plan, co_await update_plan(call.reactor(), operator_of(call),
                                                             in.path.plan_id, version, std::move(in.body)));
                   recorded_there(call, "plan", plan.id.to_string());
                   call.set_version(plan.version);
                   co_return plan;
                 });
  operations.add({.method = Method::delete_,
                  .path = "/api/core/plans/{plan_id}",
                  .id = "deletePlan",
                  .summary = "Retire a plan: its tenants stay on it, no other comes to it",
                  .tag = "plan",
                  .permission = Permission::platform_manage,
                  .audit_action = "plan.delete",
                  .rate = RateClass::write},
                 [](Call& call, Input<PlanPath> in) -> Task<Result<NoContent>> {
                   call.audit().resource_id = in.path.plan_id.to_string();
                   GH_CO_CHECK(co_await retire_plan(call.reactor(), operator_of(call), in.path.plan_id));
                   recorded_there(call, "plan", in.path.plan_id.to_string());
                   co_return NoContent{};
                 });
}

void add_tenant_operations(access::Operations& operations, TenantMaker& maker) {
  operations.add({.method = Method::get,
                  .path = "/api/core/tenants",
                  .id = "listTenants",
                  .summary = "The tenants of the regions that this node serves, newest first",
                  .tag = "tenant",
                  .permission = Permission::platform_read,
                  .audit_action = "tenant.list",
                  .rate = RateClass::read,
                  .failures = {ErrorCode::invalid_page_token}},
                 [](Call& call, Input<None, TenantQuery> in) { return list(call, std::move(in)); });
  operations.add(
      {.method = Method::post,
       .path = "/api/core/tenants",
       .id = "createTenant",
       .summary = "Provision a tenant with its owner; the secret is shown once",
       .tag = "tenant",
       .permission = Permission::platform_manage,
       .audit_action = "tenant.create",
       .rate = RateClass::write,
       .idempotent = true,
       .shows_secret = true,
       .failures = {ErrorCode::already_exists, ErrorCode::conflict, ErrorCode::plan_limit_reached,
                    ErrorCode::wrong_region}},
      [&maker](Call& call, Input<None, None, CreateTenant> in) -> Task<Result<Created<CreatedTenant>>> {
        GH_CO_TRY(auto made, co_await create_tenant(call.reactor(), maker, operator_of(call),
                                                    std::move(in.body), call.idempotency()));
        auto id = made.created.tenant.id.to_string();
        if (made.is_replay) {
          note_replay(call, id);
        } else {
          recorded_there(call, "tenant", id);
        }
        co_return Created<CreatedTenant>{std::move(made.created)};
      });
  operations.add({.method = Method::get,
                  .path = "/api/core/tenants/{tenant_id}",
                  .id = "getTenant",
                  .summary = "One tenant with its plan, usage this month, owners and secrets' versions",
                  .tag = "tenant",
                  .permission = Permission::platform_read,
                  .audit_action = "tenant.read",
                  .rate = RateClass::read,
                  .failures = {ErrorCode::wrong_region}},
                 [](Call& call, Input<TenantPath> in) {
                   call.audit().resource_id = in.path.tenant_id.to_string();
                   return get_tenant(call.reactor(), in.path.tenant_id);
                 });
  operations.add({.method = Method::patch,
                  .path = "/api/core/tenants/{tenant_id}",
                  .id = "updateTenant",
                  .summary = "Rename a tenant, or move it to another plan",
                  .tag = "tenant",
                  .permission = Permission::platform_manage,
                  .audit_action = "tenant.update",
                  .rate = RateClass::write,
                  .failures = {ErrorCode::plan_limit_reached, ErrorCode::conflict, ErrorCode::wrong_region}},
                 [](Call& call, Input<TenantPath, None, UpdateTenant> in) -> Task<Result<TenantDetail>> {
                   call.audit().resource_id = in.path.tenant_id.to_string();
                   GH_CO_TRY(auto tenant, co_await update_tenant(call.reactor(), operator_of(call),
                                                                 in.path.tenant_id, std::move(in.body)));
                   recorded_there(call, "tenant", tenant.id.to_string());
                   co_return tenant;
                 });
  operations.add({.method = Method::patch,
                  .path = "/api/core/tenants/{tenant_id}/status",
                  .id = "setTenantStatus",
                  .summary = "Activate, suspend or cancel a tenant; in force everywhere within two seconds",
                  .tag = "tenant",
                  .permission = Permission::platform_manage,
                  .audit_action = "tenant.status.update",
                  .rate = RateClass::write,
                  .failures = {ErrorCode::conflict, ErrorCode::wrong_region}},
                 [](Call& call, Input<TenantPath, None, SetStatus> in) -> Task<Result<TenantDetail>> {
                   call.audit().resource_id = in.path.tenant_id.to_string();
                   GH_CO_TRY(auto tenant, co_await set_tenant_status(call.reactor(), operator_of(call),
                                                                     in.path.tenant_id, in.body.status));
                   recorded_there(call, "tenant", tenant.id.to_string());
                   co_return tenant;
                 });
  operations.add(
      {.method = Method::post,
       .path = "/api/core/tenants/{tenant_id}/secret",
       .id = "rotateTenantSecret",
       .summary = "A new secret for the tenant's servers, shown once; the one before stays good for a while",
       .tag = "tenant",
       .permission = Permission::platform_manage,
       .audit_action = "tenant.secret.rotate",
       .rate = RateClass::write,
       .idempotent = true,
       .shows_secret = true,
       .failures = {ErrorCode::wrong_region}},
      [](Call& call, Input<TenantPath, None, RotateSecret> in) -> Task<Result<Created<RotatedSecret>>> {
        auto id = in.path.tenant_id;
        call.audit().resource_id = id.to_string();
        GH_CO_TRY(auto made, co_await rotate_tenant_secret(call.reactor(), operator_of(call), id, in.body,
                                                           call.idempotency()));
        if (made.is_replay)
          note_replay(call, id.to_string());
        else
          recorded_there(call, "tenant", id.to_string());
        co_return Created<RotatedSecret>{std::move(made.rotated)};
      });
}

}  // namespace

void add_operator_operations(access::Operations& operations, TenantMaker& maker) {
  add_plan_operations(operations);
  add_tenant_operations(operations, maker);
}

}  // namespace gatehouse::tenancy
