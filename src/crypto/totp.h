// Time-based one-time passwords (RFC 6238) as authenticator apps know them: HMAC-SHA-1, six digits, steps of
// 30 s.
//
// SHA-1 because some apps ignore the parameter that asks for another; HMAC does not need a hash without
// collisions.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/secret.h"

namespace gatehouse::crypto {

inline constexpr std::size_t kTotpSecretSize = 20;  // bytes: what HMAC-SHA-1 uses whole (RFC 4226 §4)
inline constexpr std::chrono::seconds kTotpStep{30};

/// Steps since the epoch.
std::int64_t totp_step(std::chrono::sys_seconds);

/// The code of one step, with its leading zeroes.
std::string totp_code(const Secret& secret, std::int64_t step, int digits = 6);

/// The newest step among `step - 1 … step + 1` whose code this is and that is after `last_used`; nothing if
/// none is. Compares all of them, whatever fits.
std::optional<std::int64_t> totp_match(const Secret& secret, std::string_view code, std::int64_t step,
                                       std::int64_t last_used);

/// RFC 4648 base32 without padding, as apps take it by hand.
Secret to_base32(const Secret&);

}  // namespace gatehouse::crypto
