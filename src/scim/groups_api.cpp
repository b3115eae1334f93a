// Groups that an organization's directory makes. What a group gives its people, an administrator decides.
#include "pg/error.h"
#include "scim/error.h"
#include "scim/groups_store.h"
#include "scim/protocol.h"
#include "scim/scim_api.h"

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

struct GroupPath {
  GroupId group_id;
};
BOOST_DESCRIBE_STRUCT(GroupPath, (), (group_id))

std::unexpected<Error> no_group() {
  return fail(ErrorCode::not_found, "There is no such group");
}
std::unexpected<Error> taken() {
  return fail(
      ErrorCode::already_exists,
      "There is a group of this displayName or externalId; one that people made is not the directory's");
}

json::Object show(Call& call, const identity::Identity& identity, const StoredGroup& group,
                  const Projection& projection) {
  auto base = base_address(call.reactor(), call.region(), identity);
  set_headers(call, version_of(group), base + "/Groups/" + group.id.to_string());
  auto shown = to_json(group, base);
  projection.apply(shown);
  return shown;
}

Task<Result<json::Object>> list(const identity::Identity& identity, Call& call) {
  GH_CO_TRY(auto query, read_list_query(call.request(), kGroups, call.organization()));
  auto page = co_await list_groups(call, query, query.projection.shows("members"));
  auto base = base_address(call.reactor(), call.region(), identity);
  json::Array groups;
  for (const auto& group : page.groups) {
    auto shown = to_json(group, base);
    query.projection.apply(shown);
    groups.push_back(std::move(shown));
  }
  call.audit().payload["count"] = groups.size();
  co_return list_response(page.total, query, std::move(groups));
}

Task<Result<json::Object>> get(const identity::Identity& identity, Call& call, GroupId id) {
  call.audit().resource_id = id.to_string();
  GH_CO_TRY(auto projection, read_projection(call.request()));
  auto group = co_await find_group(call, id, projection.shows("members"));
  if (!group) co_return no_group();
  co_return show(call, identity, *group, projection);
}

void note(Call& call, GroupId id, const GroupChange& change) {
  auto& payload = call.audit().payload;
  call.audit().resource_id = id.to_string();
  if (!change.add.empty()) payload["members_added"] = change.add.size();
  if (!change.remove.empty()) payload["members_removed"] = change.remove.size();
  if (change.clears_members) payload["members_replaced"] = true;
}

/// As the call's transaction leaves it.
Task<Result<json::Object>> show_changed(const identity::Identity& identity, Call& call, GroupId id,
                                        Projection projection) {
  auto group = co_await lock_group(call, id, projection.shows("members"));
  if (!group) throw Failure("a group that was changed is not there");
  co_return show(call, identity, *group, projection);
}

Task<Result<Created<json::Object>>> create(const identity::Identity& identity, Call& call, std::string body) {
  GH_CO_TRY(auto change, read_group(body));
  GH_CO_TRY(auto projection, read_projection(call.request()));
  auto id = GroupId::make();
  note(call, id, change);
  try {
    co_await insert_group(call, id, *change.display_name, *change.external_id);
  } catch (const pg::Error& error) {
    if (!error.is_unique_violation()) throw;
    co_return taken();
  }
  GH_CO_CHECK(co_await change_members(call, id, std::move(change)));
  GH_CO_TRY(auto shown, co_await show_changed(identity, call, id, std::move(projection)));
  co_return Created{std::move(shown)};
}

Task<Result<json::Object>> update(const identity::Identity& identity, Call& call, GroupId id,
                                  Result<GroupChange> read) {
  call.audit().resource_id = id.to_string();
  GH_CO_TRY(auto projection, read_projection(call.request()));
  auto group = co_await lock_group(call, id, false);
  if (!group) co_return no_group();
  GH_CO_CHECK(check_if_match(call, version_of(*group)));
  GH_CO_TRY(auto change, std::move(read));
  note(call, id, change);
  auto name = change.display_name.value_or(group->name);
  auto external_id = change.external_id.value_or(group->external_id);
  if (name != group->name || external_id != group->external_id) {
    call.audit().payload["renamed"] = name != group->name;
    try {
      co_await update_group(call, id, std::move(name), std::move(external_id));
    } catch (const pg::Error& error) {
      if (!error.is_unique_violation()) throw;
      co_return taken();
    }
  }
  GH_CO_CHECK(co_await change_members(call, id, std::move(change)));
  co_return co_await show_changed(identity, call, id, std::move(projection));
}

Task<Result<NoContent>> remove(Call& call, GroupId id) {
  call.audit().resource_id = id.to_string();
  auto group = co_await lock_group(call, id, false);
  if (!group) co_return no_group();
  GH_CO_CHECK(check_if_match(call, version_of(*group)));
  co_await delete_group(call, id);
  co_return NoContent{};
}

Result<GroupChange> read_group_patch(std::string_view body) {
  GH_TRY(auto operations, read_patch(body));
  return group_change(operations);
}

}  // namespace

void add_group_operations(access::Operations& operations, identity::Identity& identity) {
  auto listing = declare(Method::get, "/scim/v2/Groups", "scimListGroups",
                         "Groups that the directory made, by a filter of RFC 7644 and in pages", "scim_group",
                         "scim.group.list");
  operations.add(std::move(listing),
                 [&identity](Call& call, Input<None, RawQuery>) { return list(identity, call); });

  auto creating =
      declare(Method::post, "/scim/v2/Groups", "scimCreateGroup",
              "Make a group; an administrator decides what it gives", "scim_group", "scim.group.create");
  creating.failures = {ErrorCode::already_exists};
  operations.add(std::move(creating), [&identity](Call& call, Input<None, RawQuery, RawBody> in) {
    return create(identity, call, std::move(in.body.text));
  });

  auto getting = declare(Method::get, "/scim/v2/Groups/{group_id}", "scimGetGroup", "A group", "scim_group",
                         "scim.group.read");
  getting.failures = {ErrorCode::not_found};
  operations.add(std::move(getting), [&identity](Call& call, Input<GroupPath, RawQuery> in) {
    return get(identity, call, in.path.group_id);
  });

  auto replacing =
      declare(Method::put, "/scim/v2/Groups/{group_id}", "scimReplaceGroup",
              "Say anew what a group is called and who is in it", "scim_group", "scim.group.update");
  auto patching = declare(Method::patch, "/scim/v2/Groups/{group_id}", "scimPatchGroup",
                          "Rename a group, or change who is in it", "scim_group", "scim.group.update");
  for (auto* one : {&replacing, &patching})
    one->failures = {ErrorCode::not_found, ErrorCode::already_exists, ErrorCode::precondition_failed};
  operations.add(std::move(replacing), [&identity](Call& call, Input<GroupPath, RawQuery, RawBody> in) {
    return update(identity, call, in.path.group_id, read_group(in.body.text));
  });
  operations.add(std::move(patching), [&identity](Call& call, Input<GroupPath, RawQuery, RawBody> in) {
    return update(identity, call, in.path.group_id, read_group_patch(in.body.text));
  });

  auto removing =
      declare(Method::delete_, "/scim/v2/Groups/{group_id}", "scimDeleteGroup",
              "Delete a group; the roles and grants that it gave end", "scim_group", "scim.group.delete");
  removing.failures = {ErrorCode::not_found, ErrorCode::precondition_failed};
  operations.add(std::move(removing),
                 [](Call& call, Input<GroupPath> in) { return remove(call, in.path.group_id); });
}

}  // namespace gatehouse::scim
