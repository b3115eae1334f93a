#include "vault/key_hierarchy.h"

#include <array>

#include "crypto/aead.h"
#include "crypto/hkdf.h"

namespace gatehouse::vault {
namespace {

constexpr std::string_view kOrganizationKeyPurpose = "organization_key";

crypto::Bytes describe(std::string_view label, const KeyContext& context) {
  std::string version = std::to_string(context.key_version);
  return crypto::aad({label, context.organization.bytes, context.purpose, version});
}

// The organization and the purpose are in the derivation, so each has a wrapping key of its own; the master
// key's version is not, as another version is another key anyway.
crypto::Secret wrapping_key(const crypto::Secret& master, const KeyContext& context) {
  crypto::Bytes info =
      crypto::aad({"gatehouse wrapping key v1", context.organization.bytes, context.purpose});
  return crypto::hkdf_sha256(master, {}, info, crypto::kAeadKeySize);
}

SealContext person_key_context(Uuid organization, Uuid person, std::uint32_t key_version) {
  return {.organization = organization,
          .table = "person_keys",
          .row = person.to_string() + "/" + std::to_string(key_version),
          .field = "key"};
}

}  // namespace

Task<Result<WrappedKey>> MasterKeyWrapper::wrap(KeyContext context, crypto::Secret key) {
  std::uint32_t version = keys_.current_version();
  crypto::Secret wrapping = wrapping_key(*keys_.find(version), context);
  crypto::Bytes associated = describe("gatehouse wrapped key v1", context);
  co_return WrappedKey{Sealed::make(wrapping, version, associated, key.reveal_bytes()).bytes};
}

Task<Result<crypto::Secret>> MasterKeyWrapper::unwrap(KeyContext context, WrappedKey wrapped) {
  GH_CO_TRY(Sealed sealed, Sealed::from_bytes(std::move(wrapped.bytes)));
  const crypto::Secret* master = keys_.find(sealed.key_version());
  if (!master)
    co_return fail(ErrorCode::not_found, "version " + std::to_string(sealed.key_version()) +
                                             " of the master key is not configured");
  crypto::Secret wrapping = wrapping_key(*master, context);
  crypto::Bytes associated = describe("gatehouse wrapped key v1", context);
  co_return sealed.open(wrapping, associated);
}

bool MasterKeyWrapper::is_current(const WrappedKey& wrapped) const {
  auto sealed = Sealed::from_bytes(wrapped.bytes);
  return sealed && sealed->key_version() == keys_.current_version();
}

KeyContext organization_key_context(Uuid organization, std::uint32_t key_version) {
  return {.organization = organization,
          .purpose = std::string(kOrganizationKeyPurpose),
          .key_version = key_version};
}

Task<Result<WrappedKey>> wrap_organization_key(KeyWrapper& wrapper,
                                               std::shared_ptr<const OrganizationKey> key) {
  co_return co_await wrapper.wrap(organization_key_context(key->organization(), key->version()),
                                  key->key().clone());
}

Task<Result<std::shared_ptr<const OrganizationKey>>> unwrap_organization_key(KeyWrapper& wrapper,
                                                                             Uuid organization,
                                                                             std::uint32_t key_version,
                                                                             WrappedKey wrapped) {
  GH_CO_TRY(crypto::Secret key,
            co_await wrapper.unwrap(organization_key_context(organization, key_version), std::move(wrapped)));
  co_return std::make_shared<const OrganizationKey>(organization, Uuid{}, key_version, std::move(key));
}

Task<Result<WrappedKey>> rewrap(KeyWrapper& wrapper, KeyContext context, WrappedKey wrapped) {
  GH_CO_TRY(crypto::Secret key, co_await wrapper.unwrap(context, std::move(wrapped)));
  co_return co_await wrapper.wrap(std::move(context), std::move(key));
}

Sealed wrap_person_key(const OrganizationKey& organization_key, const PersonKey& person_key) {
  return seal_field(organization_key,
                    person_key_context(person_key.organization(), person_key.owner(), person_key.version()),
                    person_key.key().reveal_bytes());
}

Result<std::shared_ptr<const PersonKey>> unwrap_person_key(const OrganizationKey& organization_key,
                                                           Uuid person, std::uint32_t key_version,
                                                           const Sealed& wrapped) {
  Uuid organization = organization_key.organization();
  GH_TRY(crypto::Secret key,
         open_field(organization_key, person_key_context(organization, person, key_version), wrapped));
  return std::make_shared<const PersonKey>(organization, person, key_version, std::move(key));
}

}  // namespace gatehouse::vault
