// Hexadecimal, base64 and base64url (RFC 4648), base62 of fixed width; decoding is strict.
//
// Strict: each byte string has exactly one accepted text (hexadecimal: two, by case). No white space, no
// characters outside the alphabet, no missing or surplus padding, no non-zero trailing bits.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "crypto/bytes.h"

namespace gatehouse::crypto {

/// Lower case.
std::string to_hex(ByteView);
/// Either case.
std::optional<Bytes> from_hex(std::string_view);

/// With padding.
std::string to_base64(ByteView);
std::optional<Bytes> from_base64(std::string_view);

/// Without padding.
std::string to_base64url(ByteView);
std::optional<Bytes> from_base64url(std::string_view);

/// Base62 (0-9, A-Z, a-z) of exactly 32 bytes as a big-endian number: always 43 characters, so that a
/// double-click selects a whole token.
inline constexpr std::size_t kBase62Of32 = 43;
std::string to_base62(std::span<const std::uint8_t, 32>);
std::optional<std::array<std::uint8_t, 32>> from_base62(std::string_view);

/// Base62 of a 32-bit number: always 6 characters.
std::string to_base62(std::uint32_t);

}  // namespace gatehouse::crypto
