#include "sso/linking.h"

#include <algorithm>

#include "audit/appender.h"
#include "audit/outbox.h"
#include "identity/invitations.h"
#include "json/codec.h"
#include "oidc/claims.h"
#include "oidc/id_token.h"
#include "pg/enums.h"
#include "pg/error.h"
#include "sso/domains_store.h"
#include "sso/members_store.h"
#include "tenancy/adoption.h"
#include "tenancy/email_directory.h"
#include "tenancy/provisioning.h"

namespace gatehouse::sso {
namespace {

constexpr std::size_t kMostGroups = 1'000;

std::string domain_of(std::string_view email) {
  return std::string(email.substr(email.rfind('@') + 1));
}

bool contains(const std::vector<std::string>& list, std::string_view one) {
  return std::ranges::find(list, one) != list.end();
}

/// A name that a person can have here; empty if the claim is none.
std::string read_name(const json::Object& claims, const std::string& claim) {
  const auto* value = oidc::find_claim(claims, claim);
  auto name = value ? json::decode<json::Name<255>>(*value) : Result<json::Name<255>>();
  return name && name->str().size() <= 255 ? name->str() : std::string();
}

audit::Event event_of(access::Call& call, const Provider& provider, std::string action,
                      json::Object payload) {
  auto event = audit::make_event(std::move(action));
  event.organization = provider.organization;
  event.actor_type = audit::ActorType::user;
  event.resource_type = "membership";
  event.request_id = call.request().request_id;
  payload["provider_id"] = provider.row().id.to_string();
  event.payload = std::move(payload);
  return event;
}

void is_of(audit::Event& event, UserId user) {
  event.actor_id = user.value;
  event.resource_id = user.to_string();
}

/// Before it is done.
Task<void> record(access::Call& call, const Provider& provider, std::string action, UserId user,
                  json::Object payload) {
  auto event = event_of(call, provider, std::move(action), std::move(payload));
  is_of(event, user);
  co_await call.reactor().region(provider.region).appender->append(std::move(event));
}

json::Object describe(const MemberChange& change) {
  json::Object payload;
  if (change.role) payload["role_code"] = to_string(*change.role);
  if (change.is_active) payload["is_active"] = *change.is_active;
  auto list = [&](std::string_view name, const std::vector<WorkspaceId>& ids) {
    if (ids.empty()) return;
    json::Array texts;
    for (auto id : ids) texts.emplace_back(id.to_string());
    payload[name] = std::move(texts);
  };
  list("workspaces_joined", change.join);
  list("workspaces_left", change.leave);
  json::Array given;
  for (const auto& grant : change.assign)
    given.push_back(json::Object{
        {"role", to_string(grant.role)},
        {"workspace_id", grant.workspace_id ? json::Value(grant.workspace_id->to_string()) : json::Value()}});
  if (!given.empty()) payload["roles_given"] = std::move(given);
  if (!change.unassign.empty()) payload["roles_taken"] = change.unassign.size();
  return payload;
}

/// What has to change so that the member has what the groups give, and nothing that groups gave before.
/// Memberships that the provider does not manage keep their role; an owner keeps it in any case.
Task<MemberChange> changes(access::Call& call, const Provider& provider, const MemberRow& member,
                           bool is_managed, const Granted& granted) {
  auto& reactor = call.reactor();
  MemberChange change;
  if (is_managed && !member.is_owner) {
    if (granted.role && *granted.role != member.role_code) change.role = granted.role;
    if (granted.role.has_value() != member.is_active) change.is_active = granted.role.has_value();
  }
  auto held = co_await list_held(reactor, provider.region, provider.organization, member.user_id);
  auto named = granted.workspaces;
  for (const auto& grant : granted.governance)
    if (grant.workspace_id) named.insert(*grant.workspace_id);
  // One that was deleted since the rule was written gives nothing.
  auto shared = named.empty()
                    ? std::set<WorkspaceId>{}
                    : co_await shared_workspaces(reactor, provider.region, provider.organization, named);
  for (auto id : granted.workspaces)
    if (shared.contains(id) && !held.workspaces.contains(id)) change.join.push_back(id);
  for (auto id : held.workspaces_by_group)
    if (!granted.workspaces.contains(id)) change.leave.push_back(id);
  auto wanted = granted.governance;
  for (const auto& role : held.roles)
    if (wanted.erase({role.role, role.workspace_id}) == 0 && role.by_group)
      change.unassign.push_back(role.id);
  for (const auto& grant : wanted)
    if (!grant.workspace_id || shared.contains(*grant.workspace_id)) change.assign.push_back(grant);
  co_return change;
}

/// The member as the groups have it now.
Task<Judged<UserId>> settle(access::Call& call, const Provider& provider, const Claimed& claimed,
                            const KnownLogin& login, const MemberRow& member) {
  auto granted = evaluate(mapping_of(provider.row()), claimed.groups);
  const bool is_managed = login.manages_membership || provider.row().manages_existing;
  if (!member.person_is_active) co_return refuse(Refusal::account_inactive);
  // Only who rests for want of groups comes back by them.
  if (!member.is_active && !(is_managed && login.has_lost_groups))
    co_return refuse(Refusal::membership_inactive);
  // Who rests comes into nothing.
  const bool rests = is_managed && !member.is_owner && !granted.role;
  if (rests) granted = {};
  auto change = co_await changes(call, provider, member, is_managed, granted);
  std::optional<audit::Event> event;
  if (!change.empty()) {
    event = event_of(call, provider, "membership.update", describe(change));
    is_of(*event, member.user_id);
  }
  try {
    if (!co_await change_member(call.reactor(), provider.region, provider.organization, member,
                                std::move(change), login.id, provider.row().id, std::move(event)))
      co_return refuse(Refusal::membership_inactive);
  } catch (const pg::Error& error) {
    if (error.sqlstate() == "GH004") co_return refuse(Refusal::plan_full);
    if (error.sqlstate() == "GH007") co_return refuse(Refusal::last_administrator);
    throw;
  }
  if (rests) co_return refuse(Refusal::no_role);
  co_return member.user_id;
}

tenancy::NewPerson person_of(const Claimed& claimed) {
  auto name = claimed.name.empty() ? claimed.email->substr(0, claimed.email->rfind('@')) : claimed.name;
  // check_address() came first: the organization has proved the domain, and the provider the address.
  return {.email = *claimed.email, .name = std::move(name), .is_confirmed = true};
}

Refusal refusal_of(const Error& error) {
  if (error.code == ErrorCode::plan_limit_reached) return Refusal::plan_full;
  if (error.code == ErrorCode::validation_failed) return Refusal::email_missing;
  return Refusal::not_a_member;
}

/// Whom nobody invited.
Task<Judged<UserId>> make_member(access::Call& call, const Provider& provider, const Claimed& claimed) {
  if (!provider.row().jit) co_return refuse(Refusal::not_a_member);
  auto role = evaluate(mapping_of(provider.row()), claimed.groups).role;
  if (!role) co_return refuse(Refusal::no_role);
  auto& reactor = call.reactor();
  auto event = event_of(call, provider, "membership.create", {{"role_code", to_string(*role)}});
  auto added =
      co_await tenancy::add_member(reactor, {.organization = provider.organization,
                                             .region = provider.region,
                                             .person = person_of(claimed),
                                             .role = *role,
                                             .also = [&event](pg::Batch& batch, UserId id, bool) {
                                               is_of(event, id);
                                               batch.add(audit::kInsertOutbox, audit::outbox_params(event));
                                             }});
  if (!added) co_return refuse(refusal_of(added.error()));
  co_return added->user;
}

/// As the invitation says: the address is proved, which is what its link would have proved.
Task<Judged<UserId>> admit(access::Call& call, const Provider& provider, const Claimed& claimed,
                           identity::InvitationAddress invitation) {
  auto& reactor = call.reactor();
  auto who = co_await tenancy::identify(reactor, provider.region, person_of(claimed));
  co_await tenancy::prepare_adoption(reactor, provider.region, who);
  auto event = event_of(call, provider, "invitation.accept", {});
  is_of(event, who.id);
  event.resource_type = "invitation";
  event.resource_id = invitation.id.to_string();
  auto accepted = co_await identity::accept_invitation(
      reactor, invitation, {.id = who.id, .person = std::move(who.person), .is_adopted = true},
      std::move(event));
  if (!accepted) co_return refuse(refusal_of(accepted.error()));
  co_return who.id;
}

}  // namespace

bool lacks_claims(const ProviderRow& row, const json::Object& id_token) {
  auto names = claims_of(row);
  return !oidc::find_claim(id_token, names.email->str()) ||
         (!mapping_of(row).rules->empty() && !oidc::find_claim(id_token, names.groups->str()));
}

Judged<Claimed> read_claims(const ProviderRow& row, const json::Object& id_token,
                            const json::Object& userinfo) {
  auto names = claims_of(row);
  Claimed claimed{.issuer = row.issuer, .subject = oidc::find_subject(id_token).value_or("")};
  const auto& of_address = oidc::find_claim(id_token, names.email->str()) ? id_token : userinfo;
  if (const auto* email = oidc::find_claim(of_address, names.email->str()); email && email->is_string())
    claimed.email = tenancy::normalize_email(email->get_string());
  if (const auto* verified = oidc::find_claim(of_address, names.email_verified->str()))
    claimed.email_verified = (verified->is_bool() && verified->get_bool()) ||
                             (verified->is_string() && verified->get_string() == "true");
  claimed.name = read_name(id_token, names.name->str());
  if (claimed.name.empty()) claimed.name = read_name(userinfo, names.name->str());
  if (mapping_of(row).rules->empty()) return claimed;

  const auto& groups = names.groups->str();
  const auto& of_groups = oidc::find_claim(id_token, groups) ? id_token : userinfo;
  if (!oidc::find_claim(of_groups, groups)) {
    // Entra leaves them out and names another place for them when there are too many.
    for (const auto* elsewhere : {id_token.if_contains("_claim_names"), userinfo.if_contains("_claim_names")})
      if (elsewhere && elsewhere->is_object() && elsewhere->get_object().contains(groups))
        return refuse(Refusal::groups_incomplete);
    return claimed;  // most leave the claim out for who is in none
  }
  auto found = oidc::find_groups(of_groups, groups, kMostGroups);
  if (!found) return refuse(Refusal::groups_invalid);
  claimed.groups = std::move(*found);
  return claimed;
}

Task<Judged<>> check_address(access::Reactor& reactor, const Provider& provider, Claimed claimed) {
  if (!claimed.email) co_return refuse(Refusal::email_missing);
  auto domain = domain_of(*claimed.email);
  const auto& row = provider.row();
  if (!row.domains.empty() && !contains(row.domains, domain)) co_return refuse(Refusal::domain_not_verified);
  auto owner = co_await find_owner(reactor, domain);
  if (!owner || owner->organization_id != provider.organization)
    co_return refuse(Refusal::domain_not_verified);
  const bool is_authority = row.vouches_for_email && contains(row.domains, domain);
  if (!claimed.email_verified && !is_authority) co_return refuse(Refusal::email_not_verified);
  co_return Judged<>{};
}

Task<Judged<UserId>> find_member(access::Call& call, const Provider& provider, Claimed claimed) {
  auto& reactor = call.reactor();
  const auto region = provider.region;
  const auto organization = provider.organization;
  if (auto login = co_await find_login(reactor, region, organization, claimed.issuer, claimed.subject)) {
    auto member = co_await find_member_row(reactor, region, organization, login->user_id);
    if (!member) co_return refuse(Refusal::membership_inactive);
    co_return co_await settle(call, provider, claimed, *login, *member);
  }

  if (auto address = co_await check_address(reactor, provider, claimed); !address)
    co_return refuse(address.error());
  auto member = co_await find_member_by_email(reactor, region, organization, *claimed.email);
  bool is_made = false;
  if (member) {
    if (!member->person_is_active) co_return refuse(Refusal::account_inactive);
    if (!member->is_active) co_return refuse(Refusal::membership_inactive);
    co_await record(call, provider, "login.link", member->user_id, {});
    co_await tenancy::prove_address(reactor, member->user_id);
  } else {
    if (co_await is_barred(reactor, region, *claimed.email)) co_return refuse(Refusal::account_inactive);
    auto invitation = co_await identity::find_open_for(reactor, region, organization, *claimed.email);
    auto user = invitation ? co_await admit(call, provider, claimed, *invitation)
                           : co_await make_member(call, provider, claimed);
    if (!user) co_return refuse(user.error());
    member = co_await find_member_row(reactor, region, organization, *user);
    if (!member) co_return refuse(Refusal::membership_inactive);
    is_made = !invitation;
  }
  auto login = co_await insert_login(reactor, region, organization, claimed.issuer, claimed.subject,
                                     member->user_id, provider.row().id, is_made);
  // Somebody else was first with this login.
  if (login.user_id != member->user_id) co_return refuse(Refusal::linked_to_another);
  co_return co_await settle(call, provider, claimed, login, *member);
}

Task<Judged<>> link_member(access::Call& call, const Provider& provider, Claimed claimed, UserId user,
                           SessionId session) {
  auto& reactor = call.reactor();
  auto known =
      co_await find_login(reactor, provider.region, provider.organization, claimed.issuer, claimed.subject);
  if (known && known->user_id != user) co_return refuse(Refusal::linked_to_another);
  auto member = co_await find_member_row(reactor, provider.region, provider.organization, user);
  if (!member || !member->is_active || !member->person_is_active)
    co_return refuse(Refusal::membership_inactive);
  if (known) co_return Judged<>{};
  co_await record(call, provider, "login.link", user, {});
  auto login = co_await link_login(reactor, provider.region, provider.organization, claimed.issuer,
                                   claimed.subject, user, provider.row().id, session);
  if (!login) co_return refuse(Refusal::state_unknown);
  if (login->user_id != user) co_return refuse(Refusal::linked_to_another);
  co_return Judged<>{};
}

}  // namespace gatehouse::sso
