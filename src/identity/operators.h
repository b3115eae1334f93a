// Operators of the installation (super admins, MS): accounts without an organization, in the control
// database.
#pragma once

#include <string>

#include "access/reactor.h"
#include "base/error.h"
#include "base/task.h"
#include "crypto/password.h"
#include "crypto/secret.h"
#include "domain/ids.h"

namespace gatehouse::identity {

inline constexpr std::size_t kMinPassword = 12;    // bytes
inline constexpr std::size_t kMaxPassword = 1024;  // bytes

/// For the command line; records `operator.create` on the platform's chain of the node's first region.
/// Errors: validation_failed (address, name of 1 to 255 bytes, password of kMinPassword to
/// kMaxPassword), already_exists, overloaded.
Task<Result<UserId>> create_operator(access::Reactor&, crypto::PasswordHasher&, std::string email,
                                     std::string name, crypto::Secret password);

}  // namespace gatehouse::identity
