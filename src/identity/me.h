// What a signed-in person is told about themselves: account, organization, permissions, memberships.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/describe/class.hpp>

#include "access/principal.h"
#include "access/reactor.h"
#include "identity/accounts_store.h"
#include "identity/identity.h"
#include "json/codec.h"

namespace gatehouse::identity {

/// A language of the console: `en` or `pt-BR`.
class Language {
 public:
  static std::optional<Language> parse(std::string_view);
  const std::string& to_string() const { return text_; }

 private:
  std::string text_ = "en";
};

enum class Theme { light, dark, system };
BOOST_DESCRIBE_ENUM(Theme, light, dark, system)

struct MeUser {
  UserId id;
  std::string email;
  std::string name;
  std::optional<Language> language;  // none was chosen: the browser's holds
  Theme theme = Theme::system;
};
BOOST_DESCRIBE_STRUCT(MeUser, (), (id, email, name, language, theme))

struct MeOrganization {
  OrganizationId id;
  std::string name;
  std::string slug;
  Region region;
  DataMode data_mode;
  TenantStatus status;
};
BOOST_DESCRIBE_STRUCT(MeOrganization, (), (id, name, slug, region, data_mode, status))

struct MeMembership {
  OrganizationId organization_id;
  std::string name;
  std::string slug;
  Region region;
  RoleCode role_code;
  bool is_owner;
};
BOOST_DESCRIBE_STRUCT(MeMembership, (), (organization_id, name, slug, region, role_code, is_owner))

struct MeSecondFactor {
  bool enrolled = false;
  /// The organization asks for it and the session was not shown it: nothing but one's own account is open.
  bool required = false;
};
BOOST_DESCRIBE_STRUCT(MeSecondFactor, (), (enrolled, required))

struct Me {
  MeUser user;
  bool is_super_admin = false;
  std::optional<std::string> csrf_token;  // for sessions in cookies
  std::optional<SessionId> session_id;
  std::optional<MeOrganization> organization;
  std::optional<RoleCode> role_code;
  std::vector<std::string> permissions;
  std::vector<UsableWorkspace> workspaces;
  std::optional<WorkspaceId> default_workspace_id;
  std::vector<MeMembership> memberships;
  bool by_provider = false;  // signed in through the organization's provider: this organization alone
  MeSecondFactor second_factor;
  bool demo = false;
};
BOOST_DESCRIBE_STRUCT(Me, (),
                      (user, is_super_admin, csrf_token, session_id, organization, role_code, permissions,
                       workspaces, default_workspace_id, memberships, by_provider, second_factor, demo))

/// Permissions are those in `acting`, or in the person's own workspace. Error: unauthenticated if the account
/// is gone.
Task<Result<Me>> make_me(Identity&, access::Reactor&, access::Principal, WorkspaceId acting = {});

}  // namespace gatehouse::identity

template <>
struct gatehouse::json::Codec<gatehouse::identity::Language>
    : gatehouse::json::TextCodec<gatehouse::identity::Language> {
  static constexpr std::string_view kWhat = "one of en, pt-BR";
  static constexpr std::string_view kFormat = "";
  static Value schema(Components&) { return {{"type", "string"}, {"enum", {"en", "pt-BR"}}}; }
};
