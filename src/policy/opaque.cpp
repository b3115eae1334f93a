// Recognising encoded payloads.
#include "policy/opaque.h"

#include <algorithm>

namespace gatehouse::policy {
namespace {

constexpr std::string_view kPartTypes[] = {"image_url", "input_image", "image", "input_audio",
                                           "audio",     "input_file",  "file",  "document",
                                           "video_url", "input_video"};
constexpr std::string_view kDataKeys[] = {"data", "file_data", "b64_json", "image_data"};
constexpr std::size_t kShortestPayload = 64;

bool is_base64(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '+' ||
           c == '/' || c == '=' || c == '-' || c == '_';
  });
}

}  // namespace

bool is_unscannable_part(const boost::json::object& object) {
  const auto* type = object.if_contains("type");
  return type != nullptr && type->is_string() &&
         std::ranges::find(kPartTypes, std::string_view(type->get_string())) != std::end(kPartTypes);
}

bool is_opaque_payload(std::string_view key, const boost::json::value& value) {
  const auto* string = value.if_string();
  if (string == nullptr) return false;
  std::string_view text = *string;
  if (text.starts_with("data:")) {
    const auto comma = text.substr(0, 256).find(";base64,");
    if (comma == text.npos) return false;
    text.remove_prefix(comma + 8);
  } else if (std::ranges::find(kDataKeys, key) == std::end(kDataKeys)) {
    return false;
  }
  return text.size() >= kShortestPayload && is_base64(text);
}

}  // namespace gatehouse::policy
