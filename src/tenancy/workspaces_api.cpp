// Workspaces: list, make, change, close; joining and leaving.
#include "access/administers.h"
#include "tenancy/attributes.h"
#include "tenancy/color.h"
#include "tenancy/operation_groups.h"
#include "tenancy/settings.h"
#include "tenancy/workspace_people.h"
#include "tenancy/workspaces_store.h"

namespace gatehouse::tenancy {
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
using access::RateClass;
using access::ResourceUse;

struct WorkspacePath {
  WorkspaceId workspace_id;
};
BOOST_DESCRIBE_STRUCT(WorkspacePath, (), (workspace_id))

enum class WorkspaceState { active, closed };
BOOST_DESCRIBE_ENUM(WorkspaceState, active, closed)

struct WorkspaceQuery {
  PageLimit limit = 50;
  PageToken page_token;
  std::optional<json::Text<1, 100>> q;
  std::optional<WorkspaceType> workspace_type;
  json::Defaulted<WorkspaceState> state = WorkspaceState::active;
};
BOOST_DESCRIBE_STRUCT(WorkspaceQuery, (), (limit, page_token, q, workspace_type, state))

struct WorkspaceView {
  WorkspaceId id;
  std::string name;
  WorkspaceType workspace_type;
  bool is_default;
  bool is_active;
  Visibility visibility;
  std::optional<WorkspaceId> parent_workspace_id;
  std::optional<UserId> owner_user_id;
  bool is_member;
  /// The caller may change it, by what they are in the organization or there.
  bool is_managed;
  std::optional<std::string> description;
  std::optional<std::string> icon;
  std::optional<std::string> color;
  std::optional<std::string> department;
  std::optional<std::string> team;
  Timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(WorkspaceView, (),
                      (id, name, workspace_type, is_default, is_active, visibility, parent_workspace_id,
                       owner_user_id, is_member, is_managed, description, icon, color, department, team,
                       created_at))

struct Organogram {
  std::optional<WorkspaceId> parent_workspace_id;
  std::vector<WorkspaceId> child_workspaces;
};
BOOST_DESCRIBE_STRUCT(Organogram, (), (parent_workspace_id, child_workspaces))

struct WorkspaceDetail : WorkspaceView {
  Organogram organogram;
  WorkspaceSettings settings;
  SettingSources setting_sources;
  Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(WorkspaceDetail, (WorkspaceView), (organogram, settings, setting_sources, updated_at))

using Description = json::Text<0, 1000>;
using Icon = json::Name<16>;
using Label = json::Name<100>;

struct CreateWorkspace {
  json::Name<255> name;
  json::Defaulted<Visibility> visibility = Visibility::organization;
  std::optional<WorkspaceId> parent_workspace_id;
  /// Who leads it, as one of its administrators; whoever makes it, if nobody is named.
  std::optional<UserId> owner_user_id;
  json::Patch<Description> description;
  json::Patch<Icon> icon;
  json::Patch<Color> color;
  json::Patch<Label> department;
  json::Patch<Label> team;
  json::Omittable<UpdateWorkspaceSettings> settings;
};
BOOST_DESCRIBE_STRUCT(CreateWorkspace, (),
                      (name, visibility, parent_workspace_id, owner_user_id, description, icon, color,
                       department, team, settings))

struct UpdateWorkspace {
  std::optional<json::Name<255>> name;
  std::optional<Visibility> visibility;
  /// Its place in the organogram; an administrator of the organization changes it.
  json::Patch<WorkspaceId> parent_workspace_id;
  /// One of its people; null: nobody leads it.
  json::Patch<UserId> owner_user_id;
  /// Only true: another one stops being the default by it.
  std::optional<bool> is_default;
  json::Patch<Description> description;
  json::Patch<Icon> icon;
  json::Patch<Color> color;
  json::Patch<Label> department;
  json::Patch<Label> team;
  json::Omittable<UpdateWorkspaceSettings> settings;
};
BOOST_DESCRIBE_STRUCT(UpdateWorkspace, (),
                      (name, visibility, parent_workspace_id, owner_user_id, is_default, description, icon,
                       color, department, team, settings))

/// The part of a body that stands in `attributes`.
struct Looks {
  json::Patch<Description> description;
  json::Patch<Icon> icon;
  json::Patch<Color> color;
  json::Patch<Label> department;
  json::Patch<Label> team;
};
BOOST_DESCRIBE_STRUCT(Looks, (), (description, icon, color, department, team))

template <class Body>
json::Object looks_of(const Body& body) {
  return json::to_value(Looks{body.description, body.icon, body.color, body.department, body.team})
      .as_object();
}

WorkspaceView view_of(const WorkspaceRow& row) {
  auto attributes = read_document(row.attributes.text);
  return {.id = row.id,
          .name = row.name,
          .workspace_type = row.workspace_type,
          .is_default = row.is_default,
          .is_active = row.is_active,
          .visibility = row.visibility,
          .parent_workspace_id = row.parent_workspace_id,
          .owner_user_id = row.owner_user_id,
          .is_member = row.is_member,
          .is_managed = row.is_managed,
          .description = text_in(attributes, "description"),
          .icon = text_in(attributes, "icon"),
          .color = text_in(attributes, "color"),
          .department = text_in(attributes, "department"),
          .team = text_in(attributes, "team"),
          .created_at = row.created_at};
}

WorkspaceDetail detail_of(WorkspaceWithOrganization found) {
  WorkspaceDetail detail;
  static_cast<WorkspaceView&>(detail) = view_of(*found.workspace);
  detail.organogram = {found.workspace->parent_workspace_id, std::move(found.children)};
  auto effective = effective_settings(read_document(found.organization_settings.text), found.data_mode,
                                      read_document(found.workspace->settings.text));
  detail.settings = std::move(effective.values);
  detail.setting_sources = std::move(effective.sources);
  detail.updated_at = found.workspace->updated_at;
  return detail;
}

/// A workspace may keep less than its organization says, not more, unless who says so administers that.
Result<void> check_data_mode(const Call& call, DataMode organization,
                             const json::Omittable<UpdateWorkspaceSettings>& settings) {
  if (!settings || !settings->data_mode.has_value() || access::administers(call)) return {};
  if (settings->data_mode.value() == DataMode::full_content && organization == DataMode::metadata_only)
    return fail(invalid("/settings/data_mode", "not_allowed", "the organization stores metadata only"));
  return {};
}

/// Guests are kept out only where it can be told who is one.
Task<Result<void>> check_guests(Call& call, const json::Omittable<UpdateWorkspaceSettings>& settings) {
  bool is_closed = settings && settings->allow_guests.has_value() && !settings->allow_guests.value();
  if (is_closed && !co_await tells_guests(call))
    co_return fail(invalid(
        "/settings/allow_guests", "bad_value",
        "can be off only while the organization's profile names its domain: it tells who is a guest"));
  co_return Result<void>{};
}

Task<Result<WorkspaceDetail>> written(Call& call, WorkspaceId id) {
  auto found = co_await lock_workspace(call, id);
  if (!found.workspace) throw Failure("a workspace that was written is not there");
  call.set_version(found.workspace->version);
  co_return detail_of(std::move(found));
}

Task<Result<Page<WorkspaceView>>> list(Call& call, WorkspaceQuery query) {
  GH_CO_TRY(auto after, place_of(call, query.page_token));
  auto limit = query.limit->value();
  WorkspaceFilter filter{.type = query.workspace_type, .closed = *query.state == WorkspaceState::closed};
  if (query.q) filter.text = query.q->str();
  std::vector<WorkspaceView> views;
  for (const auto& row : co_await list_workspaces(call, std::move(filter), std::move(after), limit + 1))
    views.push_back(view_of(row));
  co_return to_page(call, std::move(views), limit,
                    [](const WorkspaceView& view) { return NamePlace{view.id.value, view.name}; });
}

Task<Result<Created<WorkspaceDetail>>> create(Call& call, CreateWorkspace body) {
  WorkspaceRow row{.id = WorkspaceId::make(),
                   .name = body.name.str(),
                   .visibility = *body.visibility,
                   .parent_workspace_id = body.parent_workspace_id,
                   .owner_user_id = body.owner_user_id.value_or(call.user()),
                   .settings = {"{}"}};
  json::Object attributes;
  merge_patch(attributes, looks_of(body));
  GH_CO_TRY(row.attributes.text, write_document("workspace", std::move(attributes)));
  if (body.settings) {
    GH_CO_TRY(auto settings, apply_settings({}, *body.settings));
    row.settings.text = std::move(settings.stored);
  }
  auto id = row.id;
  auto owner = *row.owner_user_id;
  GH_CO_CHECK(co_await insert_workspace(call, std::move(row)));
  // After the row, which holds the organization's: a change of the domain waits for that and then for guests.
  GH_CO_CHECK(co_await check_guests(call, body.settings));
  if (!co_await add_person(call, id, owner))
    co_return fail(invalid("/owner_user_id", "not_found", "there is no such person"));
  co_await set_administrator(call, id, owner, true);
  call.audit().resource_id = id.to_string();
  call.audit().payload["owner_user_id"] = owner.to_string();
  GH_CO_TRY(auto made, co_await written(call, id));
  co_return Created<WorkspaceDetail>{std::move(made)};
}

/// What only an administrator of the organization changes.
Result<void> check_administration(const Call& call, const UpdateWorkspace& body) {
  if (access::administers(call)) return {};
  if (body.parent_workspace_id.is_present() || body.is_default)
    return fail(
        ErrorCode::forbidden,
        "The organogram and the default workspace are changed by an administrator of the organization");
  return {};
}

Task<Result<void>> change_owner(Call& call, WorkspaceRow& row, const json::Patch<UserId>& owner) {
  if (!owner.is_present()) co_return Result<void>{};
  if (!co_await may_give(call, GovernanceRole::WorkspaceAdmin, row.id))
    co_return fail(ErrorCode::forbidden, "Who leads a workspace is settled by a workspace manager or above");
  if (owner.has_value()) {
    if (!co_await is_person_of(call, row.id, owner.value()))
      co_return fail(invalid("/owner_user_id", "not_found", "must be one of the workspace's people"));
    co_await set_administrator(call, row.id, owner.value(), true);
  }
  row.owner_user_id = owner.applied_to(std::nullopt);
  co_return Result<void>{};
}

Task<Result<WorkspaceDetail>> update(Call& call, WorkspaceId id, UpdateWorkspace body) {
  GH_CO_TRY(auto version, call.if_match());
  GH_CO_CHECK(check_administration(call, body));
  call.audit().resource_id = id.to_string();
  auto found = co_await lock_workspace(call, id);
  if (!found.workspace) co_return fail(ErrorCode::not_found, "There is no such workspace");
  auto& row = *found.workspace;
  if (row.version != version)
    co_return fail(ErrorCode::precondition_failed, "The workspace was changed meanwhile: read it again");
  GH_CO_CHECK(check_data_mode(call, found.data_mode, body.settings));
  GH_CO_CHECK(co_await check_guests(call, body.settings));

  auto document = json::to_value(body).as_object();
  document.erase("settings");
  json::Array changed;
  for (const auto& [key, value] : document)
    if (!value.is_null() || looks_of(body).contains(key) || key.ends_with("_id")) changed.emplace_back(key);
  if (body.name) row.name = body.name->str();
  if (body.visibility) row.visibility = *body.visibility;
  if (body.parent_workspace_id.is_present())
    row.parent_workspace_id = body.parent_workspace_id.applied_to({});
  GH_CO_CHECK(co_await change_owner(call, row, body.owner_user_id));
  auto attributes = read_document(row.attributes.text);
  merge_patch(attributes, looks_of(body));
  GH_CO_TRY(row.attributes.text, write_document("workspace", std::move(attributes)));
  if (body.settings) {
    GH_CO_TRY(auto settings, apply_settings(read_document(row.settings.text), *body.settings));
    row.settings.text = std::move(settings.stored);
    for (auto& path : settings.changed) changed.emplace_back("settings." + path);
  }
  GH_CO_CHECK(co_await update_workspace(call, row));
  if (body.is_default) {
    if (!*body.is_default)
      co_return fail(invalid("/is_default", "bad_value", "make another workspace the default instead"));
    co_await make_default(call, id);
  }
  call.audit().payload["changed"] = std::move(changed);
  co_return co_await written(call, id);
}

Task<Result<NoContent>> close(Call& call, WorkspaceId id) {
  call.audit().resource_id = id.to_string();
  auto found = co_await lock_workspace(call, id);
  if (!found.workspace) co_return fail(ErrorCode::not_found, "There is no such workspace");
  if (found.workspace->is_default)
    co_return fail(ErrorCode::conflict,
                   "This is the organization's default workspace: make another the default first");
  if (co_await has_children(call, id))
    co_return fail(ErrorCode::conflict,
                   "Other workspaces stand below it in the organogram: move or close them first");
  call.audit().payload["name"] = found.workspace->name;
  co_await close_workspace(call, id);
  co_return NoContent{};
}

Task<Result<NoContent>> join(Call& call, WorkspaceId id) {
  call.audit().resource_id = id.to_string();
  if (co_await is_person_of(call, id, call.user())) co_return NoContent{};
  if (!co_await add_person(call, id, call.user()))
    co_return fail(ErrorCode::not_found, "There is no such workspace");
  co_return NoContent{};
}

Task<Result<NoContent>> leave(Call& call, WorkspaceId id) {
  call.audit().resource_id = id.to_string();
  if (!co_await leave_workspace(call, id))
    co_return fail(ErrorCode::not_found, "There is no such workspace to leave");
  co_return NoContent{};
}

}  // namespace

void add_workspace_operations(access::Operations& operations) {
  operations.add({.method = http::Method::get,
                  .path = "/api/workspaces",
                  .id = "listWorkspaces",
                  .summary = "The workspaces that the caller may use or know of, by name",
                  .tag = "workspace",
                  .permission = Permission::workspaces_read,
                  .audit_action = "workspace.list",
                  .rate = RateClass::read,
                  .resource = ResourceUse{ResourceKind::WSP, AclAction::REA}},
                 [](Call& call, Input<None, WorkspaceQuery> in) { return list(call, std::move(in.query)); });

  operations.add(
      {.method = http::Method::post,
       .path = "/api/workspaces",
       .id = "createWorkspace",
       .summary = "Make a functional workspace; its owner is its first administrator",
       .tag = "workspace",
       .permission = Permission::workspaces_create,
       .audit_action = "workspace.create",
       .rate = RateClass::write,
       .idempotent = true,
       .etag = access::Etag::gives},
      [](Call& call, Input<None, None, CreateWorkspace> in) { return create(call, std::move(in.body)); });

  operations.add({.method = http::Method::get,
                  .path = "/api/workspaces/{workspace_id}",
                  .id = "getWorkspace",
                  .summary = "A workspace, its place in the organogram and the settings in force there",
                  .tag = "workspace",
                  .permission = Permission::workspaces_read,
                  .audit_action = "workspace.read",
                  .rate = RateClass::read,
                  .resource = ResourceUse{ResourceKind::WSP, AclAction::REA, "workspace_id"},
                  .etag = access::Etag::gives,
                  .failures = {ErrorCode::not_found}},
                 [](Call& call, Input<WorkspacePath> in) -> Task<Result<WorkspaceDetail>> {
                   auto found = co_await find_workspace(call, in.path.workspace_id);
                   call.audit().resource_id = in.path.workspace_id.to_string();
                   if (!found.workspace) co_return fail(ErrorCode::not_found, "There is no such workspace");
                   call.set_version(found.workspace->version);
                   co_return detail_of(std::move(found));
                 });

  operations.add({.method = http::Method::patch,
                  .path = "/api/workspaces/{workspace_id}",
                  .id = "updateWorkspace",
                  .summary = "Change a functional workspace, its place or its settings",
                  .tag = "workspace",
                  .permission = Permission::workspaces_manage,
                  .audit_action = "workspace.update",
                  .rate = RateClass::write,
                  .resource = ResourceUse{ResourceKind::WSP, AclAction::UPD, "workspace_id"},
                  .etag = access::Etag::updates,
                  .failures = {ErrorCode::not_found, ErrorCode::conflict, ErrorCode::precondition_failed,
                               ErrorCode::precondition_required}},
                 [](Call& call, Input<WorkspacePath, None, UpdateWorkspace> in) {
                   return update(call, in.path.workspace_id, std::move(in.body));
                 });

  operations.add(
      {.method = http::Method::delete_,
       .path = "/api/workspaces/{workspace_id}",
       .id = "closeWorkspace",
       .summary = "Close a workspace: its people, roles and keys go, its chats stay for the administrator",
       .tag = "workspace",
       .permission = Permission::workspaces_manage,
       .audit_action = "workspace.delete",
       .rate = RateClass::write,
       .critical = true,
       .resource = ResourceUse{ResourceKind::WSP, AclAction::MNG, "workspace_id"},
       .failures = {ErrorCode::not_found, ErrorCode::conflict}},
      [](Call& call, Input<WorkspacePath> in) { return close(call, in.path.workspace_id); });

  operations.add({.method = http::Method::post,
                  .path = "/api/workspaces/{workspace_id}/join",
                  .id = "joinWorkspace",
                  .summary = "Join a public workspace",
                  .tag = "workspace",
                  .permission = Permission::workspaces_join,
                  .audit_action = "workspace.join",
                  .rate = RateClass::write,
                  .failures = {ErrorCode::not_found, ErrorCode::conflict}},
                 [](Call& call, Input<WorkspacePath> in) { return join(call, in.path.workspace_id); });

  operations.add({.method = http::Method::post,
                  .path = "/api/workspaces/{workspace_id}/leave",
                  .id = "leaveWorkspace",
                  .summary = "Leave a functional workspace that is not the default one",
                  .tag = "workspace",
                  .permission = Permission::workspaces_join,
                  .audit_action = "workspace.leave",
                  .rate = RateClass::write,
                  .failures = {ErrorCode::not_found}},
                 [](Call& call, Input<WorkspacePath> in) { return leave(call, in.path.workspace_id); });
}

}  // namespace gatehouse::tenancy
