// What a reactor remembers of a tenant's sessions, API keys, service accounts and SCIM tokens, dropped with
// the tenant's snapshot when anything about them is revoked. Looked up by id, so a wrong secret costs a
// comparison.
#pragma once

#include <memory>
#include <unordered_map>

#include "access/tenants.h"
#include "base/one_at_a_time.h"
#include "identity/api_keys_store.h"
#include "identity/programs_store.h"
#include "identity/scim_tokens.h"
#include "identity/session.h"

namespace gatehouse::identity {

class KnownCredentials {
 public:
  static constexpr std::size_t kMostOfEach = 10'000;

  static Task<std::shared_ptr<KnownCredentials>> load(const access::TenantSnapshot&);

  /// Null if it is not known here: ask the database. What is handed out stays valid; it may be replaced.
  std::shared_ptr<SessionRecord> session(SessionId) const;
  void put(SessionId, std::shared_ptr<SessionRecord>);
  std::shared_ptr<ApiKeyRecord> api_key(ApiKeyId) const;
  void put(ApiKeyId, std::shared_ptr<ApiKeyRecord>);
  /// An absent account is remembered as one that may do nothing.
  std::shared_ptr<ServiceAccountRecord> service_account(ServiceAccountId) const;
  void put(ServiceAccountId, std::shared_ptr<ServiceAccountRecord>);
  std::shared_ptr<ScimTokenRecord> scim_token(ScimTokenId) const;
  void put(ScimTokenId, std::shared_ptr<ScimTokenRecord>);
  /// To be taken before the database is asked for a key, and dropped when the answer is put here.
  Task<OneAtATime<ApiKeyId>::Turn> turn_for(ApiKeyId id) { return turns_.enter(id); }

 private:
  std::unordered_map<SessionId, std::shared_ptr<SessionRecord>> sessions_;
  std::unordered_map<ApiKeyId, std::shared_ptr<ApiKeyRecord>> api_keys_;
  std::unordered_map<ServiceAccountId, std::shared_ptr<ServiceAccountRecord>> service_accounts_;
  std::unordered_map<ScimTokenId, std::shared_ptr<ScimTokenRecord>> scim_tokens_;
  OneAtATime<ApiKeyId> turns_;
};

}  // namespace gatehouse::identity
