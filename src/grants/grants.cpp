#include "grants/grants.h"

#include <algorithm>
#include <array>

#include "access/granted.h"
#include "grants/grants_store.h"

namespace gatehouse::grants {
namespace {

using access::Call;

// What of a profile a grant may open (tenancy's member view).
constexpr std::array<std::string_view, 10> kProfileFields = {
    "name",       "email",     "role_code", "is_owner", "phone",
    "department", "job_title", "location",  "timezone", "avatar_url"};

Error refusal(std::string pointer, std::string code, std::string message) {
  return {.code = ErrorCode::validation_failed,
          .fields = {{std::move(pointer), std::move(code), std::move(message)}}};
}

std::unexpected<Error> not_yours(std::string_view why) {
  return fail(ErrorCode::forbidden, std::string(why));
}

/// Errors that the body shows by itself.
std::vector<FieldError> check_form(const CreateGrant& body) {
  std::vector<FieldError> wrong;
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
  if (!body.attributes) return wrong;
  if (auto conditions = access::to_conditions(*body.attributes); !conditions)
    std::ranges::move(conditions.error().fields, std::back_inserter(wrong));
  const auto& scope = body.attributes->scope;
  if (!scope || !scope->fields_allowed) return wrong;
  if (body.resource_kind != ResourceKind::PRL)
    wrong.push_back({"/attributes/scope/fields_allowed", "not_applicable", "only of a profile (PRL)"});
  for (std::size_t i = 0; i < scope->fields_allowed->size(); ++i)
    if (std::ranges::find(kProfileFields, (*scope->fields_allowed)[i].str()) == kProfileFields.end())
      wrong.push_back(
          {"/attributes/scope/fields_allowed/" + std::to_string(i), "unknown", "is no field of a profile"});
  return wrong;
}

Result<void> may_give_chat(const Call& call, const Thing& chat, AclAction action, bool manages) {
  if (chat.owner == call.user()) return {};
  if (manages && action != AclAction::MNG) return {};
  if (call.reach() == Reach::organization && action == AclAction::REA) return {};
  return not_yours("This chat is not yours to share so");
}

Result<void> may_give_workspace(const Call& call, const Thing& workspace, AclAction action, bool manages) {
  if (workspace.is_personal) return not_yours("A personal workspace cannot be shared");
  bool in_reach = call.reach() == Reach::organization || call.reach() == Reach::workspaces ||
                  (call.reach() == Reach::workspace && workspace.workspace == call.workspace());
  if (in_reach || (manages && action != AclAction::MNG)) return {};
  return not_yours("You do not manage this workspace");
}

}  // namespace

Task<Result<void>> check_may_give(Call& call, ResourceKind kind, Uuid resource, AclAction action) {
  bool is_administrator = call.reach() == Reach::organization;
  if (kind == ResourceKind::ORG) {
    if (resource != call.organization().value)
      co_return fail(refusal("/resource_id", "unknown", "is not your organization"));
    if (!is_administrator) co_return not_yours("Only an administrator gives rights to the organization");
    co_return Result<void>{};
  }
  if (kind != ResourceKind::CHT && kind != ResourceKind::WSP && kind != ResourceKind::PRL)
    co_return fail(refusal("/resource_kind", "not_available", "there are no things of this kind yet"));
  auto thing = co_await find_thing(call, kind, resource);
  auto granted = co_await access::granted_actions(call, kind, resource);
  bool manages = std::ranges::find(granted, AclAction::MNG) != granted.end();
  if (!thing && !manages) co_return fail(refusal("/resource_id", "unknown", "is nothing that you may see"));
  if (kind == ResourceKind::CHT) co_return may_give_chat(call, thing.value_or(Thing{}), action, manages);
  if (kind == ResourceKind::WSP) co_return may_give_workspace(call, thing.value_or(Thing{}), action, manages);
  bool is_own_profile = thing && thing->owner == call.user() && action == AclAction::REA;
  if (!is_administrator && !is_own_profile)
    co_return not_yours("Only an administrator gives rights to others' profiles");
  co_return Result<void>{};
}

Task<Result<GrantView>> give(Call& call, CreateGrant body) {
  if (auto wrong = check_form(body); !wrong.empty())
    co_return fail(Error{.code = ErrorCode::validation_failed, .fields = std::move(wrong)});
  GH_CO_CHECK(co_await check_may_give(call, body.resource_kind, body.resource_id, body.action));
  if (body.created_for_email) {
    body.created_for_user_id = co_await find_member_by_email(call, body.created_for_email->to_string());
    if (!body.created_for_user_id)
      co_return fail(refusal("/created_for_email", "unknown", "is no active member's address"));
  } else if (body.created_for_user_id && !co_await is_active_member(call, *body.created_for_user_id)) {
    co_return fail(refusal("/created_for_user_id", "unknown", "is no active member that you may see"));
  } else if (body.created_for_group_id && !co_await is_active_group(call, *body.created_for_group_id)) {
    co_return fail(refusal("/created_for_group_id", "unknown", "is no active group that you may see"));
  }
  if (body.created_for_user_id == call.user())
    co_return fail(refusal("/created_for_user_id", "oneself", "nobody grants to themselves"));
  NewGrant grant{.id = GrantId::make(),
                 .kind = body.resource_kind,
                 .resource = body.resource_id,
                 .action = body.action,
                 .user = body.created_for_user_id,
                 .group = body.created_for_group_id,
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
  co_return co_await insert_grant(call, std::move(grant));
}

}  // namespace gatehouse::grants
