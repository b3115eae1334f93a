// Access tokens of service accounts: at most ten minutes, bound to organization, workspace and permissions.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "access/permission.h"
#include "base/error.h"
#include "base/time.h"
#include "crypto/es256.h"
#include "domain/ids.h"
#include "domain/terms.h"
#include "identity/client_id.h"

namespace gatehouse::identity {

struct ServiceClaims {
  ClientId client;
  ServiceAccountSecretId secret;  // that it was given for: the token ends with it
  WorkspaceId workspace;
  access::PermissionSet permissions;
};

/// `scope` in the token is the permissions' names, separated by spaces.
std::string issue_service_token(const crypto::SigningKey&, std::string_view issuer, const ServiceClaims&,
                                std::chrono::seconds lifetime, Timestamp now = gatehouse::now());

/// Of the claims of a token that was verified. Nothing: they are a person's.
std::optional<ServiceClaims> parse_service_claims(std::string_view claims_json);

/// The names in a set, in the enumeration's order.
std::vector<std::string> names_of(const access::PermissionSet&);
/// `models_read gateway_call` (RFC 6749 3.3). Nothing if one of them names no permission.
std::optional<access::PermissionSet> parse_scope(std::string_view);

}  // namespace gatehouse::identity
