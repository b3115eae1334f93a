// Groups of people, for role assignments and grants.
#include "pg/error.h"
#include "pg/params.h"
#include "tenancy/name_page.h"
#include "tenancy/operation_groups.h"

namespace gatehouse::tenancy {
namespace {

using access::Call;
using access::Created;
using access::Input;
using access::NoContent;
using access::None;
using access::Page;
using access::PageLimit;
using access::PageQuery;
using access::PageToken;
using access::Permission;
using access::RateClass;

#define GH_GROUP_COLUMNS                                                                           \
  "g.id, g.name, g.description, g.external_id, (select count(*) from group_members x"              \
  " where x.organization_id = g.organization_id and x.group_id = g.id) as members, g.created_at, " \
  "g.updated_at"

constexpr pg::Statement kList{"groups.list",
                              "select " GH_GROUP_COLUMNS
                              " from groups g where g.organization_id = $1 and g.is_active"
                              " and ($5::text is null or position(lower($5) in lower(g.name)) > 0)"
                              " and ($2::uuid is null or (lower(g.name), g.id) > (lower($3), $2)) order by "
                              "lower(g.name), g.id limit $4"};
constexpr pg::Statement kGet{"groups.get",
                             "select " GH_GROUP_COLUMNS
                             " from groups g where g.organization_id = $1 and g.id = $2 and g.is_active"};
constexpr pg::Statement kInsert{
    "groups.insert", "insert into groups (organization_id, id, name, description) values ($1, $2, $3, $4)"};
constexpr pg::Statement kUpdate{"groups.update",
                                "update groups set name = coalesce($3::text, name),"
                                " description = coalesce($4::text, description)"
                                " where organization_id = $1 and id = $2 and is_active"};
constexpr pg::Statement kDelete{
    "groups.delete",
    "update groups set is_active = false where organization_id = $1 and id = $2 and is_active"};
constexpr pg::Statement kMembers{
    "groups.people",
    "select x.user_id, u.name, u.email, m.is_active and u.is_active as is_active from group_members x"
    " join memberships m on m.organization_id = x.organization_id and m.user_id = x.user_id"
    " join users u on u.id = x.user_id where x.organization_id = $1 and x.group_id = $2"
    " and ($3::uuid is null or (m.name_key, x.user_id) > (lower($4), $3)) order by m.name_key, x.user_id "
    "limit $5"};
constexpr pg::Statement kAddMember{"groups.add_person",
                                   "insert into group_members (organization_id, group_id, user_id) values "
                                   "($1, $2, $3) on conflict do nothing"};
constexpr pg::Statement kRemoveMember{
    "groups.remove_person",
    "delete from group_members where organization_id = $1 and group_id = $2 and user_id = $3"};

#undef GH_GROUP_COLUMNS

struct GroupPath {
  GroupId group_id;
};
BOOST_DESCRIBE_STRUCT(GroupPath, (), (group_id))

struct GroupMemberPath {
  GroupId group_id;
  UserId user_id;
};
BOOST_DESCRIBE_STRUCT(GroupMemberPath, (), (group_id, user_id))

struct GroupQuery {
  PageLimit limit = 50;
  PageToken page_token;
  std::optional<json::Text<1, 100>> q;
};
BOOST_DESCRIBE_STRUCT(GroupQuery, (), (limit, page_token, q))

struct GroupView {
  GroupId id;
  std::string name;
  std::string description;
  std::optional<std::string> external_id;  // of the directory that provisions it
  std::int64_t members;
  Timestamp created_at;
  Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(GroupView, (), (id, name, description, external_id, members, created_at, updated_at))

struct CreateGroup {
  json::Name<255> name;
  json::Defaulted<json::Text<0, 1000>> description;
};
BOOST_DESCRIBE_STRUCT(CreateGroup, (), (name, description))

struct UpdateGroup {
  std::optional<json::Name<255>> name;
  std::optional<json::Text<0, 1000>> description;
};
BOOST_DESCRIBE_STRUCT(UpdateGroup, (), (name, description))

struct GroupMember {
  UserId user_id;
  std::string name;
  std::string email;
  bool is_active;
};
BOOST_DESCRIBE_STRUCT(GroupMember, (), (user_id, name, email, is_active))

std::unexpected<Error> no_group() {
  return fail(ErrorCode::not_found, "There is no such group");
}

/// As the call's transaction sees it.
Task<std::optional<GroupView>> find_in_transaction(Call& call, GroupId id) {
  auto rows = co_await call.write(kGet, pg::params(call.organization(), id));
  co_return rows.find_one<GroupView>();
}

Task<Result<std::uint64_t>> write(Call& call, pg::Statement statement, pg::Params params) {
  try {
    auto rows = co_await call.write(statement, std::move(params));
    co_return rows.affected();
  } catch (const pg::Error& error) {
    if (!error.is_unique_violation()) throw;
    co_return fail(ErrorCode::already_exists, "There is a group of this name");
  }
}

Task<Result<Page<GroupView>>> list(Call& call, GroupQuery query) {
  GH_CO_TRY(auto after, place_of(call, query.page_token));
  auto limit = query.limit->value();
  std::optional<std::string> text;
  if (query.q) text = query.q->str();
  auto rows = co_await call.read(
      kList, pg::params(call.organization(), after ? std::optional(after->id) : std::nullopt,
                        after ? after->name : std::string(), limit + 1, text));
  co_return to_page(call, rows.as<GroupView>(), limit,
                    [](const GroupView& view) { return NamePlace{view.id.value, view.name}; });
}

Task<Result<Created<GroupView>>> create(Call& call, CreateGroup body) {
  auto id = GroupId::make();
  call.audit().resource_id = id.to_string();
  GH_CO_CHECK(co_await write(call, kInsert,
                             pg::params(call.organization(), id, body.name.str(), body.description->str())));
  auto made = co_await find_in_transaction(call, id);
  if (!made) throw Failure("a group that was made is not there");
  co_return Created<GroupView>{std::move(*made)};
}

Task<Result<GroupView>> get(Call& call, GroupId id) {
  call.audit().resource_id = id.to_string();
  auto rows = co_await call.read(kGet, pg::params(call.organization(), id));
  auto found = rows.find_one<GroupView>();
  if (!found) co_return no_group();
  co_return std::move(*found);
}

Task<Result<GroupView>> update(Call& call, GroupId id, UpdateGroup body) {
  call.audit().resource_id = id.to_string();
  std::optional<std::string> name, description;
  if (body.name) name = body.name->str();
  if (body.description) description = body.description->str();
  GH_CO_TRY(auto updated,
            co_await write(call, kUpdate, pg::params(call.organization(), id, name, description)));
  if (updated == 0) co_return no_group();
  auto found = co_await find_in_transaction(call, id);
  if (!found) throw Failure("a group that was changed is not there");
  co_return std::move(*found);
}

Task<Result<NoContent>> remove(Call& call, GroupId id) {
  call.audit().resource_id = id.to_string();
  GH_CO_TRY(auto removed, co_await write(call, kDelete, pg::params(call.organization(), id)));
  if (removed == 0) co_return no_group();
  co_return NoContent{};
}

Task<Result<Page<GroupMember>>> list_people(Call& call, GroupId id, PageQuery query) {
  GH_CO_TRY(auto after, place_of(call, query.page_token));
  auto limit = query.limit->value();
  call.audit().resource_id = id.to_string();
  pg::Batch batch(kGet, pg::params(call.organization(), id));
  batch.add(kMembers, pg::params(call.organization(), id, after ? std::optional(after->id) : std::nullopt,
                                 after ? after->name : std::string(), limit + 1));
  auto rows = co_await call.read(std::move(batch));
  if (rows[0].empty()) co_return no_group();
  co_return to_page(call, rows[1].as<GroupMember>(), limit,
                    [](const GroupMember& person) { return NamePlace{person.user_id.value, person.name}; });
}

Task<Result<NoContent>> add_person(Call& call, GroupMemberPath path) {
  call.audit().resource_id = path.group_id.to_string();
  call.audit().payload["user_id"] = path.user_id.to_string();
  if (!co_await find_in_transaction(call, path.group_id)) co_return no_group();
  co_await call.write(kAddMember, pg::params(call.organization(), path.group_id, path.user_id));
  co_return NoContent{};
}

Task<Result<NoContent>> remove_person(Call& call, GroupMemberPath path) {
  call.audit().resource_id = path.group_id.to_string();
  call.audit().payload["user_id"] = path.user_id.to_string();
  auto rows =
      co_await call.write(kRemoveMember, pg::params(call.organization(), path.group_id, path.user_id));
  if (rows.affected() == 0) co_return fail(ErrorCode::not_found, "There is no such person in this group");
  co_return NoContent{};
}

void add_people_of_groups(access::Operations& operations) {
  operations.add({.method = http::Method::get,
                  .path = "/api/groups/{group_id}/members",
                  .id = "listGroupMembers",
                  .summary = "The people of a group, by name",
                  .tag = "group",
                  .permission = Permission::groups_read,
                  .audit_action = "group_member.list",
                  .rate = RateClass::read,
                  .failures = {ErrorCode::not_found}},
                 [](Call& call, Input<GroupPath, PageQuery> in) {
                   return list_people(call, in.path.group_id, std::move(in.query));
                 });

  operations.add({.method = http::Method::put,
                  .path = "/api/groups/{group_id}/members/{user_id}",
                  .id = "addGroupMember",
                  .summary = "Put somebody of the organization into a group",
                  .tag = "group",
                  .permission = Permission::groups_manage,
                  .audit_action = "group_member.create",
                  .rate = RateClass::write,
                  .critical = true,
                  .failures = {ErrorCode::not_found}},
                 [](Call& call, Input<GroupMemberPath> in) { return add_person(call, in.path); });

  operations.add({.method = http::Method::delete_,
                  .path = "/api/groups/{group_id}/members/{user_id}",
                  .id = "removeGroupMember",
                  .summary = "Take somebody out of a group; what the group gave them ends",
                  .tag = "group",
                  .permission = Permission::groups_manage,
                  .audit_action = "group_member.delete",
                  .rate = RateClass::write,
                  .failures = {ErrorCode::not_found}},
                 [](Call& call, Input<GroupMemberPath> in) { return remove_person(call, in.path); });
}

}  // namespace

void add_group_operations(access::Operations& operations) {
  operations.add({.method = http::Method::get,
                  .path = "/api/groups",
                  .id = "listGroups",
                  .summary = "The organization's groups, by name",
                  .tag = "group",
                  .permission = Permission::groups_read,
                  .audit_action = "group.list",
                  .rate = RateClass::read},
                 [](Call& call, Input<None, GroupQuery> in) { return list(call, std::move(in.query)); });

  operations.add(
      {.method = http::Method::post,
       .path = "/api/groups",
       .id = "createGroup",
       .summary = "Make a group",
       .tag = "group",
       .permission = Permission::groups_manage,
       .audit_action = "group.create",
       .rate = RateClass::write,
       .idempotent = true,
       .failures = {ErrorCode::already_exists}},
      [](Call& call, Input<None, None, CreateGroup> in) { return create(call, std::move(in.body)); });

  operations.add({.method = http::Method::get,
                  .path = "/api/groups/{group_id}",
                  .id = "getGroup",
                  .summary = "A group",
                  .tag = "group",
                  .permission = Permission::groups_read,
                  .audit_action = "group.read",
                  .rate = RateClass::read,
                  .failures = {ErrorCode::not_found}},
                 [](Call& call, Input<GroupPath> in) { return get(call, in.path.group_id); });

  operations.add({.method = http::Method::patch,
                  .path = "/api/groups/{group_id}",
                  .id = "updateGroup",
                  .summary = "Rename or describe a group",
                  .tag = "group",
                  .permission = Permission::groups_manage,
                  .audit_action = "group.update",
                  .rate = RateClass::write,
                  .failures = {ErrorCode::not_found, ErrorCode::already_exists}},
                 [](Call& call, Input<GroupPath, None, UpdateGroup> in) {
                   return update(call, in.path.group_id, std::move(in.body));
                 });

  operations.add({.method = http::Method::delete_,
                  .path = "/api/groups/{group_id}",
                  .id = "deleteGroup",
                  .summary = "Delete a group; the roles and grants that it gave end",
                  .tag = "group",
                  .permission = Permission::groups_manage,
                  .audit_action = "group.delete",
                  .rate = RateClass::write,
                  .critical = true,
                  .failures = {ErrorCode::not_found}},
                 [](Call& call, Input<GroupPath> in) { return remove(call, in.path.group_id); });

  add_people_of_groups(operations);
}

}  // namespace gatehouse::tenancy
