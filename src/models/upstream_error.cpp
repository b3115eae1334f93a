#include "models/upstream_error.h"

#include <charconv>

#include "json/value.h"

namespace gatehouse::models {
namespace {

constexpr std::size_t kMaxMessage = 500;

std::string message_in(std::string_view body) {
  auto parsed = json::parse(body);
  if (!parsed || !parsed->is_object()) return {};
  const auto* error = parsed->as_object().if_contains("error");
  const auto* message = error && error->is_object() ? error->as_object().if_contains("message") : error;
  if (!message || !message->is_string()) return {};
  std::string text(message->as_string());
  if (text.size() <= kMaxMessage) return text;
  std::size_t end = kMaxMessage;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

}  // namespace

UpstreamError upstream_error(int status, std::string_view body,
                             std::optional<std::chrono::seconds> retry_after) {
  switch (status) {
    case 400:
    case 413:
    case 415:
    case 422:
      return {.error = {.code = ErrorCode::bad_request, .detail = "The provider refused the request"},
              .message = message_in(body)};
    case 401:
    case 402:
    case 403:
      return {.error = {.code = ErrorCode::upstream_failed,
                        .detail = "The provider refused the organization's key"}};
    case 404:
      return {
          .error = {.code = ErrorCode::model_not_found, .detail = "The provider does not know this model"}};
    case 408:
    case 504:
      return {.error = {.code = ErrorCode::upstream_timeout}};
    case 429:
      return {.error = {.code = ErrorCode::rate_limited,
                        .detail = "The provider is being asked too often",
                        .retry_after = retry_after}};
    default:
      return {.error = {.code = ErrorCode::upstream_failed,
                        .detail = "The provider answered with status " + std::to_string(status)}};
  }
}

UpstreamError stream_error(std::string_view body) {
  return {.error = {.code = ErrorCode::upstream_failed, .detail = "The provider failed amid its answer"},
          .message = message_in(body)};
}

bool is_retryable(int status) {
  return status == 429 || status == 502 || status == 503 || status == 504;
}

std::optional<std::chrono::seconds> parse_retry_after(std::string_view text) {
  std::int64_t seconds = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || end != text.data() + text.size() || seconds < 0) return std::nullopt;
  return std::chrono::seconds(std::min<std::int64_t>(seconds, 3600));
}

}  // namespace gatehouse::models
