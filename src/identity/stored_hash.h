// The hash of a token or code, as its row holds it.
#pragma once

#include <algorithm>

#include "base/error.h"
#include "crypto/bytes.h"
#include "crypto/digest.h"

namespace gatehouse::identity {

/// Throws Failure if it is none: the row was not written by us.
inline crypto::Digest read_hash(const crypto::Bytes& stored) {
  crypto::Digest hash{};
  if (stored.size() != hash.size()) throw Failure("a stored hash has the wrong length");
  std::ranges::copy(stored, hash.begin());
  return hash;
}

}  // namespace gatehouse::identity
