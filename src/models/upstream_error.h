// What a caller is told when a provider fails. Nothing of the provider's headers, and of its body at most the
// message of an error that the caller can mend.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace gatehouse::models {

/// `message` is the caller's to see only after policy has looked at it; empty if there is none to show.
struct UpstreamError {
  Error error;
  std::string message;
};

/// An answer with a status other than 2xx. Refused credentials and an exhausted account are ours to mend, so
/// the caller sees upstream_failed; 400, 413, 415 and 422 are bad_request with the provider's message; 404 is
/// model_not_found; 429 is rate_limited; 408 and 504 are upstream_timeout.
UpstreamError upstream_error(int status, std::string_view body,
                             std::optional<std::chrono::seconds> retry_after);

/// `{"error": …}` amid a stream.
UpstreamError stream_error(std::string_view body);

/// Is it worth asking again, nothing of an answer having been handed out?
bool is_retryable(int status);
/// Seconds only; a date counts as absent. At most an hour.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view);

}  // namespace gatehouse::models
