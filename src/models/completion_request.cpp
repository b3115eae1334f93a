#include "models/completion_request.h"

namespace gatehouse::models {
namespace {

constexpr json::Limits kLimits{.max_bytes = kMaxCompletionBody, .max_depth = 64, .max_elements = 500'000};
constexpr std::int64_t kMostChoices = 128;

std::unexpected<Error> bad(std::string pointer, std::string_view code, std::string message) {
  Error error{.code = ErrorCode::bad_request, .detail = message};
  error.fields.push_back({std::move(pointer), std::string(code), std::move(message)});
  return std::unexpected(std::move(error));
}

bool is_absent(const json::Value* value) {
  return !value || value->is_null();
}

}  // namespace

Result<CompletionRequest> parse_completion_request(std::string_view body) {
  GH_TRY(auto document, json::parse(body, kLimits));
  CompletionRequest request{.document = std::move(document)};
  const auto* root = request.document.if_object();
  if (!root) return bad("", "wrong_type", "The body must be a JSON object");

  const auto* model = root->if_contains("model");
  if (is_absent(model)) return bad("/model", "required", "You must provide a model");
  if (!model->is_string() || model->as_string().empty())
    return bad("/model", "wrong_type", "model must be a model's name");
  request.model = std::string(model->as_string());

  const auto* messages = root->if_contains("messages");
  if (is_absent(messages)) return bad("/messages", "required", "You must provide messages");
  if (!messages->is_array()) return bad("/messages", "wrong_type", "messages must be an array");
  if (messages->as_array().empty()) return bad("/messages", "too_short", "messages must not be empty");
  for (std::size_t i = 0; i < messages->as_array().size(); ++i) {
    const auto& message = messages->as_array()[i];
    auto pointer = "/messages/" + std::to_string(i);
    if (!message.is_object()) return bad(pointer, "wrong_type", "A message must be an object");
    const auto* role = message.as_object().if_contains("role");
    if (is_absent(role) || !role->is_string())
      return bad(pointer + "/role", "required", "A message needs a role");
  }

  if (const auto* stream = root->if_contains("stream"); !is_absent(stream)) {
    if (!stream->is_bool()) return bad("/stream", "wrong_type", "stream must be true or false");
    request.stream = stream->as_bool();
  }
  if (const auto* options = root->if_contains("stream_options"); !is_absent(options)) {
    if (!options->is_object())
      return bad("/stream_options", "wrong_type", "stream_options must be an object");
    if (!request.stream)
      return bad("/stream_options", "not_allowed", "stream_options goes only with stream: true");
    if (const auto* usage = options->as_object().if_contains("include_usage"); !is_absent(usage)) {
      if (!usage->is_bool())
        return bad("/stream_options/include_usage", "wrong_type", "include_usage must be true or false");
      request.wants_usage = usage->as_bool();
    }
  }
  if (const auto* n = root->if_contains("n"); !is_absent(n)) {
    if (!n->is_int64() || n->as_int64() < 1 || n->as_int64() > kMostChoices)
      return bad("/n", "out_of_range", "n must be an integer from 1 to 128");
  }
  return request;
}

std::string content_text(const json::Value& content) {
  if (content.is_string()) return std::string(content.as_string());
  std::string text;
  if (const auto* parts = content.if_array())
    for (const auto& part : *parts)
      if (const auto* object = part.if_object())
        if (const auto* piece = object->if_contains("text"); piece && piece->is_string())
          text += std::string_view(piece->as_string());
  return text;
}

}  // namespace gatehouse::models
