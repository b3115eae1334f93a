// Authenticated encryption: AES-256-GCM (NIST SP 800-38D), and XAES-256-GCM (C2SP), the same cipher under a
// subkey that each message derives from a longer nonce.
//
// Which one, and how often under one key, with random nonces:
//   AES-256-GCM   96-bit nonce: at most 2^32 messages, then a nonce repeats with a chance of 2^-32, and a
//                 repeated nonce gives away both texts and the authentication key. For short-lived keys.
//   XAES-256-GCM  192-bit nonce: 2^80 messages at that same chance. For keys that live long or are used by
//                 processes that do not count together; costs three AES blocks more.
// Both are portable (OpenSSL falls back to software without AES-NI).
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>

#include "crypto/bytes.h"
#include "crypto/secret.h"

namespace gatehouse::crypto {

inline constexpr std::size_t kAeadKeySize = 32;
inline constexpr std::size_t kTagSize = 16;
inline constexpr std::size_t kGcmNonceSize = 12;
inline constexpr std::size_t kXaesNonceSize = 24;

/// Associated data of several parts, each behind its length (32 bits, big-endian), so that ("ab","c") and
/// ("a","bc") differ.
Bytes aad(std::initializer_list<ByteView> parts);

/// nonce ‖ ciphertext ‖ tag with a fresh random nonce. Throws Failure unless `key` has 32 bytes.
Bytes seal(const Secret& key, ByteView associated, ByteView plaintext);
/// nullopt for anything but the untouched output of `seal` under this key and this associated data: wrong
/// key, wrong context and altered bytes are told apart by nobody.
std::optional<Secret> open(const Secret& key, ByteView associated, ByteView sealed);

/// The same two with XAES-256-GCM.
Bytes seal_xaes(const Secret& key, ByteView associated, ByteView plaintext);
std::optional<Secret> open_xaes(const Secret& key, ByteView associated, ByteView sealed);

}  // namespace gatehouse::crypto
