// How the dispatcher learns who calls; identity implements it.
#pragma once

#include "access/principal.h"
#include "base/error.h"
#include "base/task.h"
#include "http/message.h"

namespace gatehouse::access {

class Reactor;

class Authenticator {
 public:
  virtual ~Authenticator() = default;

  /// Finds out who calls. Anonymous if the request carries no credential. Errors: unauthenticated,
  /// session_expired, wrong_region (decided from the credential's own text, before any look-up), overloaded.
  virtual Task<Result<Principal>> authenticate(Reactor&, const http::Request&) = 0;
  /// The same caller as things stand now, by its session's or key's id: for a request that took its time
  /// after it was authenticated. Errors: unauthenticated, session_expired.
  virtual Task<Result<Principal>> renew(Reactor&, Principal) = 0;
  /// A sign-in was refused, because its address makes too many.
  virtual Task<void> note_refused_sign_in(Reactor&, const http::Request&) { co_return; }
};

}  // namespace gatehouse::access
