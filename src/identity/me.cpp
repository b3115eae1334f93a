#include "identity/me.h"

#include "access/permission.h"
#include "access/roles.h"
#include "identity/second_factor.h"
#include "identity/session.h"
#include "pg/enums.h"

namespace gatehouse::identity {

std::optional<Language> Language::parse(std::string_view text) {
  if (text != "en" && text != "pt-BR") return std::nullopt;
  Language language;
  language.text_ = text;
  return language;
}

namespace {

/// What the person may do in the workspace that they act in, or that is theirs.
Task<Result<std::vector<std::string>>> list_permissions(access::Reactor& reactor, access::Principal who,
                                                        WorkspaceId acting) {
  std::vector<access::Governance> governance;
  if (who.has_organization()) {
    GH_CO_TRY(auto tenant, co_await reactor.tenants().get(who.region, who.organization));
    auto roles = co_await tenant->part<access::PeopleRoles>();
    governance = roles->in(who.user, acting.is_nil() ? who.default_workspace : acting);
  }
  std::vector<std::string> names;
  for (auto name : access::permissions_of(who.role, governance)) {
    auto permission = access::parse_permission(name);
    if (who.viewer && permission && access::is_write(*permission)) continue;
    names.emplace_back(name);
  }
  co_return names;
}

}  // namespace

Task<Result<Me>> make_me(Identity& identity, access::Reactor& reactor, access::Principal who,
                         WorkspaceId acting) {
  bool is_operator = !who.has_organization();
  auto account = is_operator ? co_await get_operator(reactor, who.user)
                             : co_await get_account(reactor, who.region, who.user);
  if (!account) co_return fail(ErrorCode::unauthenticated, "The account does not exist any more");

  Me me{.user = {.id = account->id,
                 .email = std::move(account->email),
                 .name = std::move(account->name),
                 .language = Language::parse(account->language.value_or("")),
                 .theme = pg::from_label<Theme>(account->theme).value_or(Theme::system)},
        .is_super_admin = who.is_super_admin,
        .session_id = who.session,
        .role_code = who.role,
        .by_provider = who.by_provider,
        .demo = identity.options().demo};
  if (who.session && who.csrf && !who.viewer)
    me.csrf_token = csrf_token(reactor.secrets().email_hashes, *who.session);
  me.second_factor.required = who.is_restricted;
  // How the person signs in, and where else they belong, is none of the business of an organization that
  // vouches for them, of its administrator who looks, or of a program that works in it.
  const bool is_confined = who.by_provider || who.viewer || who.api_key;
  if (!is_confined) {
    auto factor = co_await find_second_factor(reactor, owner_of(who));
    me.second_factor.enrolled = factor && factor->confirmed_at;
  }
  if (!who.is_restricted) {
    GH_CO_TRY(me.permissions, co_await list_permissions(reactor, who, acting));
  }
  if (is_operator) co_return me;

  for (auto& membership : co_await list_memberships(reactor, who.user)) {
    if (is_confined && membership.organization_id != who.organization) continue;
    if (membership.organization_id == who.organization)
      me.organization = MeOrganization{.id = membership.organization_id,
                                       .name = membership.name,
                                       .slug = membership.slug,
                                       .region = membership.region,
                                       .data_mode = membership.data_mode,
                                       .status = membership.status};
    me.memberships.push_back({.organization_id = membership.organization_id,
                              .name = std::move(membership.name),
                              .slug = std::move(membership.slug),
                              .region = membership.region,
                              .role_code = membership.role_code,
                              .is_owner = membership.is_owner});
  }
  me.workspaces = co_await list_usable_workspaces(reactor, who.region, who.organization, who.user,
                                                  who.role == RoleCode::OA);
  if (!who.default_workspace.is_nil()) me.default_workspace_id = who.default_workspace;
  co_return me;
}

}  // namespace gatehouse::identity
