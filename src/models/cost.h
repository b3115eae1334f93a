// What a call costs, in integers.
#pragma once

#include <cstdint>
#include <string_view>

#include "json/value.h"

namespace gatehouse::models {

/// Microdollars per million tokens.
struct Prices {
  std::int64_t input = 0;
  std::int64_t output = 0;
};

inline constexpr std::int64_t kMaxPrice = 1'000'000'000;   // 1,000 dollars per million tokens
inline constexpr std::int64_t kMaxTokens = 1'000'000'000;  // in one call; more is taken for this

/// Microdollars: the exact sum of both products, rounded once to the nearest, halves up. No overflow: prices
/// and tokens are clamped to 0 … the maxima above.
std::int64_t cost_of(std::int64_t input_tokens, std::int64_t output_tokens, Prices);

/// When the provider sends no usage: one token for every four bytes, and one for what remains.
std::int64_t estimate_tokens(std::size_t bytes);
/// Bytes of all strings in a value, keys left out: what a prompt is estimated by.
std::size_t text_bytes(const json::Value&);

}  // namespace gatehouse::models
