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

/// For the command line; records `operator.create` on the platform's chain of the node's first region.
/// Errors: validation_failed (address, name of 1 to 255 bytes, password by domain/password_policy.h),
/// already_exists, overloaded.
Task<Result<UserId>> create_operator(access::Reactor&, crypto::PasswordHasher&, std::string email,
                                     std::string name, crypto::Secret password);

/// For an operator who lost password or second factor: a new password, no second factor, no session. Records
/// `operator.reset` before. Errors: validation_failed, not_found, overloaded.
Task<Result<void>> reset_operator(access::Reactor&, crypto::PasswordHasher&, std::string email,
                                  crypto::Secret password);

/// Breaks the glass: lets passwords open sessions in an organization again whose identity provider is lost.
/// Records `organization.update` in its chain before. Errors: not_found, wrong_region.
Task<Result<void>> allow_passwords(access::Reactor&, std::string slug);

}  // namespace gatehouse::identity
