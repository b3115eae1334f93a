// Where a sealed value belongs. Opening needs the same words, so a ciphertext moved to another organization,
// table, row or field does not open.
#pragma once

#include <cstdint>
#include <string>

#include "base/uuid.h"
#include "crypto/bytes.h"

namespace gatehouse::vault {

/// `row` is the row's primary key without the organization, as text (`id.to_string()`).
struct SealContext {
  Uuid organization;
  std::string table;
  std::string row;
  std::string field;
};

/// AEAD associated data: a label, then organization, table, row, field, key version and `owner`, each behind
/// its length. The key version comes from the key, not the caller, so that the two cannot disagree; `owner`
/// is nil for the organization's key and the person for a person's.
crypto::Bytes associated_data(const SealContext& context, std::uint32_t key_version, Uuid owner);

}  // namespace gatehouse::vault
