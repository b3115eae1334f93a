// The small pure parts: cost, requests, upstream errors, base addresses, the demo models' texts.
#include <gtest/gtest.h>

#include "models/base_url.h"
#include "models/completion_request.h"
#include "models/cost.h"
#include "models/demo_provider.h"
#include "models/testing.h"
#include "models/upstream_error.h"

namespace gatehouse::models {
namespace {

TEST(Cost, IsTheSumRoundedOnceHalvesUp) {
  EXPECT_EQ(cost_of(1000, 0, {2'500'000, 10'000'000}), 2500);
  EXPECT_EQ(cost_of(1, 1, {250'000, 250'000}), 1);  // 0.25 + 0.25: rounded apart it would be nothing
  EXPECT_EQ(cost_of(1, 0, {499'999, 0}), 0);
  EXPECT_EQ(cost_of(1, 0, {500'000, 0}), 1);
  EXPECT_EQ(cost_of(0, 0, {1, 1}), 0);
}

TEST(Cost, DoesNotOverflowAndIsNeverNegative) {
  EXPECT_EQ(cost_of(std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::max(),
                    {std::numeric_limits<std::int64_t>::max(), kMaxPrice}),
            2 * (kMaxTokens * kMaxPrice / 1'000'000));
  EXPECT_EQ(cost_of(-5, 10, {1'000'000, -1}), 0);
}

TEST(Cost, EstimatesByTheTextAlone) {
  EXPECT_EQ(estimate_tokens(0), 0);
  EXPECT_EQ(estimate_tokens(1), 1);
  EXPECT_EQ(estimate_tokens(8), 2);
  EXPECT_EQ(text_bytes(json::parse(R"([{"role":"user","content":"12345"}])").value()), 9u);
}

std::string param_of(std::string_view body) {
  auto request = parse_completion_request(body);
  EXPECT_FALSE(request) << body;
  if (request) return {};
  EXPECT_EQ(request.error().code, ErrorCode::bad_request);
  return request.error().fields.empty() ? "-" : request.error().fields[0].pointer;
}

TEST(CompletionRequest, NamesTheFirstBadField) {
  EXPECT_EQ(param_of("[]"), "");
  EXPECT_EQ(param_of(R"({"messages":[]})"), "/model");
  EXPECT_EQ(param_of(R"({"model":"m"})"), "/messages");
  EXPECT_EQ(param_of(R"({"model":"m","messages":[]})"), "/messages");
  EXPECT_EQ(param_of(R"({"model":"m","messages":[{"content":"x"}]})"), "/messages/0/role");
  EXPECT_EQ(param_of(R"({"model":"m","messages":[{"role":"user"}],"stream":"yes"})"), "/stream");
  EXPECT_EQ(param_of(R"({"model":"m","messages":[{"role":"user"}],"n":0})"), "/n");
  EXPECT_EQ(param_of(R"({"model":"m","messages":[{"role":"user"}],"stream_options":{}})"), "/stream_options");
}

TEST(CompletionRequest, TakesWhatSdksSendAndKeepsUnknownFields) {
  auto request = parse_completion_request(
      R"({"model":"m","messages":[{"role":"developer","content":[{"type":"text","text":"x"}]}],"stream":true,
          "stream_options":{"include_usage":true},"tools":[{"type":"function"}],"new_field":{"a":1},"n":null})");
  ASSERT_TRUE(request);
  EXPECT_TRUE(request->stream);
  EXPECT_TRUE(request->wants_usage);
  EXPECT_EQ(request->document.at("new_field").at("a"), 1);
}

TEST(CompletionRequest, RefusesDuplicateKeys) {
  auto request = parse_completion_request(R"({"model":"m","model":"x","messages":[{"role":"user"}]})");
  ASSERT_FALSE(request);
  EXPECT_EQ(request.error().code, ErrorCode::malformed_json);
}

TEST(UpstreamError, ShowsNothingOfARefusedCredential) {
  auto told = upstream_error(401, R"({"error":{"message":"Incorrect API key provided: sk-abc"}})", {});
  EXPECT_EQ(told.error.code, ErrorCode::upstream_failed);
  EXPECT_TRUE(told.message.empty());
  EXPECT_FALSE(told.error.detail.contains("sk-"));
}

TEST(UpstreamError, GivesTheMessageOfWhatTheCallerCanMend) {
  auto told = upstream_error(400, R"({"error":{"message":"max_tokens is too large"}})", {});
  EXPECT_EQ(told.error.code, ErrorCode::bad_request);
  EXPECT_EQ(told.message, "max_tokens is too large");
  EXPECT_TRUE(upstream_error(400, "<html>", {}).message.empty());
}

TEST(UpstreamError, PassesTheWaitOnThatTheProviderAsksFor) {
  auto told = upstream_error(429, "", parse_retry_after("7"));
  EXPECT_EQ(told.error.code, ErrorCode::rate_limited);
  EXPECT_EQ(told.error.retry_after, std::chrono::seconds(7));
  EXPECT_FALSE(parse_retry_after("Wed, 21 Oct 2026 07:28:00 GMT"));
  EXPECT_FALSE(parse_retry_after("-1"));
  EXPECT_EQ(parse_retry_after("99999999"), std::chrono::seconds(3600));
}

TEST(UpstreamError, RetriesOnlyWhatMayPass) {
  for (int status : {429, 502, 503, 504}) EXPECT_TRUE(is_retryable(status)) << status;
  for (int status : {200, 400, 401, 404, 408, 500, 501}) EXPECT_FALSE(is_retryable(status)) << status;
}

TEST(BaseUrl, RefusesAddressesThatTheServerMayNotCall) {
  http::EgressPolicy none;
  for (auto url : {"http://127.0.0.1:9/v1", "http://localhost/v1", "https://x.localhost", "http://10.0.0.1",
                   "http://[::1]/", "http://169.254.169.254/", "ftp://example.com", "https://u:p@example.com",
                   "https://example.com/?q", "nonsense", "https://2130706433/", "https://0x7f000001/",
                   "https://127.1/", "https://127.0.0.0x1/", "https://127.1./"})
    EXPECT_FALSE(check_base_url(url, none)) << url;
  EXPECT_TRUE(check_base_url("https://api.example.com/v1", none));
  http::EgressPolicy loopback{.allowed_networks = {*http::Cidr::parse("127.0.0.0/8")}};
  EXPECT_TRUE(check_base_url("http://127.0.0.1:9/v1", loopback));
}

TEST(BaseUrl, IsHttpsUnlessTheOperatorHasExceptedTheHost) {
  http::EgressPolicy policy{.allowed_networks = {*http::Cidr::parse("127.0.0.0/8")},
                            .allowed_hosts = {"models.internal"}};
  for (auto url : {"http://api.example.com/v1", "http://8.8.8.8/v1", "http://10.0.0.1/v1"}) {
    const auto refused = check_base_url(url, policy);
    ASSERT_FALSE(refused) << url;
    EXPECT_EQ(refused.error().fields.at(0).pointer, "/base_url");
  }
  for (auto url : {"http://models.internal/v1", "http://localhost:8000", "http://127.0.0.1/v1",
                   "https://api.example.com/v1", "https://8.8.8.8/v1"})
    EXPECT_TRUE(check_base_url(url, policy)) << url;
}

TEST(DemoModels, EchoAnswersWithTheLastMessageOfTheUser) {
  auto request = json::parse(
                     R"({"messages":[{"role":"user","content":"first"},{"role":"assistant","content":"a"},
                         {"role":"user","content":[{"type":"text","text":"sec"},{"type":"text","text":"ond"}]},
                         {"role":"assistant","content":"b"}]})")
                     .value();
  EXPECT_EQ(demo_text("demo/echo", request), "second");
  EXPECT_TRUE(demo_text("demo/assistant", request).contains("demo model"));
}

/// Everything that a demo model says, without its pauses counting towards the test.
std::vector<json::Value> said_by(DemoAnswer& answer, asio::io_context& io) {
  std::vector<json::Value> events;
  asio::co_spawn(
      io,
      [&]() -> Task<void> {
        while (true) {
          auto event = co_await answer.next();
          if (!event || !*event) break;
          events.push_back(json::parse(**event).value());
        }
      },
      asio::detached);
  io.run();
  return events;
}

std::vector<std::string> contents(const std::vector<json::Value>& events) {
  std::vector<std::string> found;
  for (const auto& event : events)
    for (const auto& choice : event.at("choices").as_array())
      if (const auto* content = choice.at("delta").as_object().if_contains("content"))
        found.emplace_back(content->as_string());
  return found;
}

TEST(DemoModels, SayAShortTextAFewWordsAtATime) {
  asio::io_context io;
  CallStop stop(io.get_executor());
  auto request =
      testing::cleared(R"({"messages":[{"role":"user","content":"One two three four  five six\nseven"}]})");
  DemoAnswer answer(request, true, std::chrono::milliseconds(0), stop);
  const auto events = said_by(answer, io);
  EXPECT_EQ(contents(events), (std::vector<std::string>{"", "One two three ", "four  five six\n", "seven"}));
  ASSERT_EQ(events.size(), 6u);
  EXPECT_EQ(events[4].at("choices").at(0).at("finish_reason"), "stop");
  EXPECT_EQ(events[5].at("usage").at("total_tokens").as_int64(),
            events[5].at("usage").at("prompt_tokens").as_int64() +
                events[5].at("usage").at("completion_tokens").as_int64());
}

TEST(DemoModels, SayALongTextInPiecesThatTakeNoLongerThanHalfAMinute) {
  std::string text;
  while (text.size() < 300'000) text += "a few words ";
  asio::io_context io;
  CallStop stop(io.get_executor());
  auto request = testing::cleared(
      json::write(json::Object{{"messages", json::Array{{{"role", "user"}, {"content", text}}}}}));
  const auto pace = std::chrono::milliseconds(50);
  DemoAnswer answer(request, true, pace, stop);
  std::size_t pieces = 0;
  asio::co_spawn(
      io,
      [&]() -> Task<void> {
        auto first = co_await answer.next();
        auto second = co_await answer.next();
        auto piece = json::parse(**second).value();
        auto bytes = piece.at("choices").at(0).at("delta").at("content").as_string().size();
        pieces = text.size() / bytes;
        stop.stop();
        EXPECT_FALSE(co_await answer.next());
      },
      asio::detached);
  io.run();
  EXPECT_LE(pieces, DemoAnswer::kLongest / (pace / 5));
  EXPECT_GT(pieces, 1000u);
}

}  // namespace
}  // namespace gatehouse::models
