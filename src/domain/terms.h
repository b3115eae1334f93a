// The closed vocabularies that every capability shares, spelled as on the wire and in the database.
#pragma once

#include <optional>
#include <string_view>

#include <boost/describe/enum.hpp>

namespace gatehouse {

/// Where a tenant's data lives; immutable after creation.
enum class Region { us, eu };
BOOST_DESCRIBE_ENUM(Region, us, eu)

/// Organization roles (seed 004): MasterSys, OrgAdmin, WorkspaceManager, User.
enum class RoleCode { MS, OA, WM, UR };
BOOST_DESCRIBE_ENUM(RoleCode, MS, OA, WM, UR)

/// Roles of governance (seed 002), given for one workspace or for the whole organization, on top of the role
/// there. An Auditor reads and changes nothing: in its scope it wins over every other role.
enum class GovernanceRole { WorkspaceAdmin, Operator, Approver, Auditor, IntegrationAdmin };
BOOST_DESCRIBE_ENUM(GovernanceRole, WorkspaceAdmin, Operator, Approver, Auditor, IntegrationAdmin)

/// What a grant can be about (seed 004): organization, workspace, companion, profile, chat, knowledge, tool.
enum class ResourceKind { ORG, WSP, CMP, PRL, CHT, KNW, TOL };
BOOST_DESCRIBE_ENUM(ResourceKind, ORG, WSP, CMP, PRL, CHT, KNW, TOL)

/// What a grant allows: read, write, update, or manage, which is all of them.
enum class AclAction { REA, WRI, UPD, MNG };
BOOST_DESCRIBE_ENUM(AclAction, REA, WRI, UPD, MNG)

/// Whether content (prompts, answers, titles) may be stored at all.
enum class DataMode { metadata_only, full_content };
BOOST_DESCRIBE_ENUM(DataMode, metadata_only, full_content)

enum class TenantStatus { active, suspended, cancelled };
BOOST_DESCRIBE_ENUM(TenantStatus, active, suspended, cancelled)

enum class WorkspaceType { PERSONAL, FUNCTIONAL };
BOOST_DESCRIBE_ENUM(WorkspaceType, PERSONAL, FUNCTIONAL)

/// The part of an organization that a permission opens to a role, each wider than the one before: one's own,
/// the workspace in which the call is made, the caller's workspaces, everything. RLS reads it as `app.reach`.
enum class Reach { own, workspace, workspaces, organization };
BOOST_DESCRIBE_ENUM(Reach, own, workspace, workspaces, organization)

/// The enumerator's name; the views live as long as the program.
std::string_view to_string(Region);
std::string_view to_string(RoleCode);
std::string_view to_string(GovernanceRole);
std::string_view to_string(ResourceKind);
std::string_view to_string(AclAction);
std::string_view to_string(DataMode);
std::string_view to_string(TenantStatus);
std::string_view to_string(WorkspaceType);
std::string_view to_string(Reach);

std::optional<Region> parse_region(std::string_view);

}  // namespace gatehouse
