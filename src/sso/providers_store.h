// Rows of an organization's identity providers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "access/reactor.h"
#include "crypto/bytes.h"
#include "domain/ids.h"
#include "oidc/flow.h"
#include "pg/batch.h"
#include "pg/rows.h"
#include "sso/mapping.h"
#include "sso/presets.h"
#include "vault/context.h"

namespace gatehouse::sso {

/// The claims that are read, by the provider's names for them; a dot goes into an object
/// (`realm_access.roles`).
struct ClaimNames {
  json::Defaulted<json::Text<1, 128>> email = json::Text<1, 128>("email");
  json::Defaulted<json::Text<1, 128>> email_verified = json::Text<1, 128>("email_verified");
  json::Defaulted<json::Text<1, 128>> name = json::Text<1, 128>("name");
  json::Defaulted<json::Text<1, 128>> groups = json::Text<1, 128>("groups");
};
BOOST_DESCRIBE_STRUCT(ClaimNames, (), (email, email_verified, name, groups))

struct ProviderRow {
  IdentityProviderId id;
  std::string name;
  PresetName preset = PresetName::custom;
  std::string issuer;
  std::string client_id;
  oidc::ClientAuth client_auth = oidc::ClientAuth::client_secret_basic;
  std::string secret_last_four;  // empty for a secret of fewer than twelve characters
  std::string scopes;
  std::vector<std::string> domains;
  pg::Json claims;
  pg::Json mapping;
  bool jit = false;
  bool vouches_for_email = false;
  bool manages_existing = false;
  bool is_active = true;
  std::int64_t version = 1;
};
BOOST_DESCRIBE_STRUCT(ProviderRow, (),
                      (id, name, preset, issuer, client_id, client_auth, secret_last_four, scopes, domains,
                       claims, mapping, jit, vouches_for_email, manages_existing, is_active, version))

/// Throws Failure for what is stored and cannot be read.
ClaimNames claims_of(const ProviderRow&);
Mapping mapping_of(const ProviderRow&);

vault::SealContext secret_context(OrganizationId, IdentityProviderId);

/// Under row-level security, by name; `provider` narrows.
void add_select_providers(pg::Batch&, OrganizationId, std::optional<IdentityProviderId>);
void add_lock_provider(pg::Batch&, OrganizationId, IdentityProviderId);
void add_insert_provider(pg::Batch&, OrganizationId, const ProviderRow&, const crypto::Bytes& sealed);
/// `sealed` replaces the secret; nothing leaves it.
void add_update_provider(pg::Batch&, OrganizationId, const ProviderRow&,
                         const std::optional<crypto::Bytes>& sealed);
void add_delete_provider(pg::Batch&, OrganizationId, IdentityProviderId);
void add_count_providers(pg::Batch&, OrganizationId);
/// How many of these are active workspaces of the organization that people share.
void add_count_workspaces(pg::Batch&, OrganizationId, const std::vector<WorkspaceId>&);

/// For somebody who is not signed in yet, as gatehouse_platform: the row and its sealed secret.
struct UsableProvider {
  ProviderRow row;
  crypto::Bytes sealed_secret;
};
Task<std::optional<UsableProvider>> find_provider(access::Reactor&, Region, OrganizationId,
                                                  IdentityProviderId);

struct OfferedProvider {
  IdentityProviderId id;
  std::string name;
  PresetName preset = PresetName::custom;
};
BOOST_DESCRIBE_STRUCT(OfferedProvider, (), (id, name, preset))
/// Active ones that are for all addresses, or for those of `domain`, by name.
Task<std::vector<OfferedProvider>> list_offered(access::Reactor&, Region, OrganizationId, std::string domain);

}  // namespace gatehouse::sso
