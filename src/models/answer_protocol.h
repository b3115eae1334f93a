// The words and shapes of `chat.completion` and `chat.completion.chunk`, as far as they tell what need not be
// judged.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "json/value.h"

namespace gatehouse::models {

/// As the provider counted; each 0 to kMaxTokens.
struct Usage {
  std::int64_t input_tokens = 0;
  std::int64_t output_tokens = 0;
  bool operator==(const Usage&) const = default;
};

/// The usage that a chunk or an answer tells, if it does.
std::optional<Usage> usage_of(const json::Object& chunk);
/// What names the answer rather than being part of it.
bool is_envelope(std::string_view key);
/// Envelope fields that need no judging. A time of creation is one: ten digits, which a rule might know as
/// something else.
bool is_protocol(std::string_view key, const json::Value&);
/// Tokens of the protocol, which a provider takes from a list.
bool is_plain_word(std::string_view);
/// What the `type` of an object says, as far as it is a short name: it comes whole, so it is judged as a
/// whole.
bool is_type_name(std::string_view);
/// The object's `index`, 0 if it has none; nothing if it is no number from 0 to `most`.
std::optional<std::uint32_t> index_of(const json::Object&, std::uint32_t most);
bool is_empty_text(const json::Value&);
/// Everything that a chunk would say is held back.
bool says_nothing(const json::Object& chunk);

}  // namespace gatehouse::models
