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

/// Whether content (prompts, answers, titles) may be stored at all.
enum class DataMode { metadata_only, full_content };
BOOST_DESCRIBE_ENUM(DataMode, metadata_only, full_content)

enum class TenantStatus { active, suspended, cancelled };
BOOST_DESCRIBE_ENUM(TenantStatus, active, suspended, cancelled)

enum class WorkspaceType { PERSONAL, FUNCTIONAL };
BOOST_DESCRIBE_ENUM(WorkspaceType, PERSONAL, FUNCTIONAL)

/// The part of an organization that a permission opens to a role; RLS reads it as `app.reach`.
enum class Reach { own, workspaces, organization };
BOOST_DESCRIBE_ENUM(Reach, own, workspaces, organization)

/// The enumerator's name; the views live as long as the program.
std::string_view to_string(Region);
std::string_view to_string(RoleCode);
std::string_view to_string(DataMode);
std::string_view to_string(TenantStatus);
std::string_view to_string(WorkspaceType);
std::string_view to_string(Reach);

std::optional<Region> parse_region(std::string_view);

}  // namespace gatehouse
