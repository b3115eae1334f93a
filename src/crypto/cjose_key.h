// What es256.cpp and jwt.cpp share about cjose's objects. Not for other folders.
#pragma once

#include <memory>

#include <cjose/cjose.h>

#include "crypto/es256.h"

namespace gatehouse::crypto {

/// cjose counts references without atomics, so a key is never retained: the shared_ptr owns the only one.
/// Signing and verifying read it alone, hence many threads may.
struct KeyAccess {
  static const cjose_jwk_t* jwk(const VerifyingKey& key) { return key.key_.get(); }
  static const cjose_jwk_t* jwk(const SigningKey& key) { return key.key_.get(); }
};

}  // namespace gatehouse::crypto
