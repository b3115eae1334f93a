#include <benchmark/benchmark.h>

#include "http/request_parser.h"
#include "http/sse.h"

namespace gatehouse::http {
namespace {

constexpr std::string_view kHead =
    "POST /v1/chat/completions?stream=true HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: OpenAI/JS 4.0\r\n"
    "Authorization: Bearer gh_us_0123456789abcdefghijklmnopqrstuvwxyz\r\nContent-Type: application/json\r\n"
    "Accept: application/json\r\nContent-Length: 0\r\n\r\n";

void BM_RequestHead(benchmark::State& state) {
  Limits limits;
  Request request;
  for (auto _ : state) {
    HeadScanner scanner;
    auto size = scanner.scan(kHead, limits);
    request.headers.clear();
    RequestParser parser(request, limits);
    benchmark::DoNotOptimize(parser.parse_head(kHead.substr(0, **size)));
  }
}
BENCHMARK(BM_RequestHead);

void BM_SseParse(benchmark::State& state) {
  std::string stream;
  for (int i = 0; i < 100; ++i)
    append_sse(stream, R"({"choices":[{"index":0,"delta":{"content":" word"}}]})");
  for (auto _ : state) {
    SseParser parser;
    benchmark::DoNotOptimize(parser.feed(stream));
    while (auto event = parser.next()) benchmark::DoNotOptimize(event);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(stream.size()) * state.iterations());
}
BENCHMARK(BM_SseParse);

}  // namespace
}  // namespace gatehouse::http
