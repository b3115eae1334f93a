#include "models/openai_provider.h"

#include "base/metrics.h"

namespace gatehouse::models {
namespace {

using namespace std::chrono_literals;

constexpr int kTries = 3;
constexpr std::array kPauses = {100ms, 400ms};
constexpr auto kLongestWait = 2s;  // a provider that asks for more is believed
constexpr auto kReleaseWithin = 250ms;
constexpr std::size_t kMaxAnswer = 16 << 20;
constexpr std::size_t kMaxErrorBody = 64 << 10;

Task<http::ClientRequest> make_request(access::Reactor& reactor, Region region, const Route& route,
                                       const policy::Cleared& cleared, bool stream,
                                       http::TraceContext trace) {
  http::ClientRequest request{.method = http::Method::post,
                              .endpoint = route.endpoint,
                              .target = "/chat/completions",
                              .body = cleared.body()};
  request.headers.add("content-type", "application/json");
  request.headers.add("accept", stream ? "text/event-stream" : "application/json");
  request.headers.add("traceparent", trace.child().to_traceparent());
  if (route.key) {
    auto key = co_await open_key(*reactor.region(region).keyring, *route.key);
    std::string value = "Bearer ";
    value += key.reveal();
    request.headers.add("authorization", value);
    crypto::wipe_text(value);
  }
  co_return request;
}

}  // namespace

Task<std::expected<OpenAiAnswer, UpstreamError>> OpenAiAnswer::open(
    access::Reactor& reactor, Region region, const Route& route, const policy::Cleared& cleared, bool stream,
    http::Deadlines deadlines, http::TraceContext trace, CallStop& stop) {
  static auto& retries =
      metrics::counter("gatehouse_provider_retries_total", "Calls sent again before their first byte");
  for (int attempt = 0;; ++attempt) {
    bool sent = false;
    auto request = co_await make_request(reactor, region, route, cleared, stream, trace);
    auto response = co_await reactor.http().send(std::move(request), deadlines, &stop.upstream(), &sent);
    UpstreamError failure;
    bool again = false;
    auto pause =
        std::chrono::steady_clock::duration(kPauses[static_cast<std::size_t>(attempt) % kPauses.size()]);
    if (response) {
      if (response->status() >= 200 && response->status() < 300)
        co_return OpenAiAnswer(std::move(*response), stream, stop);
      auto wait = parse_retry_after(response->headers().get("retry-after"));
      again = is_retryable(response->status()) && (!wait || *wait <= kLongestWait);
      if (wait) pause = std::max<std::chrono::steady_clock::duration>(pause, *wait);
      int status = response->status();
      auto body = co_await response->read_all(kMaxErrorBody);
      failure = upstream_error(status, body ? std::string_view(*body) : std::string_view(), wait);
    } else {
      failure.error = std::move(response).error();
      again = !sent && failure.error.code != ErrorCode::egress_refused &&
              failure.error.code != ErrorCode::overloaded;
    }
    if (!again || attempt + 1 >= kTries || !co_await stop.sleep(pause))
      co_return std::unexpected(std::move(failure));
    retries.add();
  }
}

Task<Result<std::optional<std::string>>> OpenAiAnswer::next() {
  if (ended_) co_return std::nullopt;
  if (!stream_) {
    ended_ = complete_ = true;
    GH_CO_TRY(auto body, co_await response_.read_all(kMaxAnswer));
    co_return std::optional(std::move(body));
  }
  while (!ready_) {
    GH_CO_TRY(auto bytes, co_await response_.read_some());
    if (!bytes) {
      ended_ = true;
      co_return std::nullopt;
    }
    if (!parser_.feed(*bytes))
      co_return fail(ErrorCode::upstream_failed, "The provider's stream is malformed");
    ready_ = parser_.next();
  }
  auto event = std::move(*ready_);
  ready_ = parser_.next();
  if (event.data == "[DONE]") {
    ended_ = complete_ = true;
    co_return std::nullopt;
  }
  co_return std::optional(std::move(event.data));
}

Task<void> OpenAiAnswer::release() {
  if (!stream_ || !complete_) co_return;
  // Mostly the end has arrived with [DONE]; a provider that dawdles loses the connection.
  Timer timer(co_await asio::this_coro::executor, kReleaseWithin);
  auto reading =
      std::make_shared<bool>(true);  // the timer may have fired, yet not been heard, when we are done
  timer.async_wait([stop = stop_, reading](boost::system::error_code error) {
    if (!error && *reading) stop->stop();
  });
  while (true) {
    auto rest = co_await response_.read_some();
    if (!rest || !*rest) break;
  }
  *reading = false;
  timer.cancel();
}

}  // namespace gatehouse::models
