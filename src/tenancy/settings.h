// What an organization and its workspaces settle for themselves: stored, shown with where each value comes
// from, and audited here; data mode of workspaces, retention and approvals are enforced by governance.
//
// Stored are only the values that were set, in `organizations.settings` and `workspaces.settings`: a
// workspace's value holds before the organization's, and that before the installation's default.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include "base/error.h"
#include "domain/terms.h"
#include "json/bounded.h"
#include "json/codec.h"
#include "json/presence.h"
#include "json/value.h"

namespace gatehouse::tenancy {

/// Stamps of what policy finds in content (seed 004).
enum class TierStamp { PII, FIN, COF };
BOOST_DESCRIBE_ENUM(TierStamp, PII, FIN, COF)

/// Who has to approve from which estimated cost on, or where content carries one of the stamps.
struct ApprovalTier {
  json::Name<60> name;
  json::Defaulted<json::Int<0, 1'000'000'000'000>> minimum_cost_microdollars = 0;
  json::Defaulted<json::List<TierStamp, 3>> stamps;
  json::Defaulted<json::Int<1, 10>> approvals = 1;
};
BOOST_DESCRIBE_STRUCT(ApprovalTier, (), (name, minimum_cost_microdollars, stamps, approvals))

using Days = json::Int<1, 3650>;
using WritesAnHour = json::Int<0, 1'000'000>;
using ApprovalTiers = json::List<ApprovalTier, 5>;

struct Retention {
  std::optional<Days> content_days;   // none: until it is deleted
  std::optional<Days> metadata_days;  // likewise
};
BOOST_DESCRIBE_STRUCT(Retention, (), (content_days, metadata_days))

/// The values in force, of an organization: also the defaults of its workspaces.
struct SignInSettings {
  bool password = true;
  std::vector<RoleCode> second_factor_roles;
};
BOOST_DESCRIBE_STRUCT(SignInSettings, (), (password, second_factor_roles))

struct OrganizationSettings {
  Retention retention;
  std::optional<WritesAnHour> write_cap_per_hour;  // none: no cap
  ApprovalTiers approval_tiers;
  bool allow_guests = true;
  std::optional<Days> auto_archive_chats_days;  // none: never
  bool allow_signup = false;
  SignInSettings sign_in;
};
BOOST_DESCRIBE_STRUCT(OrganizationSettings, (),
                      (retention, write_cap_per_hour, approval_tiers, allow_guests, auto_archive_chats_days,
                       allow_signup, sign_in))

/// The values in force, of a workspace.
struct WorkspaceSettings {
  DataMode data_mode = DataMode::metadata_only;
  Retention retention;
  std::optional<WritesAnHour> write_cap_per_hour;
  ApprovalTiers approval_tiers;
  bool allow_guests = true;
  std::optional<Days> auto_archive_chats_days;
};
BOOST_DESCRIBE_STRUCT(WorkspaceSettings, (),
                      (data_mode, retention, write_cap_per_hour, approval_tiers, allow_guests,
                       auto_archive_chats_days))

struct UpdateRetention {
  json::Patch<Days> content_days;
  json::Patch<Days> metadata_days;
};
BOOST_DESCRIBE_STRUCT(UpdateRetention, (), (content_days, metadata_days))

struct UpdateSignIn {
  json::Patch<bool> password;
  json::Patch<json::List<RoleCode, 3>> second_factor_roles;
};
BOOST_DESCRIBE_STRUCT(UpdateSignIn, (), (password, second_factor_roles))

/// Null returns a value to what it would be without being set.
struct UpdateOrganizationSettings {
  json::Omittable<UpdateRetention> retention;
  json::Patch<WritesAnHour> write_cap_per_hour;
  json::Patch<ApprovalTiers> approval_tiers;
  json::Patch<bool> allow_guests;
  json::Patch<Days> auto_archive_chats_days;
  json::Patch<bool> allow_signup;
  json::Omittable<UpdateSignIn> sign_in;
};
BOOST_DESCRIBE_STRUCT(UpdateOrganizationSettings, (),
                      (retention, write_cap_per_hour, approval_tiers, allow_guests, auto_archive_chats_days,
                       allow_signup, sign_in))

struct UpdateWorkspaceSettings {
  json::Patch<DataMode> data_mode;
  json::Omittable<UpdateRetention> retention;
  json::Patch<WritesAnHour> write_cap_per_hour;
  json::Patch<ApprovalTiers> approval_tiers;
  json::Patch<bool> allow_guests;
  json::Patch<Days> auto_archive_chats_days;
};
BOOST_DESCRIBE_STRUCT(UpdateWorkspaceSettings, (),
                      (data_mode, retention, write_cap_per_hour, approval_tiers, allow_guests,
                       auto_archive_chats_days))

/// Where a value comes from. `own`: set on the thing that is shown.
enum class SettingSource { own, organization, default_ };
BOOST_DESCRIBE_ENUM(SettingSource, own, organization, default_)

/// By the value's path: `retention.content_days`.
using SettingSources = std::map<std::string, SettingSource>;

struct EffectiveOrganization {
  OrganizationSettings values;
  SettingSources sources;
};
struct EffectiveWorkspace {
  WorkspaceSettings values;
  SettingSources sources;
};

/// What is stored may hold members of other slices; they are left alone and not shown.
EffectiveOrganization effective_settings(const json::Object& organization);
EffectiveWorkspace effective_settings(const json::Object& organization, DataMode data_mode,
                                      const json::Object& workspace);

/// What is to be stored after the change, and the paths that differ. Errors: validation_failed (MS has no
/// second factor to be asked for here).
struct ChangedSettings {
  std::string stored;
  std::vector<std::string> changed;
};
Result<ChangedSettings> apply_settings(json::Object stored, const UpdateOrganizationSettings&);
Result<ChangedSettings> apply_settings(json::Object stored, const UpdateWorkspaceSettings&);

}  // namespace gatehouse::tenancy
