#include "grants/grants.h"

#include <algorithm>
#include <array>

#include "access/administers.h"
#include "access/roles.h"
#include "grants/grants_store.h"

namespace gatehouse::grants {
namespace {

using access::Call;

// What of a profile a grant may open (tenancy's member view).
constexpr std::array<std::string_view, 10> kProfileFields = {
    "name",       "email",     "role_code", "is_owner", "phone",
    "department", "job_title", "location",  "timezone", "avatar_url"};

std::unexpected<Error> not_yours(std::string_view why) {
  return fail(ErrorCode::forbidden, std::string(why));
}

/// Errors of what a grant opens: something that is asked for, and of it a part that is there.
std::vector<FieldError> check_scope(const access::Operations& operations, const CreateGrant& body) {
  std::vector<FieldError> wrong;
  auto is_asked = [&](bool listed) {
    return is_asked_for(operations, body.resource_kind, body.action, listed);
  };
  if (!is_asked(false) && !is_asked(true))
    wrong.push_back({"/action", "not_available", "nothing can be done to such a thing by it"});
  if (!body.attributes || !body.attributes->scope) return wrong;
  const auto& fields = body.attributes->scope->fields_allowed;
  std::string at = "/attributes/scope/fields_allowed";
  if (fields && body.resource_kind != ResourceKind::PRL)
    wrong.push_back({at, "not_applicable", "only of a profile (PRL)"});
  if (fields && fields->empty()) wrong.push_back({at, "too_short", "must name a field, or be left out"});
  for (std::size_t i = 0; fields && i < fields->size(); ++i)
    if (std::ranges::find(kProfileFields, (*fields)[i].str()) == kProfileFields.end())
      wrong.push_back({at + "/" + std::to_string(i), "unknown", "is no field of a profile"});
  const auto& parts = body.attributes->scope->operations_allowed;
  at = "/attributes/scope/operations_allowed";
  if (parts && body.action != AclAction::REA)
    wrong.push_back({at, "not_applicable", "only of reading (REA)"});
  if (parts && parts->empty()) wrong.push_back({at, "too_short", "must name one, or be left out"});
  for (std::size_t i = 0; parts && i < parts->size(); ++i)
    if (!is_asked((*parts)[i] == access::GrantOperation::list))
      wrong.push_back({at + "/" + std::to_string(i), "not_available", "is not there for such things"});
  return wrong;
}

/// Errors that the body shows by itself.
std::vector<FieldError> check_form(const access::Operations& operations, const CreateGrant& body) {
  auto wrong = check_scope(operations, body);
  int holders = int(body.created_for_user_id.has_value()) + int(body.created_for_email.has_value()) +
                int(body.created_for_group_id.has_value());
  if (holders != 1)
    wrong.push_back({"", "one_of",
                     "name exactly one of created_for_user_id, created_for_email and created_for_group_id"});
  auto from = body.valid_from.value_or(now());
  if (body.valid_to && *body.valid_to <= from)
    wrong.push_back({"/valid_to", "out_of_range", "must be after valid_from"});
  if (body.valid_to && *body.valid_to <= now())
    wrong.push_back({"/valid_to", "out_of_range", "must be in the future"});
  if (body.attributes)
    if (auto conditions = access::to_conditions(*body.attributes); !conditions)
      std::ranges::move(conditions.error().fields, std::back_inserter(wrong));
  return wrong;
}

/// By what the caller gives.
struct Right {
  bool is_own = false;                // a thing of theirs
  std::optional<access::Grant> by{};  // the grant by which they manage it, which limits what they pass on
};

Result<Right> right_to_chat(const Call& call, const Thing& chat, AclAction action) {
  if (chat.owner == call.user()) return Right{.is_own = true};
  if (access::administers(call) && action == AclAction::REA) return Right{};
  return not_yours("This chat is not yours to share so");
}

Result<Right> right_to_workspace(const Thing& workspace) {
  if (workspace.is_personal) return not_yours("A personal workspace cannot be shared");
  if (workspace.is_in_reach) return Right{};
  return not_yours("You do not manage this workspace");
}

Result<Right> right_to_profile(const Call& call, const Thing& profile, AclAction action) {
  if (profile.owner == call.user() && action == AclAction::REA) return Right{.is_own = true};
  if (access::administers(call)) return Right{};
  return not_yours("Only an administrator gives rights to others' profiles");
}

/// The grant by which the caller manages the thing.
Task<std::optional<access::Grant>> managing_grant(Call& call, const CreateGrant& body) {
  auto roles = co_await call.tenant().part<access::PeopleRoles>();
  auto acl = co_await call.tenant().part<access::TenantAcl>();
  auto decision =
      acl->acl.decide(call.user(), roles->groups_of(call.user()), body.resource_kind, body.resource_id,
                      AclAction::MNG, {.address = http::unmapped(call.request().peer.ip), .time = now()});
  if (!decision.allowed()) co_return std::nullopt;
  co_return *acl->acl.find(*decision.grant);
}

Task<Result<Right>> right_to_give(Call& call, const CreateGrant& body) {
  if (body.resource_kind == ResourceKind::ORG) {
    if (body.resource_id != call.organization().value)
      co_return fail(invalid("/resource_id", "unknown", "is not your organization"));
    if (!access::administers(call))
      co_return not_yours("Only an administrator gives rights to the organization");
    co_return Right{};
  }
  auto thing = co_await find_thing(call, body.resource_kind, body.resource_id);
  Result<Right> right = fail(invalid("/resource_id", "unknown", "is nothing that you may see"));
  if (thing && body.resource_kind == ResourceKind::CHT) right = right_to_chat(call, *thing, body.action);
  if (thing && body.resource_kind == ResourceKind::WSP) right = right_to_workspace(*thing);
  if (thing && body.resource_kind == ResourceKind::PRL) right = right_to_profile(call, *thing, body.action);
  if (right) co_return right;
  auto by = co_await managing_grant(call, body);
  if (!by) co_return right;
  if (body.action == AclAction::MNG) co_return not_yours("Who was granted to manage passes on all but that");
  co_return Right{.by = std::move(by)};
}

/// Whom it is for, by id. Errors: validation_failed.
Task<Result<void>> find_holder(Call& call, CreateGrant& body, bool is_own) {
  if (body.created_for_email) {
    body.created_for_user_id = co_await find_member_by_email(call, body.created_for_email->to_string());
    if (!body.created_for_user_id)
      co_return fail(invalid("/created_for_email", "unknown", "is no active member's address"));
  } else if (body.created_for_user_id && !co_await is_active_member(call, *body.created_for_user_id)) {
    co_return fail(invalid("/created_for_user_id", "unknown", "is no active member that you may see"));
  } else if (body.created_for_group_id && !co_await is_active_group(call, *body.created_for_group_id)) {
    co_return fail(invalid("/created_for_group_id", "unknown", "is no active group that you may see"));
  }
  if (body.created_for_user_id == call.user())
    co_return fail(invalid("/created_for_user_id", "oneself", "nobody grants to themselves"));
  auto roles = co_await call.tenant().part<access::PeopleRoles>();
  const auto& groups = roles->groups_of(call.user());
  if (!is_own && body.created_for_group_id &&
      std::ranges::find(groups, *body.created_for_group_id) != groups.end())
    co_return fail(invalid(
        {{"/created_for_group_id", "oneself", "nobody grants to a group of theirs what is not their own"}}));
  co_return Result<void>{};
}

}  // namespace

bool is_asked_for(const access::Operations& operations, ResourceKind kind, AclAction action, bool listed) {
  return std::ranges::any_of(operations.all(), [&](const auto& operation) {
    const auto& use = operation->info.resource;
    return use && use->kind == kind && use->action == action && use->is_list() == listed;
  });
}

Task<Result<GrantView>> give(Call& call, const access::Operations& operations, CreateGrant body) {
  if (auto wrong = check_form(operations, body); !wrong.empty()) co_return fail(invalid(std::move(wrong)));
  GH_CO_TRY(auto right, co_await right_to_give(call, body));
  GH_CO_CHECK(co_await find_holder(call, body, right.is_own));
  if (right.by && right.by->valid_to) {
    if (body.valid_to.value_or(*right.by->valid_to) > *right.by->valid_to)
      co_return fail(invalid("/valid_to", "out_of_range", "must not outlast the grant that is passed on"));
    if (!body.valid_to) body.valid_to = right.by->valid_to;
  }
  NewGrant grant{.id = GrantId::make(),
                 .kind = body.resource_kind,
                 .resource = body.resource_id,
                 .action = body.action,
                 .user = body.created_for_user_id,
                 .group = body.created_for_group_id,
                 .parent = right.by ? std::optional(right.by->id) : std::nullopt,
                 .valid_from = body.valid_from.value_or(now()),
                 .valid_to = body.valid_to,
                 .attributes = body.attributes ? json::encode(*body.attributes) : "{}"};
  auto& note = call.audit();
  note.resource_id = grant.id.to_string();
  note.payload["resource_kind"] = to_string(grant.kind);
  note.payload["granted_resource_id"] = grant.resource.to_string();
  note.payload["action"] = to_string(grant.action);
  if (grant.user) note.payload["user_id"] = grant.user->to_string();
  if (grant.group) note.payload["group_id"] = grant.group->to_string();
  auto made = co_await insert_grant(call, std::move(grant));
  if (!made) co_return not_yours("This is not yours to share");
  co_return std::move(*made);
}

}  // namespace gatehouse::grants
