// Who is calling: a person's session, a bearer token or an API key, bound to one active organization.
#pragma once

#include <optional>
#include <string>

#include "audit/event.h"
#include "crypto/digest.h"
#include "domain/ids.h"
#include "domain/terms.h"

namespace gatehouse::access {

struct Principal {
  audit::ActorType type = audit::ActorType::anonymous;
  /// The person who calls, or on whose behalf the API key acts. Nil for nobody.
  UserId user;
  std::optional<SessionId> session;
  std::optional<ApiKeyId> api_key;
  /// Nil for an operator, who belongs to none.
  OrganizationId organization;
  Region region = Region::us;
  RoleCode role = RoleCode::UR;
  bool is_super_admin = false;
  /// Used when the request names no workspace.
  WorkspaceId default_workspace;
  /// Set for cookie sessions: SHA-256 of the token that a mutating request must send in `Gatehouse-Csrf`.
  std::optional<crypto::Digest> csrf;
  /// The session's token was rotated while this request was authenticated: a Set-Cookie value that the
  /// dispatcher adds to the answer. Should it get lost, the old token stays good until its successor is seen.
  std::optional<std::string> new_cookie = std::nullopt;

  bool has_organization() const { return !organization.is_nil(); }
  /// What limits, idempotency keys and audit events are keyed by.
  Uuid actor() const { return api_key ? api_key->value : user.value; }
};

}  // namespace gatehouse::access
