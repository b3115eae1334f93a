// Parse, decode, encode and canonicalise: MB/s of JSON text.
#include <benchmark/benchmark.h>

#include "json/bounded.h"
#include "json/canonical.h"
#include "json/codec.h"

namespace gatehouse::json {
namespace {

struct Message {
  Text<1, 20> role;
  std::string content;
};
BOOST_DESCRIBE_STRUCT(Message, (), (role, content))

struct Completion {
  Text<1, 100> model;
  std::vector<Message> messages;
  std::optional<double> temperature;
  Defaulted<bool> stream = false;
};
BOOST_DESCRIBE_STRUCT(Completion, (), (model, messages, temperature, stream))

// About `size` bytes of chat request.
std::string body(std::size_t size) {
  Completion request{.model = "demo/echo", .temperature = 0.7};
  const std::string sentence = "The quick brown fox says \"olá\" to the lazy dog.\n";
  while (request.messages.size() * 250 < size)
    request.messages.push_back({.role = "user", .content = sentence + sentence + sentence + sentence});
  return encode(request);
}

template <class F>
void run(benchmark::State& state, F work) {
  const std::string text = body(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) work(text);
  state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) * state.iterations());
}

void parse_value(benchmark::State& state) {
  run(state, [](const std::string& text) { benchmark::DoNotOptimize(parse(text)); });
}
void parse_document(benchmark::State& state) {
  run(state, [](const std::string& text) { benchmark::DoNotOptimize(Document::parse(text)); });
}
void parse_and_decode(benchmark::State& state) {
  run(state, [](const std::string& text) { benchmark::DoNotOptimize(decode_text<Completion>(text)); });
}
void encode_struct(benchmark::State& state) {
  auto request = *decode_text<Completion>(body(static_cast<std::size_t>(state.range(0))));
  run(state, [&](const std::string&) { benchmark::DoNotOptimize(encode(request)); });
}
void write_value(benchmark::State& state) {
  auto value = *parse(body(static_cast<std::size_t>(state.range(0))));
  run(state, [&](const std::string&) { benchmark::DoNotOptimize(write(value)); });
}
void canonical_value(benchmark::State& state) {
  auto value = *parse(body(static_cast<std::size_t>(state.range(0))));
  run(state, [&](const std::string&) { benchmark::DoNotOptimize(canonical(value)); });
}

BENCHMARK(parse_value)->Arg(2'000)->Arg(100'000);
BENCHMARK(parse_document)->Arg(2'000)->Arg(100'000);
BENCHMARK(parse_and_decode)->Arg(2'000)->Arg(100'000);
BENCHMARK(encode_struct)->Arg(2'000)->Arg(100'000);
BENCHMARK(write_value)->Arg(2'000)->Arg(100'000);
BENCHMARK(canonical_value)->Arg(2'000)->Arg(100'000);

}  // namespace
}  // namespace gatehouse::json
