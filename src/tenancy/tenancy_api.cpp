#include "tenancy/tenancy_api.h"

#include "access/page.h"
#include "tenancy/tenancy_store.h"

namespace gatehouse::tenancy {
namespace {

using access::Call;
using access::Input;
using access::None;
using access::Page;
using access::PageQuery;
using access::Permission;

Result<std::optional<NamePlace>> place_of(Call& call, const PageQuery& query) {
  if (!query.page_token) return std::optional<NamePlace>{};
  GH_TRY(auto cursor, access::open_page_token(call, *query.page_token));
  auto place = parse_cursor(cursor);
  if (!place) return fail(ErrorCode::invalid_page_token);
  return place;
}

/// One row more than asked for was read; it tells whether there is another page.
template <class View, class IdOf>
Page<View> to_page(Call& call, std::vector<View> rows, std::size_t limit, IdOf id_of) {
  Page<View> page{.data = std::move(rows), .next_page_token = std::nullopt};
  if (page.data.size() > limit) {
    page.data.resize(limit);
    const View& last = page.data.back();
    page.next_page_token = access::make_page_token(call, to_cursor({id_of(last), last.name}));
  }
  call.audit().payload["count"] = page.data.size();
  return page;
}

}  // namespace

void add_operations(access::Operations& operations) {
  operations.add({.method = http::Method::get,
                  .path = "/api/organization",
                  .id = "getOrganization",
                  .summary = "The active organization",
                  .tag = "organization",
                  .permission = Permission::organization_read,
                  .audit_action = "organization.read",
                  .rate = access::RateClass::read},
                 [](Call& call, Input<> /*in*/) -> Task<Result<OrganizationView>> {
                   auto found = co_await find_organization(call);
                   if (!found) co_return fail(ErrorCode::not_found);
                   call.audit().resource_id = found->id.to_string();
                   co_return std::move(*found);
                 });

  operations.add({.method = http::Method::get,
                  .path = "/api/workspaces",
                  .id = "listWorkspaces",
                  .summary = "The workspaces that the caller may use, by name",
                  .tag = "workspace",
                  .permission = Permission::workspaces_read,
                  .audit_action = "workspace.list",
                  .rate = access::RateClass::read},
                 [](Call& call, Input<None, PageQuery> in) -> Task<Result<Page<WorkspaceView>>> {
                   GH_CO_TRY(auto after, place_of(call, in.query));
                   auto limit = in.query.limit->value();
                   auto rows = co_await list_workspaces(call, std::move(after), limit + 1);
                   co_return to_page(call, std::move(rows), static_cast<std::size_t>(limit),
                                     [](const WorkspaceView& view) { return view.id.value; });
                 });

  operations.add({.method = http::Method::get,
                  .path = "/api/members",
                  .id = "listMembers",
                  .summary = "The organization's people, by name; for managers those who share a workspace",
                  .tag = "member",
                  .permission = Permission::members_read,
                  .audit_action = "member.list",
                  .rate = access::RateClass::read},
                 [](Call& call, Input<None, PageQuery> in) -> Task<Result<Page<MemberView>>> {
                   GH_CO_TRY(auto after, place_of(call, in.query));
                   auto limit = in.query.limit->value();
                   auto rows = co_await list_members(call, std::move(after), limit + 1);
                   co_return to_page(call, std::move(rows), static_cast<std::size_t>(limit),
                                     [](const MemberView& view) { return view.user_id.value; });
                 });
}

}  // namespace gatehouse::tenancy
