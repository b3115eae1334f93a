// Users: the memberships of an organization, as its directory sees and changes them (decision 0017).
#include "audit/outbox.h"
#include "pg/error.h"
#include "scim/error.h"
#include "scim/patch.h"
#include "scim/protocol.h"
#include "scim/scim_api.h"
#include "scim/users_store.h"
#include "sso/domains.h"
#include "tenancy/email_directory.h"
#include "tenancy/newcomer.h"
#include "tenancy/provisioning.h"

namespace gatehouse::scim {
namespace {

using access::Call;
using access::Created;
using access::Input;
using access::NoContent;
using access::None;
using access::RawBody;
using access::RawQuery;
using http::Method;

struct UserPath {
  UserId user_id;
};
BOOST_DESCRIBE_STRUCT(UserPath, (), (user_id))

std::unexpected<Error> no_user() {
  return fail(ErrorCode::not_found, "There is no such user");
}
std::unexpected<Error> taken() {
  return fail(ErrorCode::already_exists, "A user has this userName or externalId already");
}

std::string base_of(Call& call, const identity::Identity& identity) {
  return base_address(call.reactor(), call.region(), identity);
}

/// As it is shown, with the answer's headers.
json::Object show(Call& call, const identity::Identity& identity, const ShownUser& user,
                  const Projection& projection) {
  auto base = base_of(call, identity);
  set_headers(call, version_of(user), base + "/Users/" + user.id.to_string());
  auto shown = to_json(user, base);
  projection.apply(shown);
  return shown;
}

Task<Result<json::Object>> list(const identity::Identity& identity, Call& call) {
  GH_CO_TRY(auto query, read_list_query(call.request(), kUsers, call.organization()));
  auto page = co_await list_users(call, query);
  auto base = base_of(call, identity);
  json::Array users;
  for (const auto& user : page.users) {
    auto shown = to_json(user, base);
    query.projection.apply(shown);
    users.push_back(std::move(shown));
  }
  call.audit().payload["count"] = users.size();
  co_return list_response(page.total, query, std::move(users));
}

Task<Result<json::Object>> get(const identity::Identity& identity, Call& call, UserId id) {
  call.audit().resource_id = id.to_string();
  GH_CO_TRY(auto projection, read_projection(call.request()));
  auto user = co_await find_user(call, id);
  if (!user) co_return no_user();
  co_return show(call, identity, user->shown, projection);
}

/// The names of what differs, for the event: never what it is.
json::Array names_of_changes(const UserResource& before, const UserResource& after) {
  json::Array names;
  auto note = [&](std::string_view name, bool differs) {
    if (differs) names.emplace_back(name);
  };
  note("userName", before.user_name != after.user_name);
  note("externalId", before.external_id != after.external_id);
  note("displayName", before.display_name != after.display_name);
  note("name", before.given_name != after.given_name || before.family_name != after.family_name ||
                   before.formatted_name != after.formatted_name);
  note("emails", before.email != after.email);
  note("active", before.active != after.active);
  return names;
}

Task<Result<void>> change_activity(Call& call, const StoredUser& user, bool is_active) {
  if (is_active != user.is_active) call.audit().payload["is_active"] = is_active;
  if (is_active) {
    if (user.is_active) co_return Result<void>{};
    co_await tenancy::take_seat(call);
    co_await renew_membership(call, user.shown.id);
    co_return Result<void>{};
  }
  if (user.is_owner)
    co_return fail(ErrorCode::conflict, "The owner stays active: hand the organization over first");
  co_await end_membership(call, user.shown.id);
  co_return Result<void>{};
}

/// Another userName: only of a person whom this directory made and nobody else knows, and only to an address
/// of the organization's own.
Task<Result<void>> change_address(Call& call, const std::string& before, const std::string& after) {
  auto& reactor = call.reactor();
  auto theirs = [] {
    return refuse("mutability", "userName is how this person signs in, and not this directory's to change");
  };
  if (!co_await sso::has_domain_of(reactor, call.organization(), after) ||
      !co_await sso::has_domain_of(reactor, call.organization(), before))
    co_return theirs();
  if ((co_await tenancy::regions_of_account(reactor, before)).size() > 1) co_return theirs();
  if (co_await tenancy::is_known(reactor, after)) co_return taken();
  if (!co_await readdress_person(call, before, after)) co_return theirs();
  co_await tenancy::add_email_region(reactor, tenancy::email_hash(reactor.secrets(), after), call.region());
  co_return Result<void>{};
}

/// The name that the person has here and elsewhere; of one who is known in another region, where this
/// transaction does not reach, it is not the directory's to change.
Task<void> change_name(Call& call, const std::string& before, const UserResource& said) {
  auto regions = co_await tenancy::regions_of_account(call.reactor(), before);
  if (regions.size() > 1) co_return;
  co_await rename_person(call, said.user_name, name_of(said));
}

/// Makes of the user what the directory says, in the call's transaction.
Task<Result<void>> settle(Call& call, const StoredUser& user, const UserResource& said) {
  const auto& before = user.shown.said;
  call.audit().payload["changed"] = names_of_changes(before, said);
  if (said.active != before.active) GH_CO_CHECK(co_await change_activity(call, user, said.active));
  try {
    if (said.user_name != before.user_name)
      GH_CO_CHECK(co_await change_address(call, before.user_name, said.user_name));
    co_await save_user(call, user.shown.id, said);
  } catch (const pg::Error& error) {
    if (!error.is_unique_violation()) throw;
    co_return taken();
  }
  if (name_of(said) != name_of(before)) co_await change_name(call, before.user_name, said);
  co_return Result<void>{};
}

/// The user as the call's transaction leaves it.
Task<Result<json::Object>> show_changed(const identity::Identity& identity, Call& call, UserId id,
                                        Projection projection) {
  auto changed = co_await lock_user(call, id);
  if (!changed) throw Failure("a user that was changed is not there");
  co_return show(call, identity, changed->shown, projection);
}

/// Whether the directory itself says that somebody is inactive, rather than leaves it as it is: who rests for
/// want of a provider's groups is inactive already, and that would end by the next group.
bool ends(UserResource somebody, const auto& change) {
  somebody.active = true;
  auto said = change(std::move(somebody));
  return said && !said->active;
}

/// `change` gives what the directory says from what it said before.
template <class Change>
Task<Result<json::Object>> update(const identity::Identity& identity, Call& call, UserId id, Change change) {
  call.audit().resource_id = id.to_string();
  GH_CO_TRY(auto projection, read_projection(call.request()));
  auto user = co_await lock_user(call, id);
  if (!user) co_return no_user();
  GH_CO_CHECK(check_if_match(call, version_of(user->shown)));
  Result<UserResource> said = change(user->shown.said);
  if (!said) co_return std::unexpected(std::move(said).error());
  if (*said != user->shown.said) GH_CO_CHECK(co_await settle(call, *user, *said));
  if (!user->shown.said.active && ends(user->shown.said, change))
    GH_CO_CHECK(co_await change_activity(call, *user, false));
  co_return co_await show_changed(identity, call, id, std::move(projection));
}

/// One that the directory had deleted: the membership begins anew, once.
Task<Result<void>> revive(Call& call, UserId id, const UserResource& said) {
  if (co_await lock_user(call, id)) co_return taken();
  try {
    co_await save_user(call, id, said);
  } catch (const pg::Error& error) {
    if (!error.is_unique_violation()) throw;
    co_return taken();
  }
  auto user = co_await lock_user(call, id);
  if (!user) throw Failure("a user that came back is not there");
  call.audit().payload["returned"] = true;
  co_return co_await change_activity(call, *user, said.active);
}

/// A membership, and its person if nobody knows the address; with its event in one transaction.
Task<Result<UserId>> make_user(Call& call, const UserResource& said) {
  auto& reactor = call.reactor();
  const bool is_known = co_await tenancy::is_known(reactor, said.user_name);
  auto event = co_await call.make_event(audit::EventOutcome::success);
  auto made = co_await tenancy::add_member(
      reactor, {.organization = call.organization(),
                .region = call.region(),
                .person = {.email = said.user_name, .name = name_of(said)},
                .is_active = said.active,
                .also = [&](pg::Batch& batch, UserId id, bool is_new) {
                  add_new_user(batch, call.organization(), id, said, is_new && !is_known);
                  event.resource_id = id.to_string();
                  batch.add(audit::kInsertOutbox, audit::outbox_params(event));
                }});
  if (!made) co_return std::unexpected(std::move(made).error());
  if (!made->created) co_return taken();
  call.mark_audited();
  co_return made->user;
}

Task<Result<Created<json::Object>>> create(const identity::Identity& identity, Call& call, std::string body) {
  GH_CO_TRY(auto said, read_user(body));
  GH_CO_TRY(auto projection, read_projection(call.request()));
  auto known = co_await find_member(call, said.user_name);
  if (known && !known->is_deleted) co_return taken();
  if (known) {
    call.audit().resource_id = known->user_id.to_string();
    GH_CO_CHECK(co_await revive(call, known->user_id, said));
    GH_CO_TRY(auto shown, co_await show_changed(identity, call, known->user_id, std::move(projection)));
    co_return Created{std::move(shown)};
  }
  // Nobody becomes a member unasked but who receives the organization's own mail; and the answer is the same
  // whether or not the address is somebody's elsewhere.
  if (!co_await sso::has_domain_of(call.reactor(), call.organization(), said.user_name))
    co_return refuse("invalidValue",
                     "The domain of userName is none that the organization has verified; invite the person");
  std::optional<UserId> made;
  try {
    GH_CO_TRY(made, co_await make_user(call, said));
  } catch (const pg::Error& error) {
    // Somebody of this address came first: two people cannot be one.
    if (!error.is_unique_violation() && !error.is_foreign_key_violation()) throw;
  }
  if (!made) co_return taken();
  auto user = co_await find_user(call, *made);
  if (!user) throw Failure("a user that was made is not there");
  co_return Created{show(call, identity, user->shown, projection)};
}

Task<Result<NoContent>> remove(Call& call, UserId id) {
  call.audit().resource_id = id.to_string();
  auto user = co_await lock_user(call, id);
  if (!user) co_return no_user();
  GH_CO_CHECK(check_if_match(call, version_of(user->shown)));
  GH_CO_CHECK(co_await change_activity(call, *user, false));
  co_await mark_deleted(call, id);
  co_return NoContent{};
}

}  // namespace

void add_user_operations(access::Operations& operations, identity::Identity& identity) {
  auto listing = declare(Method::get, "/scim/v2/Users", "scimListUsers",
                         "Members, by a filter of RFC 7644 and in pages", "scim_user", "scim.user.list");
  operations.add(std::move(listing),
                 [&identity](Call& call, Input<None, RawQuery>) { return list(identity, call); });

  auto creating =
      declare(Method::post, "/scim/v2/Users", "scimCreateUser",
              "Make somebody a member: a user, without a role of their own", "scim_user", "scim.user.create");
  creating.failures = {ErrorCode::already_exists, ErrorCode::plan_limit_reached};
  operations.add(std::move(creating), [&identity](Call& call, Input<None, RawQuery, RawBody> in) {
    return create(identity, call, std::move(in.body.text));
  });

  auto getting = declare(Method::get, "/scim/v2/Users/{user_id}", "scimGetUser", "A member", "scim_user",
                         "scim.user.read");
  getting.failures = {ErrorCode::not_found};
  operations.add(std::move(getting), [&identity](Call& call, Input<UserPath, RawQuery> in) {
    return get(identity, call, in.path.user_id);
  });

  auto replacing = declare(Method::put, "/scim/v2/Users/{user_id}", "scimReplaceUser",
                           "Say anew what the directory knows of a member", "scim_user", "scim.user.update");
  auto patching = declare(Method::patch, "/scim/v2/Users/{user_id}", "scimPatchUser",
                          "Change what the directory says of a member, or whether they are active",
                          "scim_user", "scim.user.update");
  for (auto* one : {&replacing, &patching})
    one->failures = {ErrorCode::not_found, ErrorCode::conflict, ErrorCode::precondition_failed,
                     ErrorCode::plan_limit_reached};
  operations.add(std::move(replacing), [&identity](Call& call, Input<UserPath, RawQuery, RawBody> in) {
    return update(
        identity, call, in.path.user_id,
        [body = std::move(in.body.text)](const UserResource& before) { return replace_user(body, before); });
  });
  operations.add(std::move(patching), [&identity](Call& call, Input<UserPath, RawQuery, RawBody> in) {
    return update(identity, call, in.path.user_id,
                  [body = std::move(in.body.text)](UserResource said) -> Result<UserResource> {
                    GH_TRY(auto changes, read_patch(body));
                    GH_CHECK(apply_patch(said, changes));
                    return said;
                  });
  });

  auto removing = declare(Method::delete_, "/scim/v2/Users/{user_id}", "scimDeleteUser",
                          "End a membership: sessions and API keys end with it, what the person made stays",
                          "scim_user", "scim.user.delete");
  removing.failures = {ErrorCode::not_found, ErrorCode::conflict, ErrorCode::precondition_failed};
  operations.add(std::move(removing),
                 [](Call& call, Input<UserPath> in) { return remove(call, in.path.user_id); });
}

}  // namespace gatehouse::scim
