#include "scim/groups_store.h"

#include <fmt/format.h>

#include "pg/params.h"
#include "pg/statement.h"
#include "scim/error.h"

namespace gatehouse::scim {
namespace {

// `wanted`: the parameter that says whether members are.
#define GH_GROUP_COLUMNS(wanted)                                                          \
  "g.id, g.name, g.external_id, g.version, g.created_at, g.updated_at, case when " wanted \
  " then coalesce((select jsonb_agg(x.user_id order by x.user_id) from group_members x"   \
  " where x.organization_id = g.organization_id and x.group_id = g.id), '[]'::jsonb)"     \
  " else '[]'::jsonb end as members"

constexpr pg::Statement kGet{
    "scim.get_group",
    "select " GH_GROUP_COLUMNS("$3") " from groups g"
    " where g.organization_id = $1 and g.id = $2 and g.is_active and g.is_provisioned"};
constexpr pg::Statement kLock{
    "scim.lock_group",
    "select " GH_GROUP_COLUMNS("$3") " from groups g"
    " where g.organization_id = $1 and g.id = $2 and g.is_active and g.is_provisioned for update"};
constexpr std::string_view kListedColumns = GH_GROUP_COLUMNS("{}");
#undef GH_GROUP_COLUMNS

constexpr pg::Statement kInsert{"scim.insert_group",
                                "insert into groups (organization_id, id, name, external_id, is_provisioned) "
                                "values ($1, $2, $3, $4, true)"};
constexpr pg::Statement kUpdate{"scim.update_group",
                                "update groups set name = $3, external_id = $4 where organization_id = $1 "
                                "and id = $2 and is_provisioned"};
constexpr pg::Statement kDelete{
    "scim.delete_group",
    "update groups set is_active = false where organization_id = $1 and id = $2 and is_provisioned"};
constexpr pg::Statement kKnown{
    "scim.known_members",
    "select count(*) from memberships m left join scim_users s on s.organization_id = m.organization_id"
    " and s.user_id = m.user_id"
    " where m.organization_id = $1 and m.user_id = any ($2) and s.deleted_at is null"};
constexpr pg::Statement kAdd{"scim.add_members",
                             "insert into group_members (organization_id, group_id, user_id)"
                             " select $1, $2, one from unnest($3) one on conflict do nothing"};
constexpr pg::Statement kRemove{
    "scim.remove_members",
    "delete from group_members where organization_id = $1 and group_id = $2 and user_id = any ($3)"};
constexpr pg::Statement kKeep{
    "scim.keep_members",
    "delete from group_members where organization_id = $1 and group_id = $2 and user_id <> all ($3)"};

struct GroupRow {
  GroupId id;
  std::string name;
  std::optional<std::string> external_id;
  std::int64_t version;
  Timestamp created_at;
  Timestamp updated_at;
  pg::Json members;
};
BOOST_DESCRIBE_STRUCT(GroupRow, (), (id, name, external_id, version, created_at, updated_at, members))

struct ListedRow : GroupRow {
  std::int64_t total;
};
BOOST_DESCRIBE_STRUCT(ListedRow, (GroupRow), (total))

StoredGroup to_stored(GroupRow row) {
  StoredGroup group{.id = row.id,
                    .name = std::move(row.name),
                    .external_id = std::move(row.external_id),
                    .version = row.version,
                    .created_at = row.created_at,
                    .updated_at = row.updated_at};
  for (const auto& member : json::parse(row.members.text).value().as_array())
    group.members.push_back(UserId::parse(std::string_view(member.as_string())).value());
  return group;
}

std::string hits(const ListQuery& query, std::string_view columns) {
  return fmt::format(
      "select {} from groups g where g.organization_id = $1 and g.is_active and g.is_provisioned and ({})",
      columns, query.condition);
}

std::vector<UserId> list_of(const std::set<UserId>& users) {
  return {users.begin(), users.end()};
}

}  // namespace

json::Object to_json(const StoredGroup& group, std::string_view base) {
  auto id = group.id.to_string();
  json::Object shown{{"schemas", json::Array{kGroupSchema}}, {"id", id}, {"displayName", group.name}};
  if (group.external_id) shown["externalId"] = *group.external_id;
  json::Array members;
  for (auto member : group.members) {
    auto user = member.to_string();
    members.push_back(
        json::Object{{"value", user}, {"$ref", std::string(base) + "/Users/" + user}, {"type", "User"}});
  }
  shown["members"] = std::move(members);
  shown["meta"] = json::Object{{"resourceType", "Group"},
                               {"created", to_rfc3339(group.created_at)},
                               {"lastModified", to_rfc3339(group.updated_at)},
                               {"location", std::string(base) + "/Groups/" + id},
                               {"version", version_of(group)}};
  return shown;
}

std::string version_of(const StoredGroup& group) {
  return fmt::format("W/\"{}\"", group.version);
}

Task<GroupPage> list_groups(access::Call& call, const ListQuery& query, bool with_members) {
  GroupPage page;
  if (query.count > 0) {
    auto params = query.params;
    params.add(query.count);
    params.add(query.start - 1);
    params.add(with_members);
    auto order = query.order + ", g.id";
    auto columns = "g.id, count(*) over () as total, row_number() over (order by " + order + ") as place";
    params.add(kMostMembers);
    const auto last = params.size();
    auto sql = fmt::format(
        "with page as ({0} order by {1} limit ${2} offset ${3}),"
        " sized as (select p.*, sum(case when ${4} then (select count(*) from group_members x"
        " where x.organization_id = $1 and x.group_id = p.id) else 0 end) over (order by p.place) as so_far"
        " from page p)"
        " select {6}, p.total from sized p join groups g on g.organization_id = $1 and g.id = p.id"
        " where p.place = ${3} + 1 or p.so_far <= ${5}::bigint order by p.place",
        hits(query, columns), order, last - 3, last - 2, last - 1, last,
        fmt::format(fmt::runtime(kListedColumns), fmt::format("${}", last - 1)));
    pg::Batch batch;
    batch.add_adhoc(std::move(sql), std::move(params));
    auto rows = co_await call.read(std::move(batch));
    for (auto& row : rows[0].as<ListedRow>()) {
      page.total = row.total;
      page.groups.push_back(to_stored(std::move(row)));
    }
  }
  if (page.groups.empty() && (query.count == 0 || query.start > 1)) {
    pg::Batch batch;
    batch.add_adhoc(hits(query, "count(*)"), query.params);
    auto rows = co_await call.read(std::move(batch));
    page.total = rows[0].one<std::int64_t>();
  }
  co_return page;
}
Task<std::optional<StoredGroup>> find_group(access::Call& call, GroupId id, bool with_members) {
  auto rows = co_await call.read(kGet, pg::params(call.organization(), id, with_members));
  co_return rows.find_one<GroupRow>().transform(&to_stored);
}

Task<std::optional<StoredGroup>> lock_group(access::Call& call, GroupId id, bool with_members) {
  auto rows = co_await call.write(kLock, pg::params(call.organization(), id, with_members));
  co_return rows.find_one<GroupRow>().transform(&to_stored);
}

Task<void> insert_group(access::Call& call, GroupId id, std::string name,
                        std::optional<std::string> external_id) {
  co_await call.write(kInsert, pg::params(call.organization(), id, name, external_id));
}

Task<void> update_group(access::Call& call, GroupId id, std::string name,
                        std::optional<std::string> external_id) {
  co_await call.write(kUpdate, pg::params(call.organization(), id, name, external_id));
}

Task<void> delete_group(access::Call& call, GroupId id) {
  co_await call.write(kDelete, pg::params(call.organization(), id));
}

Task<Result<void>> change_members(access::Call& call, GroupId id, GroupChange change) {
  const auto organization = call.organization();
  auto add = list_of(change.add);
  if (!add.empty()) {
    auto rows = co_await call.write(kKnown, pg::params(organization, add));
    if (rows.one<std::int64_t>() != static_cast<std::int64_t>(add.size()))
      co_return refuse("invalidValue", "members names somebody who is no user here");
  }
  pg::Batch batch;
  if (change.clears_members)
    batch.add(kKeep, pg::params(organization, id, add));
  else if (!change.remove.empty())
    batch.add(kRemove, pg::params(organization, id, list_of(change.remove)));
  if (!add.empty()) batch.add(kAdd, pg::params(organization, id, add));
  if (!batch.empty()) co_await call.write(std::move(batch));
  co_return Result<void>{};
}

}  // namespace gatehouse::scim
