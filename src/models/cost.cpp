#include "models/cost.h"

#include <algorithm>

namespace gatehouse::models {

std::int64_t cost_of(std::int64_t input_tokens, std::int64_t output_tokens, Prices prices) {
  auto product = [](std::int64_t tokens, std::int64_t price) {
    return std::clamp(tokens, std::int64_t{0}, kMaxTokens) * std::clamp(price, std::int64_t{0}, kMaxPrice);
  };
  constexpr std::int64_t kPer = 1'000'000;
  return (product(input_tokens, prices.input) + product(output_tokens, prices.output) + kPer / 2) / kPer;
}

std::int64_t estimate_tokens(std::size_t bytes) {
  return std::min(static_cast<std::int64_t>((bytes + 3) / 4), kMaxTokens);
}

std::size_t text_bytes(const json::Value& value) {
  std::size_t bytes = 0;
  if (const auto* text = value.if_string()) {
    bytes = text->size();
  } else if (const auto* array = value.if_array()) {
    for (const auto& item : *array) bytes += text_bytes(item);
  } else if (const auto* object = value.if_object()) {
    for (const auto& member : *object) bytes += text_bytes(member.value());
  }
  return bytes;
}

}  // namespace gatehouse::models
