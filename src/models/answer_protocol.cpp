#include "models/answer_protocol.h"

#include <algorithm>
#include <array>

#include "models/cost.h"

namespace gatehouse::models {
namespace {

constexpr std::array<std::string_view, 7> kEnvelope = {
    "id", "object", "created", "model", "system_fingerprint", "service_tier", "usage"};

std::int64_t count_of(const json::Object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (!value || !value->is_number()) return 0;
  boost::system::error_code error;
  auto number = value->to_number<std::int64_t>(error);
  return error ? 0 : std::clamp(number, std::int64_t{0}, kMaxTokens);
}

}  // namespace

std::optional<Usage> usage_of(const json::Object& chunk) {
  const auto* usage = chunk.if_contains("usage");
  if (!usage || !usage->is_object()) return std::nullopt;
  return Usage{.input_tokens = count_of(usage->as_object(), "prompt_tokens"),
               .output_tokens = count_of(usage->as_object(), "completion_tokens")};
}

bool is_envelope(std::string_view key) {
  return std::ranges::find(kEnvelope, key) != kEnvelope.end();
}

std::optional<std::uint32_t> index_of(const json::Object& object, std::uint32_t most) {
  const auto* value = object.if_contains("index");
  if (!value) return 0;
  if (!value->is_int64() && !value->is_uint64()) return std::nullopt;
  boost::system::error_code error;
  auto number = value->to_number<std::uint32_t>(error);
  if (error || number > most) return std::nullopt;
  return number;
}

bool is_plain_word(std::string_view text) {
  return text.size() <= 32 &&
         std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || c == '_' || c == '.'; });
}

bool is_type_name(std::string_view text) {
  return text.size() <= 64 && std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                  c == '-' || c == '.';
         });
}

bool is_protocol(std::string_view key, const json::Value& value) {
  if (value.is_null()) return true;
  if (key == "created") {
    const auto* seconds = value.if_int64();
    return seconds && *seconds >= 0 && *seconds < 4'102'444'800;  // 2100
  }
  return (key == "object" || key == "service_tier") && value.is_string() && is_plain_word(value.as_string());
}

bool is_empty_text(const json::Value& value) {
  return value.is_null() || (value.is_string() && value.as_string().empty());
}

bool says_nothing(const json::Object& chunk) {
  for (const auto& member : chunk)
    if (!is_envelope(member.key()) && member.key() != "choices") return false;
  if (const auto* usage = chunk.if_contains("usage"); usage && !usage->is_null()) return false;
  const auto* choices = chunk.if_contains("choices");
  if (!choices || !choices->is_array()) return true;
  for (const auto& choice : choices->as_array()) {
    if (!choice.is_object()) return false;
    for (const auto& member : choice.as_object()) {
      if (member.key() == "index" || member.value().is_null()) continue;
      if (member.key() != "delta" || !member.value().is_object()) return false;
      for (const auto& part : member.value().as_object())
        if (!is_empty_text(part.value())) return false;
    }
  }
  return true;
}

}  // namespace gatehouse::models
