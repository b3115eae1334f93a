// The keys of one region's organizations and people, loaded from their rows, unwrapped, kept for a moment.
#pragma once

#include <memory>
#include <string_view>
#include <unordered_map>

#include "base/error.h"
#include "base/one_at_a_time.h"
#include "base/task.h"
#include "crypto/bytes.h"
#include "crypto/secret.h"
#include "domain/ids.h"
#include "pg/pool.h"
#include "vault/context.h"
#include "vault/data_key.h"
#include "vault/key_cache.h"
#include "vault/key_hierarchy.h"

namespace gatehouse::vault {

/// One per reactor and region. Uses the platform pool: keys are looked up for whoever they belong to, before
/// anybody's context exists. Throws Failure if a key is missing, destroyed or does not unwrap: without a key
/// nothing is sealed, and what needed sealing does not happen.
class Keyring {
 public:
  /// `wrapper` and `pool` outlive it.
  Keyring(KeyWrapper& wrapper, pg::Pool& pool);

  /// The organization's newest key.
  Task<std::shared_ptr<const OrganizationKey>> organization_key(OrganizationId);
  Task<std::shared_ptr<const OrganizationKey>> organization_key(OrganizationId, std::uint32_t version);
  /// The person's key in that organization; made if there is none. Null if it was destroyed.
  Task<std::shared_ptr<const PersonKey>> person_key(OrganizationId, UserId);

  /// Stores the first key of a new organization: for the transaction that makes the organization, so that
  /// none is without a key.
  Task<pg::Batch> new_organization_key(OrganizationId);
  /// The same with the key itself, for what that transaction stores sealed.
  struct NewKey {
    std::shared_ptr<const OrganizationKey> key;
    pg::Batch statements;
  };
  Task<NewKey> make_organization_key(OrganizationId);

  Task<Sealed> seal(SealContext context, crypto::Secret plaintext);
  /// Errors: validation_failed if it does not open.
  Task<Result<crypto::Secret>> open(SealContext context, Sealed sealed);

 private:
  KeyWrapper& wrapper_;
  pg::Pool& pool_;
  KeyCache<OrganizationKey> organization_keys_;
  KeyCache<PersonKey> person_keys_;
  std::unordered_map<OrganizationId, std::uint32_t> newest_;
  OneAtATime<OrganizationId> loading_organizations_;
  OneAtATime<UserId> loading_people_;

  std::shared_ptr<const OrganizationKey> newest_known(OrganizationId);
};

}  // namespace gatehouse::vault
