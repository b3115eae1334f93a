// The demo's organizations, people and API keys. Policy and models seed their own rows into what this made.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "access/reactor.h"
#include "base/task.h"
#include "crypto/password.h"
#include "domain/ids.h"
#include "domain/terms.h"

namespace gatehouse::tenancy {

/// A demo account as the start-up screen shows it. Published passwords: for the demo alone.
struct DemoAccount {
  std::string_view email;
  std::string_view password;
  std::string_view name;
  std::string_view organization;  // slug; empty for the operator
  RoleCode role;
};
std::span<const DemoAccount> demo_accounts();

struct DemoOrganization {
  std::string slug;  // `acme`, `borealis`
  OrganizationId id;
  Region region = Region::us;
  UserId owner;
  WorkspaceId org_workspace;
  bool created = false;
  /// The API key's text, only when it was made by this run.
  std::optional<std::string> new_api_key;
};

struct DemoResult {
  std::vector<DemoOrganization> organizations;
};

/// Makes what is missing of the demo; run again it changes nothing. `known_api_keys` are the keys that the
/// installation has kept, by slug: an organization that is not among them gets a new demo key, and an older
/// one is revoked. The operator's account is made through identity::create_operator by the caller, from
/// demo_accounts(). Throws Failure if anything is refused.
Task<DemoResult> seed_identity_and_tenancy(access::Reactor&, crypto::PasswordHasher&,
                                           std::map<std::string, std::string> known_api_keys);

}  // namespace gatehouse::tenancy
