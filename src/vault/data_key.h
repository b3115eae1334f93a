// The keys that seal fields: one of an organization, one of each person in it.
#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "base/uuid.h"
#include "crypto/bytes.h"
#include "crypto/secret.h"
#include "vault/context.h"
#include "vault/sealed.h"

namespace gatehouse::vault {

/// How many values one loaded key seals before it refuses. Each message has a subkey of its own
/// (XAES-256-GCM), whose limit is 2^80, so that processes need not count together: 2^16 processes that each
/// reach this bound have a chance of 2^-97 that any nonce repeated. The bound is there so that a runaway
/// writer is stopped, and plain AES-GCM's limit is what an auditor expects to see.
inline constexpr std::uint64_t kSealsPerKey = std::uint64_t{1} << 32;

/// 32 random bytes with the names of what they are for. Thread-safe. `Kind` keeps the two from being mixed.
template <class Kind>
class DataKey {
 public:
  /// `owner` is nil for an organization's key. Versions start at 1. Throws Failure unless `key` has 32 bytes.
  DataKey(Uuid organization, Uuid owner, std::uint32_t version, crypto::Secret key,
          std::uint64_t seals_allowed = kSealsPerKey);

  Uuid organization() const { return organization_; }
  Uuid owner() const { return owner_; }
  std::uint32_t version() const { return version_; }
  /// True from half the bound on: time to make the next version.
  bool needs_rotation() const { return seals_.load(std::memory_order_relaxed) >= seals_allowed_ / 2; }
  const crypto::Secret& key() const { return key_; }

  /// Counts one use. Throws Failure when the bound is reached.
  void count_seal() const;

 private:
  Uuid organization_;
  Uuid owner_;
  std::uint32_t version_;
  crypto::Secret key_;
  std::uint64_t seals_allowed_;
  mutable std::atomic<std::uint64_t> seals_{0};
};

using OrganizationKey = DataKey<struct OrganizationKind>;
using PersonKey = DataKey<struct PersonKind>;

/// Fresh random keys.
OrganizationKey generate_organization_key(Uuid organization, std::uint32_t version = 1);
PersonKey generate_person_key(Uuid organization, Uuid person, std::uint32_t version = 1);

/// Throws Failure if the context names another organization than the key's (a bug of the caller), or if the
/// key has sealed its fill.
template <class Kind>
Sealed seal_field(const DataKey<Kind>& key, const SealContext& context, crypto::ByteView plaintext);
/// Error: validation_failed for another key, key version or context, and for altered bytes: it is not told
/// which.
template <class Kind>
Result<crypto::Secret> open_field(const DataKey<Kind>& key, const SealContext& context, const Sealed& sealed);

/// Opens under one version and seals under the next, for a rotation.
Result<Sealed> reseal_field(const OrganizationKey& from, const OrganizationKey& to,
                            const SealContext& context, const Sealed& sealed);

extern template class DataKey<struct OrganizationKind>;
extern template class DataKey<struct PersonKind>;

}  // namespace gatehouse::vault
