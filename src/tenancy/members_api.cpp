// The organization's people: list, look, change role, profile and activity, hand over ownership.
#include <algorithm>

#include "tenancy/members_store.h"
#include "tenancy/newcomer.h"
#include "tenancy/operation_groups.h"
#include "tenancy/profile.h"

namespace gatehouse::tenancy {
namespace {

using access::Call;
using access::Input;
using access::NoContent;
using access::None;
using access::Page;
using access::PageLimit;
using access::PageToken;
using access::Permission;
using access::RateClass;
using access::ResourceUse;

struct MemberPath {
  UserId user_id;
};
BOOST_DESCRIBE_STRUCT(MemberPath, (), (user_id))

struct MemberQuery {
  PageLimit limit = 50;
  PageToken page_token;
  std::optional<json::Text<1, 100>> q;
  std::optional<RoleCode> role_code;
  std::optional<bool> is_active;
  std::optional<WorkspaceId> workspace_id;
};
BOOST_DESCRIBE_STRUCT(MemberQuery, (), (limit, page_token, q, role_code, is_active, workspace_id))

/// What a grant's field scope leaves out is null or empty.
struct MemberDetail {
  UserId user_id;
  std::string name;
  std::optional<std::string> email;
  std::optional<RoleCode> role_code;
  std::optional<bool> is_owner;
  std::optional<bool> is_active;
  std::optional<Timestamp> created_at;
  ProfileView profile;
  std::vector<WorkspaceOfMember> workspaces;
  std::vector<GroupOfMember> groups;
  std::vector<RoleOfMember> roles;
};
BOOST_DESCRIBE_STRUCT(MemberDetail, (),
                      (user_id, name, email, role_code, is_owner, is_active, created_at, profile, workspaces,
                       groups, roles))

struct UpdateMember {
  std::optional<RoleCode> role_code;
  std::optional<bool> is_active;
  /// Only true, and only by the owner: ownership is handed over.
  std::optional<bool> is_owner;
  json::Omittable<UpdateProfile> profile;
};
BOOST_DESCRIBE_STRUCT(UpdateMember, (), (role_code, is_active, is_owner, profile))

MemberDetail detail_of(FoundMember found) {
  auto& member = *found.member;
  return {.user_id = member.user_id,
          .name = std::move(member.name),
          .email = std::move(member.email),
          .role_code = member.role_code,
          .is_owner = member.is_owner,
          .is_active = member.is_active,
          .created_at = member.created_at,
          .profile = profile_of(member.attributes.text),
          .workspaces = std::move(found.workspaces),
          .groups = std::move(found.groups),
          .roles = std::move(found.roles)};
}

/// Only the fields that the grant names, besides who it is.
MemberDetail limited(MemberDetail detail, const std::vector<std::string>& fields) {
  auto has = [&](std::string_view field) { return std::ranges::find(fields, field) != fields.end(); };
  MemberDetail shown{.user_id = detail.user_id, .name = std::move(detail.name)};
  auto keep = [&](std::string_view field, auto& to, auto& from) {
    if (has(field)) to = std::move(from);
  };
  keep("email", shown.email, detail.email);
  keep("role_code", shown.role_code, detail.role_code);
  keep("is_owner", shown.is_owner, detail.is_owner);
  keep("is_active", shown.is_active, detail.is_active);
  keep("created_at", shown.created_at, detail.created_at);
  keep("phone", shown.profile.phone, detail.profile.phone);
  keep("department", shown.profile.department, detail.profile.department);
  keep("job_title", shown.profile.job_title, detail.profile.job_title);
  keep("location", shown.profile.location, detail.profile.location);
  keep("timezone", shown.profile.timezone, detail.profile.timezone);
  keep("workspaces", shown.workspaces, detail.workspaces);
  keep("groups", shown.groups, detail.groups);
  keep("roles", shown.roles, detail.roles);
  return shown;
}

Task<Result<Page<MemberView>>> list(Call& call, MemberQuery query) {
  GH_CO_TRY(auto after, place_of(call, query.page_token));
  auto limit = query.limit->value();
  MemberFilter filter{
      .role_code = query.role_code, .is_active = query.is_active, .workspace_id = query.workspace_id};
  if (query.q) filter.text = query.q->str();
  auto rows = co_await list_members(call, std::move(filter), std::move(after), limit + 1);
  co_return to_page(call, std::move(rows), limit,
                    [](const MemberView& view) { return NamePlace{view.user_id.value, view.name}; });
}

Task<Result<MemberDetail>> get(Call& call, UserId user) {
  call.audit().resource_id = user.to_string();
  auto found = co_await find_member(call, user);
  if (!found.member) co_return fail(ErrorCode::not_found, "There is no such person");
  bool is_limited = !found.member->in_reach && call.grant() && !call.grant()->fields.empty();
  auto detail = detail_of(std::move(found));
  if (is_limited) co_return limited(std::move(detail), call.grant()->fields);
  co_return detail;
}

Task<Result<void>> hand_over(Call& call, const MemberRow& to) {
  auto caller = co_await lock_member(call, call.user());
  if (!caller || !caller->is_owner)
    co_return fail(ErrorCode::forbidden, "Only the owner hands the organization over");
  if (to.role_code != RoleCode::OA || !to.is_active)
    co_return fail(invalid("/is_owner", "bad_value", "the new owner must be an active administrator"));
  call.audit().payload["is_owner"] = true;
  co_await transfer_ownership(call, to.user_id);
  co_return Result<void>{};
}

Result<void> check_change(const MemberRow& member, const UpdateMember& body) {
  if (body.role_code == RoleCode::MS)
    return fail(invalid("/role_code", "bad_value", "operators belong to no organization"));
  if (body.is_owner == false)
    return fail(invalid("/is_owner", "bad_value", "make somebody else the owner instead"));
  bool stays = body.role_code.value_or(RoleCode::OA) == RoleCode::OA && body.is_active.value_or(true);
  if (member.is_owner && !stays)
    return fail(ErrorCode::conflict,
                "The owner stays an active administrator: hand the organization over first");
  return {};
}

Task<Result<void>> change(Call& call, UserId user, UpdateMember body) {
  call.audit().resource_id = user.to_string();
  auto locked = co_await lock_member(call, user);
  if (!locked) co_return fail(ErrorCode::not_found, "There is no such person");
  auto& member = *locked;
  GH_CO_CHECK(check_change(member, body));
  auto& payload = call.audit().payload;
  if (body.role_code && *body.role_code != member.role_code) {
    payload["role_code"] =
        json::Object{{"from", to_string(member.role_code)}, {"to", to_string(*body.role_code)}};
    member.role_code = *body.role_code;
  }
  if (body.is_active && *body.is_active != member.is_active) {
    payload["is_active"] = *body.is_active;
    if (*body.is_active) co_await take_seat(call);
    member.is_active = *body.is_active;
  }
  if (body.is_active == false) co_await forget_lost_groups(call, user);
  if (body.profile) {
    json::Array changed;
    for (const auto& [key, value] : json::to_value(*body.profile).as_object()) changed.emplace_back(key);
    payload["profile"] = std::move(changed);
    GH_CO_TRY(member.attributes.text, apply_profile(member.attributes.text, *body.profile));
  }
  auto owner_to_be = body.is_owner && !member.is_owner;
  co_await update_member(call, member);
  if (owner_to_be) GH_CO_CHECK(co_await hand_over(call, member));
  co_return Result<void>{};
}

/// The person as the call's transaction leaves them.
Task<Result<MemberDetail>> update(Call& call, UserId user, UpdateMember body) {
  GH_CO_CHECK(co_await change(call, user, std::move(body)));
  auto member = co_await lock_member(call, user);
  if (!member) throw Failure("a member that was changed is not there");
  co_return detail_of({.member = std::move(member)});
}

Task<Result<NoContent>> remove(Call& call, UserId user) {
  GH_CO_CHECK(co_await change(call, user, {.is_active = false}));
  co_return NoContent{};
}

}  // namespace

void add_member_operations(access::Operations& operations) {
  operations.add({.method = http::Method::get,
                  .path = "/api/members",
                  .id = "listMembers",
                  .summary = "The organization's people, by name; for managers those who share a workspace",
                  .tag = "member",
                  .permission = Permission::members_read,
                  .audit_action = "member.list",
                  .rate = RateClass::read},
                 [](Call& call, Input<None, MemberQuery> in) { return list(call, std::move(in.query)); });

  operations.add({.method = http::Method::get,
                  .path = "/api/members/{user_id}",
                  .id = "getMember",
                  .summary = "A person: profile, workspaces, groups and roles",
                  .tag = "member",
                  .permission = Permission::members_read,
                  .audit_action = "member.read",
                  .rate = RateClass::read,
                  .resource = ResourceUse{ResourceKind::PRL, AclAction::REA, "user_id"},
                  .failures = {ErrorCode::not_found}},
                 [](Call& call, Input<MemberPath> in) { return get(call, in.path.user_id); });

  operations.add({.method = http::Method::patch,
                  .path = "/api/members/{user_id}",
                  .id = "updateMember",
                  .summary = "Change somebody's role, profile or activity, or hand the organization over",
                  .tag = "member",
                  .permission = Permission::members_manage,
                  .audit_action = "member.update",
                  .rate = RateClass::write,
                  .critical = true,
                  .failures = {ErrorCode::not_found, ErrorCode::conflict, ErrorCode::plan_limit_reached}},
                 [](Call& call, Input<MemberPath, None, UpdateMember> in) {
                   return update(call, in.path.user_id, std::move(in.body));
                 });

  operations.add(
      {.method = http::Method::delete_,
       .path = "/api/members/{user_id}",
       .id = "removeMember",
       .summary = "End a membership: sessions and API keys end with it, what the person made stays",
       .tag = "member",
       .permission = Permission::members_manage,
       .audit_action = "member.delete",
       .rate = RateClass::write,
       .critical = true,
       .failures = {ErrorCode::not_found, ErrorCode::conflict}},
      [](Call& call, Input<MemberPath> in) { return remove(call, in.path.user_id); });
}

}  // namespace gatehouse::tenancy
