#include "chat/ui_message.h"

namespace gatehouse::chat {
namespace {

constexpr json::Limits kLimits{.max_bytes = kMaxPostedBody, .max_depth = 64, .max_elements = 200'000};
constexpr std::size_t kMostMessages = 1000;

std::unexpected<Error> bad(std::string pointer, std::string_view code, std::string message) {
  return fail(invalid(std::move(pointer), code, std::move(message)));
}

/// U+0000 is valid in JSON and in no text column; without it from the start, what is stored is what was
/// judged.
std::string without_zeros(std::string_view text) {
  std::string out(text);
  std::erase(out, '\0');
  return out;
}

std::optional<std::string_view> text_of(const json::Object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (!value || !value->is_string()) return std::nullopt;
  return std::string_view(value->as_string());
}

/// A file as an OpenAI content part: images by address, others by name and data.
json::Object file_part(const json::Object& part) {
  auto url = text_of(part, "url").value_or("");
  if (text_of(part, "mediaType").value_or("").starts_with("image/"))
    return {{"type", "image_url"}, {"image_url", {{"url", url}}}};
  json::Object file{{"file_data", url}};
  if (auto name = text_of(part, "filename")) file["filename"] = *name;
  return {{"type", "file"}, {"file", std::move(file)}};
}

Result<PostedMessage> parse_message(const json::Value& value, const std::string& pointer) {
  const auto* object = value.if_object();
  if (!object) return bad(pointer, "wrong_type", "must be an object");
  PostedMessage message{.id = std::string(text_of(*object, "id").value_or("")),
                        .role = std::string(text_of(*object, "role").value_or(""))};
  if (message.role != "user" && message.role != "assistant")
    return bad(pointer + "/role", "not_allowed", "must be user or assistant");
  const auto* parts = object->if_contains("parts");
  if (!parts || !parts->is_array()) return bad(pointer + "/parts", "required", "must be an array");
  json::Array content;
  bool has_files = false;
  for (const auto& part : parts->as_array()) {
    const auto* one = part.if_object();
    auto type = one ? text_of(*one, "type") : std::nullopt;
    if (!type) return bad(pointer + "/parts", "wrong_type", "must be objects with a type");
    if (*type == "text") {
      auto text = text_of(*one, "text");
      if (!text) return bad(pointer + "/parts", "required", "a text part needs its text");
      auto said = without_zeros(*text);
      message.text += said;
      content.push_back(json::Object{{"type", "text"}, {"text", std::move(said)}});
    } else if (*type == "file" && message.role == "user") {
      content.push_back(file_part(*one));
      has_files = true;
    }
  }
  if (has_files)
    message.content = std::move(content);
  else
    message.content = message.text;
  return message;
}

}  // namespace

Result<PostedMessages> parse_posted(std::string_view body) {
  GH_TRY(auto document, json::parse(body, kLimits));
  const auto* root = document.if_object();
  if (!root) return bad("", "wrong_type", "the body must be an object");
  PostedMessages posted;
  if (auto trigger = text_of(*root, "trigger")) {
    if (*trigger == "regenerate-message")
      posted.trigger = Trigger::regenerate_message;
    else if (*trigger != "submit-message")
      return bad("/trigger", "not_allowed", "must be submit-message or regenerate-message");
  }
  if (auto id = text_of(*root, "messageId")) posted.message_id = MessageId::parse(*id);
  if (auto model = text_of(*root, "model"); model && !model->empty()) posted.model = std::string(*model);

  const auto* messages = root->if_contains("messages");
  if (!messages || !messages->is_array()) return bad("/messages", "required", "must be an array");
  if (messages->as_array().size() > kMostMessages)
    return bad("/messages", "too_long", "are at most " + std::to_string(kMostMessages));
  for (std::size_t i = 0; i < messages->as_array().size(); ++i) {
    GH_TRY(auto message, parse_message(messages->as_array()[i], "/messages/" + std::to_string(i)));
    posted.messages.push_back(std::move(message));
  }
  if (posted.trigger == Trigger::regenerate_message)
    while (!posted.messages.empty() && posted.messages.back().role == "assistant") posted.messages.pop_back();
  if (posted.messages.empty() || posted.messages.back().role != "user")
    return bad("/messages", "not_allowed", "must end with the user's message");
  const auto& last = posted.messages.back();
  if (last.text.empty() && last.content.is_string())
    return bad("/messages/" + std::to_string(posted.messages.size() - 1), "required", "must say something");
  return posted;
}

}  // namespace gatehouse::chat
