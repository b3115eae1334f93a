// Records that sign-ins of an account or from an address are being refused: one event, not one for each.
#pragma once

#include <optional>

#include "crypto/digest.h"
#include "identity/identity.h"

namespace gatehouse::identity {

enum class Lockout { account_from_address, account, address };
BOOST_DESCRIBE_ENUM(Lockout, account_from_address, account, address)

/// `session.create`, denied, on the platform's chain, with keyed hashes of e-mail and network address;
/// nothing if the last one of `key` is within IdentityOptions::lockout_events. Throws if it cannot be made
/// durable.
Task<void> record_lockout(Identity&, access::Reactor&, const http::Request&, Lockout, std::uint64_t key,
                          std::optional<crypto::Digest> email = std::nullopt);

}  // namespace gatehouse::identity
