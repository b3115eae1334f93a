#include "grants/grants_api.h"

#include "access/page.h"
#include "grants/explain.h"
#include "grants/grants.h"
#include "grants/grants_store.h"

namespace gatehouse::grants {
namespace {

using access::Call;
using access::Created;
using access::Input;
using access::None;
using access::Page;
using access::Permission;

struct GrantsQuery {
  std::optional<ResourceKind> resource_kind;
  std::optional<Uuid> resource_id;
  std::optional<UserId> user_id;        // who holds it
  std::optional<GroupId> group_id;      // who holds it
  json::Defaulted<bool> ended = false;  // also what was revoked or has expired
  access::PageLimit limit = 50;
  access::PageToken page_token;
};
BOOST_DESCRIBE_STRUCT(GrantsQuery, (),
                      (resource_kind, resource_id, user_id, group_id, ended, limit, page_token))

struct GrantPath {
  GrantId grant_id;
};
BOOST_DESCRIBE_STRUCT(GrantPath, (), (grant_id))

struct RevokeGrant {
  std::optional<json::Text<0, 500>> reason;
};
BOOST_DESCRIBE_STRUCT(RevokeGrant, (), (reason))

Task<Result<Page<GrantView>>> list(Call& call, GrantsQuery query) {
  std::optional<GrantId> before;
  if (query.page_token) {
    GH_CO_TRY(auto cursor, access::open_page_token(call, *query.page_token));
    before = GrantId::parse(cursor);
  }
  auto limit = query.limit->value();
  Page<GrantView> page{.data = co_await list_grants(call,
                                                    {.resource_kind = query.resource_kind,
                                                     .resource_id = query.resource_id,
                                                     .user = query.user_id,
                                                     .group = query.group_id,
                                                     .with_ended = *query.ended},
                                                    before, limit + 1)};
  if (page.data.size() > static_cast<std::size_t>(limit)) {
    page.data.resize(static_cast<std::size_t>(limit));
    page.next_page_token = access::make_page_token(call, page.data.back().id.to_string());
  }
  call.audit().payload["count"] = page.data.size();
  co_return page;
}

Task<Result<GrantView>> revoke(Call& call, GrantId id, RevokeGrant body) {
  call.audit().resource_id = id.to_string();
  auto reason = body.reason.transform([](const auto& text) { return text.str(); });
  auto revoked = co_await revoke_grant(call, id, std::move(reason));
  if (!revoked) co_return fail(ErrorCode::not_found);
  call.audit().payload["resource_kind"] = to_string(revoked->resource_kind);
  call.audit().payload["revoked_resource_id"] = revoked->resource_id.to_string();
  call.audit().payload["action"] = to_string(revoked->action);
  co_return std::move(*revoked);
}

}  // namespace

void add_operations(access::Operations& operations) {
  operations.add(
      {.method = http::Method::get,
       .path = "/api/grants",
       .id = "listGrants",
       .summary = "Grants that one gave, holds, or may revoke, newest first; all for administrators",
       .tag = "grant",
       .permission = Permission::grants_read,
       .audit_action = "grant.list",
       .rate = access::RateClass::read},
      [](Call& call, Input<None, GrantsQuery> in) { return list(call, std::move(in.query)); });

  operations.add(
      {.method = http::Method::post,
       .path = "/api/grants",
       .id = "createGrant",
       .summary = "Give a person or a group one right on one thing; nobody gives more than they hold",
       .tag = "grant",
       .permission = Permission::grants_manage,
       .audit_action = "grant.create",
       .rate = access::RateClass::write,
       .idempotent = true,
       .failures = {ErrorCode::conflict}},
      [&operations](Call& call, Input<None, None, CreateGrant> in) -> Task<Result<Created<GrantView>>> {
        GH_CO_TRY(auto made, co_await give(call, operations, std::move(in.body)));
        co_return Created{std::move(made)};
      });

  operations.add({.method = http::Method::get,
                  .path = "/api/grants/{grant_id}",
                  .id = "getGrant",
                  .summary = "One grant with its conditions and how often it was used",
                  .tag = "grant",
                  .permission = Permission::grants_read,
                  .audit_action = "grant.read",
                  .rate = access::RateClass::read},
                 [](Call& call, Input<GrantPath> in) -> Task<Result<GrantView>> {
                   call.audit().resource_id = in.path.grant_id.to_string();
                   auto found = co_await find_grant(call, in.path.grant_id);
                   if (!found) co_return fail(ErrorCode::not_found);
                   co_return std::move(*found);
                 });

  operations.add({.method = http::Method::post,
                  .path = "/api/grants/{grant_id}/revoke",
                  .id = "revokeGrant",
                  .summary = "Revoke a grant, for good; in force everywhere within two seconds",
                  .tag = "grant",
                  .permission = Permission::grants_manage,
                  .audit_action = "grant.revoke",
                  .rate = access::RateClass::write,
                  .critical = true},
                 [](Call& call, Input<GrantPath, None, RevokeGrant> in) {
                   return revoke(call, in.path.grant_id, std::move(in.body));
                 });

  operations.add(
      {.method = http::Method::get,
       .path = "/api/access/explain",
       .id = "explainAccess",
       .summary = "Why a person may do something, or may not: every role and grant with what it gives",
       .tag = "access",
       .permission = Permission::access_explain,
       .audit_action = "access.explain",
       .rate = access::RateClass::read},
      [&operations](Call& call, Input<None, ExplainQuery> in) -> Task<Result<Explanation>> {
        GH_CO_TRY(auto told, co_await explain(call, operations, std::move(in.query)));
        call.audit().resource_type = "user";
        call.audit().resource_id = told.user_id.to_string();
        call.audit().payload["permission"] = told.permission;
        co_return told;
      });
}

}  // namespace gatehouse::grants
