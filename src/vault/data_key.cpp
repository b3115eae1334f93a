#include "vault/data_key.h"

namespace gatehouse::vault {

template <class Kind>
DataKey<Kind>::DataKey(Uuid organization, Uuid owner, std::uint32_t version, crypto::Secret key,
                       std::uint64_t seals_allowed)
    : organization_(organization),
      owner_(owner),
      version_(version),
      key_(std::move(key)),
      seals_allowed_(seals_allowed) {
  if (key_.size() != crypto::kAeadKeySize) throw Failure("a data key has 32 bytes");
  if (version_ == 0) throw Failure("versions of data keys start at 1");
}

template <class Kind>
void DataKey<Kind>::count_seal() const {
  if (seals_.fetch_add(1, std::memory_order_relaxed) < seals_allowed_) return;
  // Stay at the bound: wrapping around to zero would lift it.
  seals_.fetch_sub(1, std::memory_order_relaxed);
  throw Failure("a data key has sealed as many values as it may; rotate it");
}

OrganizationKey generate_organization_key(Uuid organization, std::uint32_t version) {
  return {organization, Uuid{}, version, crypto::Secret::random(crypto::kAeadKeySize)};
}

PersonKey generate_person_key(Uuid organization, Uuid person, std::uint32_t version) {
  return {organization, person, version, crypto::Secret::random(crypto::kAeadKeySize)};
}

template <class Kind>
Sealed seal_field(const DataKey<Kind>& key, const SealContext& context, crypto::ByteView plaintext) {
  if (context.organization != key.organization())
    throw Failure("a field was to be sealed with a foreign key");
  key.count_seal();
  return Sealed::make(key.key(), key.version(), associated_data(context, key.version(), key.owner()),
                      plaintext);
}

template <class Kind>
Result<crypto::Secret> open_field(const DataKey<Kind>& key, const SealContext& context,
                                  const Sealed& sealed) {
  if (context.organization != key.organization() || sealed.key_version() != key.version())
    return fail(ErrorCode::validation_failed, "the sealed value does not open");
  return sealed.open(key.key(), associated_data(context, key.version(), key.owner()));
}

Result<Sealed> reseal_field(const OrganizationKey& from, const OrganizationKey& to,
                            const SealContext& context, const Sealed& sealed) {
  GH_TRY(crypto::Secret plaintext, open_field(from, context, sealed));
  return seal_field(to, context, plaintext.reveal_bytes());
}

template class DataKey<struct OrganizationKind>;
template class DataKey<struct PersonKind>;
template Sealed seal_field(const OrganizationKey&, const SealContext&, crypto::ByteView);
template Sealed seal_field(const PersonKey&, const SealContext&, crypto::ByteView);
template Result<crypto::Secret> open_field(const OrganizationKey&, const SealContext&, const Sealed&);
template Result<crypto::Secret> open_field(const PersonKey&, const SealContext&, const Sealed&);

}  // namespace gatehouse::vault
