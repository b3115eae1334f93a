// Random bytes from the operating system's generator.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace gatehouse::crypto {

/// Fills `out`. Throws Failure if the kernel has no randomness to give. Small requests are served from a
/// per-thread buffer, so that the system call is paid once for many nonces; a served byte is erased from the
/// buffer at once, and a forked child starts with an empty one.
void fill_random(std::span<std::uint8_t> out);

template <std::size_t N>
std::array<std::uint8_t, N> random_bytes() {
  std::array<std::uint8_t, N> bytes;
  fill_random(bytes);
  return bytes;
}

/// `bytes` random bytes as base64url without padding: 32 bytes give 43 characters. For values that are not
/// themselves credentials (state, nonce, request markers); credentials are made by token.h.
std::string random_token(std::size_t bytes = 32);

}  // namespace gatehouse::crypto
