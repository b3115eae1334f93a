// SQL of workspaces, under row-level security.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/call.h"
#include "tenancy/name_page.h"

namespace gatehouse::tenancy {

/// Who may know that it exists, besides those who read all of the organization, and come in:
///   public        everybody of the organization knows it and may join
///   organization  everybody knows it; its administrators let people in
///   team          the people of the workspace above it know it too
///   private       its own people alone
enum class Visibility { public_, organization, team, private_ };
BOOST_DESCRIBE_ENUM(Visibility, public_, organization, team, private_)

struct WorkspaceRow {
  WorkspaceId id;
  std::string name;
  WorkspaceType workspace_type;
  bool is_default;
  bool is_active;
  Visibility visibility;
  std::optional<WorkspaceId> parent_workspace_id;
  std::optional<UserId> owner_user_id;  // whose it is, or who leads it
  bool is_member;                       // the caller
  bool is_managed;                      // by the caller
  pg::Json settings;
  pg::Json attributes;
  std::int64_t version;
  Timestamp created_at;
  Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(WorkspaceRow, (),
                      (id, name, workspace_type, is_default, is_active, visibility, parent_workspace_id,
                       owner_user_id, is_member, is_managed, settings, attributes, version, created_at,
                       updated_at))

struct WorkspaceFilter {
  std::optional<std::string> text;  // in the name, in any case
  std::optional<WorkspaceType> type;
  bool closed = false;  // those that were closed, instead of the others
};

/// At most `limit` rows after `after`, by name.
Task<std::vector<WorkspaceRow>> list_workspaces(access::Call&, WorkspaceFilter,
                                                std::optional<NamePlace> after, std::int64_t limit);

struct WorkspaceWithOrganization {
  std::optional<WorkspaceRow> workspace;
  std::vector<WorkspaceId> children;  // active ones that the caller may see
  pg::Json organization_settings;
  DataMode data_mode = DataMode::metadata_only;
};
Task<WorkspaceWithOrganization> find_workspace(access::Call&, WorkspaceId);
/// The same in the call's transaction and locked: only active functional ones that the call may change.
Task<WorkspaceWithOrganization> lock_workspace(access::Call&, WorkspaceId);

/// Errors: validation_failed (no such owner or parent), conflict (the organogram).
Task<Result<void>> insert_workspace(access::Call&, WorkspaceRow);
/// All but type and activity; the version goes up. Errors: as above.
Task<Result<void>> update_workspace(access::Call&, WorkspaceRow);
/// Makes it the organization's default in place of the one that was.
Task<void> make_default(access::Call&, WorkspaceId);
/// Whether the organization's profile names its domain, which tells who is a guest; and so it stays until the
/// call's transaction ends.
Task<bool> tells_guests(access::Call&);
Task<void> close_workspace(access::Call&, WorkspaceId);
/// Whether active workspaces stand below it.
Task<bool> has_children(access::Call&, WorkspaceId);
/// In the reach of a call that changes workspaces; the parent of another has to be.
Task<bool> may_change(access::Call&, WorkspaceId);

}  // namespace gatehouse::tenancy
