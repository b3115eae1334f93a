#include "vault/context.h"

#include <array>

#include "crypto/aead.h"

namespace gatehouse::vault {

crypto::Bytes associated_data(const SealContext& context, std::uint32_t key_version, Uuid owner) {
  const std::array<std::uint8_t, 4> version{
      static_cast<std::uint8_t>(key_version >> 24), static_cast<std::uint8_t>(key_version >> 16),
      static_cast<std::uint8_t>(key_version >> 8), static_cast<std::uint8_t>(key_version)};
  return crypto::aad({"gatehouse field v1", context.organization.bytes, context.table, context.row,
                      context.field, version, owner.bytes});
}

}  // namespace gatehouse::vault
