// Who is calling: a person's session, a bearer token, an API key, a service account or the organization's
// directory (SCIM), bound to one active organization.
#pragma once

#include <optional>
#include <string>

#include "access/permission.h"
#include "audit/event.h"
#include "crypto/digest.h"
#include "domain/ids.h"
#include "domain/terms.h"

namespace gatehouse::access {

struct Principal {
  audit::ActorType type = audit::ActorType::anonymous;
  /// The person who calls, or on whose behalf the API key acts. Nil for nobody, a service account and a
  /// directory.
  UserId user;
  std::optional<SessionId> session;
  std::optional<ApiKeyId> api_key;
  std::optional<ServiceAccountId> service_account;
  /// Of the directory that provisions the organization's people: opens `scim_provision` and nothing else.
  std::optional<ScimTokenId> scim_token = std::nullopt;
  /// What a program's credential was given; of an API key besides what its person may. Nothing: all that the
  /// role gives.
  std::optional<PermissionSet> scope;
  /// The administrator who looks at the organization as `user` sees it.
  std::optional<UserId> viewer;
  /// Nil for an operator, who belongs to none.
  OrganizationId organization;
  Region region = Region::us;
  RoleCode role = RoleCode::UR;
  bool is_super_admin = false;
  /// An identity provider of the organization opened the session: it speaks for the person there alone, and
  /// neither shows nor changes what the person is elsewhere.
  bool by_provider = false;
  /// The organization asks this person for a second factor that the session was not shown: until then it is
  /// for the person's own account alone.
  bool is_restricted = false;
  /// Used when the request names no workspace.
  WorkspaceId default_workspace;
  /// Set for cookie sessions: SHA-256 of the token that a mutating request must send in `Gatehouse-Csrf`.
  std::optional<crypto::Digest> csrf;
  /// What proved which service account calls: the secret that its token was given for, or the fingerprint of
  /// its client certificate.
  std::optional<ServiceAccountSecretId> client_secret = std::nullopt;
  std::optional<std::string> certificate = std::nullopt;
  /// What the body of a signed request has to be.
  std::optional<crypto::Digest> body_digest = std::nullopt;
  /// The session's token was rotated while this request was authenticated: a Set-Cookie value that the
  /// dispatcher adds to the answer. Should it get lost, the old token stays good until its successor is seen.
  std::optional<std::string> new_cookie = std::nullopt;

  bool is_anonymous() const { return type == audit::ActorType::anonymous; }
  bool is_program() const { return api_key || service_account || scim_token; }
  bool has_organization() const { return !organization.is_nil(); }
  /// The person whose act it is: who views as another acts for themselves.
  UserId person() const { return viewer.value_or(user); }
  /// What limits, idempotency keys and audit events are keyed by.
  Uuid actor() const {
    if (scim_token) return scim_token->value;
    if (service_account) return service_account->value;
    return api_key ? api_key->value : person().value;
  }
};

}  // namespace gatehouse::access
