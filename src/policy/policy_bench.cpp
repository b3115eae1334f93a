// The cost of policy: a prompt of 2 KB, throughput, a chunk of a stream. Demo rules.
#include <benchmark/benchmark.h>
#include <boost/json.hpp>

#include "policy/demo_rules_testing.h"
#include "policy/document.h"
#include "policy/stream.h"

namespace gatehouse::policy {
namespace {

std::string prose(std::size_t size) {
  const std::string piece =
      "Please summarise the minutes of our meeting in 2026, and list who promised what until when; the "
      "budget of "
      "12,500 for the second quarter stays as it is. O relatório de março está pronto? ";
  std::string text;
  while (text.size() < size) text += piece;
  text.resize(size);
  return text;
}

std::shared_ptr<const RuleSet> demo() {
  static const auto rules = testing::compiled(testing::demo_rules());
  return rules;
}

void clean_prompt(benchmark::State& state) {
  const std::string text = prose(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(demo()->evaluate_text(text, {}));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * state.range(0));
}
BENCHMARK(clean_prompt)->Arg(2048)->Arg(65536);

void prompt_with_personal_data(benchmark::State& state) {
  std::string text =
      prose(1900) + " CPF 529.982.247-25, ana@exemplo.com, +55 11 98765-4321, 4111 1111 1111 1111 ";
  text.resize(2048, '.');
  for (auto _ : state) benchmark::DoNotOptimize(demo()->evaluate_text(text, {}));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * 2048);
}
BENCHMARK(prompt_with_personal_data);

void document_2k(benchmark::State& state) {
  boost::json::value document = {{"model", "demo/echo"},
                                 {"messages", {{{"role", "user"}, {"content", prose(2048)}}}}};
  for (auto _ : state) benchmark::DoNotOptimize(evaluate_document(document, {}, *demo()));
}
BENCHMARK(document_2k);

void stream_chunk(benchmark::State& state) {
  const std::string text = prose(64000);
  StreamFilter filter(demo(), {});
  std::size_t at = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(filter.push(std::string_view(text).substr(at, 24)));
    at = (at + 24) % (text.size() - 24);
  }
}
BENCHMARK(stream_chunk);

}  // namespace
}  // namespace gatehouse::policy
