// Invitations as an organization makes them. Nobody invites above their own: an administrator up to
// administrators, a workspace manager users into workspaces of theirs, a workspace's administrator users into
// that one.
#include <algorithm>
#include <set>

#include "access/administers.h"
#include "access/page.h"
#include "crypto/token.h"
#include "identity/accounts_store.h"
#include "identity/invitations_store.h"
#include "identity/letters.h"
#include "identity/operation_groups.h"
#include "mail/outbox.h"
#include "tenancy/email_directory.h"
#include "tenancy/workspace_people.h"

namespace gatehouse::identity {
namespace {

using access::Call;
using access::Created;
using access::Input;
using access::NoContent;
using access::None;
using access::Page;
using access::PageLimit;
using access::PageToken;
using access::Permission;

struct InvitationPath {
  InvitationId invitation_id;
};
BOOST_DESCRIBE_STRUCT(InvitationPath, (), (invitation_id))

struct InvitationQuery {
  PageLimit limit = 50;
  PageToken page_token;
  std::optional<InvitationState> state;
};
BOOST_DESCRIBE_STRUCT(InvitationQuery, (), (limit, page_token, state))

struct CreateInvitation {
  /// Bound to this address, and then for one use; none: for whoever has the code.
  std::optional<json::Email> email;
  json::Defaulted<RoleCode> role_code = RoleCode::UR;
  json::Defaulted<json::List<InvitedWorkspace, kMostWorkspaces>> workspaces;
  json::Defaulted<json::Int<1, 90>> expires_in_days = 7;
  json::Defaulted<json::Int<1, 1000>> max_uses = 1;
  json::Defaulted<json::Text<0, 200>> note;
};
BOOST_DESCRIBE_STRUCT(CreateInvitation, (), (email, role_code, workspaces, expires_in_days, max_uses, note))

struct NewInvitationView {
  InvitationView invitation;
  /// Null if it was sent: whoever comes by it then has proved the address.
  std::optional<std::string> code;
  /// The console's page for it. The code stands behind the `#`, so that no server's log has it.
  std::optional<std::string> link;
  bool sent = false;  // by mail, to the address that it is for
};
BOOST_DESCRIBE_STRUCT(NewInvitationView, (), (invitation, code, link, sent))

Result<void> check_roles(const Call& call, const CreateInvitation& body) {
  if (*body.role_code == RoleCode::MS)
    return fail(invalid("/role_code", "bad_value", "operators belong to no organization"));
  if (body.email && *body.max_uses != 1)
    return fail(invalid("/max_uses", "bad_value", "an invitation for one address is for one use"));
  if (access::administers(call)) return {};
  if (*body.role_code != RoleCode::UR)
    return fail(ErrorCode::forbidden, "Nobody invites to a role above what they may give: only users");
  if (body.workspaces->empty())
    return fail(invalid("/workspaces", "required", "name the workspaces of yours that the invitation opens"));
  return {};
}

Task<Result<void>> check_workspaces(Call& call, const CreateInvitation& body) {
  std::set<WorkspaceId> ids;
  for (std::size_t i = 0; i < body.workspaces->size(); ++i) {
    const auto& one = (*body.workspaces)[i];
    auto at = "/workspaces/" + std::to_string(i);
    if (!ids.insert(one.workspace_id).second)
      co_return fail(invalid(at + "/workspace_id", "duplicate", "is named twice"));
    if (one.role && !co_await tenancy::may_give(call, *one.role, one.workspace_id))
      co_return fail(ErrorCode::forbidden, "Nobody invites to a role above what they may give");
  }
  if (ids.empty()) co_return Result<void>{};
  auto count = co_await count_in_reach(call, {ids.begin(), ids.end()});
  if (count != static_cast<std::int64_t>(ids.size()))
    co_return fail(invalid("/workspaces", "not_found", "must be functional workspaces that you manage"));
  co_return Result<void>{};
}

Task<Result<Created<NewInvitationView>>> create(const Identity& identity, Call& call, CreateInvitation body) {
  GH_CO_CHECK(check_roles(call, body));
  GH_CO_CHECK(co_await check_workspaces(call, body));
  auto id = InvitationId::make();
  auto token = crypto::issue_token({.kind = crypto::TokenKind::invitation,
                                    .region = std::string(to_string(call.region())),
                                    .organization = call.organization().value,
                                    .id = id.value});
  NewInvitation what{.id = id,
                     .code = token.stored,
                     .last_four = std::string(token.text.last_four()),
                     .note = body.note->str(),
                     .role = *body.role_code,
                     .workspaces = *body.workspaces,
                     .max_uses = *body.max_uses,
                     .days = *body.expires_in_days};
  if (body.email) what.email = tenancy::normalize_email(body.email->to_string());
  auto& note = call.audit();
  note.resource_id = id.to_string();
  note.payload["role_code"] = to_string(what.role);
  note.payload["max_uses"] = what.max_uses;
  note.payload["is_email_bound"] = what.email.has_value();
  json::Array opened;
  for (const auto& one : what.workspaces) opened.emplace_back(one.workspace_id.to_string());
  note.payload["workspaces"] = std::move(opened);
  auto to = what.email;
  bool is_sent = what.is_mailed = identity.options().mail && to;
  auto view = co_await insert_invitation(call, std::move(what));
  std::string code(token.text.reveal());
  auto link = identity.options().issuer + "/invite#" + code;
  note.payload["sent"] = is_sent;
  NewInvitationView made{.invitation = std::move(view), .sent = is_sent};
  if (is_sent) {
    auto inviter = co_await get_account(call.reactor(), call.region(), call.principal().person());
    auto letter = invitation_letter(*to, inviter ? inviter->language.value_or("en") : "en", link,
                                    call.tenant().tenant().name);
    co_await call.write(mail::to_outbox(call.reactor().secrets(), "invitation", letter));
  } else {
    made.code = std::move(code);
    made.link = std::move(link);
  }
  co_return Created<NewInvitationView>{std::move(made)};
}

Task<Result<Page<InvitationView>>> list(Call& call, InvitationQuery query) {
  std::optional<InvitationId> before;
  if (query.page_token) {
    GH_CO_TRY(auto cursor, access::open_page_token(call, *query.page_token));
    before = InvitationId::parse(cursor);
  }
  auto limit = query.limit->value();
  Page<InvitationView> page{.data = co_await list_invitations(call, query.state, before, limit + 1),
                            .next_page_token = std::nullopt};
  if (page.data.size() > static_cast<std::size_t>(limit)) {
    page.data.resize(static_cast<std::size_t>(limit));
    page.next_page_token = access::make_page_token(call, page.data.back().id.to_string());
  }
  call.audit().payload["count"] = page.data.size();
  co_return page;
}

}  // namespace

void add_invitation_operations(access::Operations& operations, Identity& identity) {
  operations.add(
      {.method = http::Method::get,
       .path = "/api/invitations",
       .id = "listInvitations",
       .summary =
           "The organization's invitations, newest first; for managers their own and their workspaces'",
       .tag = "invitation",
       .permission = Permission::invitations_read,
       .audit_action = "invitation.list",
       .rate = access::RateClass::read},
      [](Call& call, Input<None, InvitationQuery> in) { return list(call, std::move(in.query)); });

  operations.add(
      {.method = http::Method::post,
       .path = "/api/invitations",
       .id = "createInvitation",
       .summary = "Invite somebody; the code and its link are mailed, or shown once to whoever invites",
       .tag = "invitation",
       .permission = Permission::invitations_manage,
       .audit_action = "invitation.create",
       .rate = access::RateClass::write,
       .idempotent = true,
       .shows_secret = true,
       .failures = {ErrorCode::conflict}},
      [&identity](Call& call, Input<None, None, CreateInvitation> in) {
        return create(identity, call, std::move(in.body));
      });

  operations.add({.method = http::Method::delete_,
                  .path = "/api/invitations/{invitation_id}",
                  .id = "revokeInvitation",
                  .summary = "Revoke an invitation; who came by it stays",
                  .tag = "invitation",
                  .permission = Permission::invitations_manage,
                  .audit_action = "invitation.revoke",
                  .rate = access::RateClass::write,
                  .failures = {ErrorCode::not_found}},
                 [](Call& call, Input<InvitationPath> in) -> Task<Result<NoContent>> {
                   call.audit().resource_id = in.path.invitation_id.to_string();
                   if (!co_await revoke_invitation(call, in.path.invitation_id))
                     co_return fail(ErrorCode::not_found, "There is no such invitation");
                   co_return NoContent{};
                 });
}

}  // namespace gatehouse::identity
