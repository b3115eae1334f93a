// How keys are kept: a wrapper (master key, or a KMS) wraps each organization's random key, which seals its
// fields and wraps its people's keys.
//
//   master key ── HKDF(master, organization, purpose) ──► wrapping key          (never stored)
//   wrapping key ── wraps ──► organization key (random) ── seals ──► fields
//                                                      └── wraps ──► person key (random) ── seals ──► the
//                                                                    personal fields of audit events
//
// An organization is shredded by deleting its wrapped key, a person by deleting theirs; the master key
// cannot bring either back, as it only ever wrapped them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/error.h"
#include "base/task.h"
#include "base/uuid.h"
#include "crypto/bytes.h"
#include "crypto/secret.h"
#include "vault/data_key.h"
#include "vault/master_key.h"

namespace gatehouse::vault {

/// What a wrapped key is for; unwrapping needs the same. `purpose` is a fixed word (`organization_key`).
struct KeyContext {
  Uuid organization;
  std::string purpose;
  std::uint32_t key_version = 1;
};

/// A wrapped key as stored. The first byte says which wrapper made it (1: master key).
struct WrappedKey {
  crypto::Bytes bytes;
  bool operator==(const WrappedKey&) const = default;
};

/// Wraps keys without revealing its own. A KMS answers over the network, so both are tasks.
class KeyWrapper {
 public:
  virtual ~KeyWrapper() = default;

  virtual Task<Result<WrappedKey>> wrap(KeyContext context, crypto::Secret key) = 0;
  /// Error: not_found if this wrapper does not have the key that wrapped it, validation_failed if the bytes
  /// or the context are not those of `wrap`.
  virtual Task<Result<crypto::Secret>> unwrap(KeyContext context, WrappedKey wrapped) = 0;
  /// False if the key was wrapped under an older key than the one `wrap` uses now: rewrap it.
  virtual bool is_current(const WrappedKey& wrapped) const = 0;
};

/// The built-in one. Immutable after construction; use it from any thread.
class MasterKeyWrapper final : public KeyWrapper {
 public:
  explicit MasterKeyWrapper(MasterKeys keys) : keys_(std::move(keys)) {}

  Task<Result<WrappedKey>> wrap(KeyContext context, crypto::Secret key) override;
  Task<Result<crypto::Secret>> unwrap(KeyContext context, WrappedKey wrapped) override;
  bool is_current(const WrappedKey& wrapped) const override;

 private:
  MasterKeys keys_;
};

Task<Result<WrappedKey>> wrap_organization_key(KeyWrapper& wrapper,
                                               std::shared_ptr<const OrganizationKey> key);
Task<Result<std::shared_ptr<const OrganizationKey>>> unwrap_organization_key(KeyWrapper& wrapper,
                                                                             Uuid organization,
                                                                             std::uint32_t key_version,
                                                                             WrappedKey wrapped);

/// The same key under the wrapper's current key. Safe to repeat; the old form stays valid while its master
/// key is configured, so requests go on meanwhile.
Task<Result<WrappedKey>> rewrap(KeyWrapper& wrapper, KeyContext context, WrappedKey wrapped);
KeyContext organization_key_context(Uuid organization, std::uint32_t key_version);

/// A person's key sealed under the organization's, for the row of (organization, person).
Sealed wrap_person_key(const OrganizationKey& organization_key, const PersonKey& person_key);
/// Error: validation_failed for another organization, person or version, and for altered bytes.
Result<std::shared_ptr<const PersonKey>> unwrap_person_key(const OrganizationKey& organization_key,
                                                           Uuid person, std::uint32_t key_version,
                                                           const Sealed& wrapped);

}  // namespace gatehouse::vault
