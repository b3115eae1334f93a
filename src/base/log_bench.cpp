#include <benchmark/benchmark.h>

#include "base/log.h"

namespace gatehouse::log {
namespace {

/// The line that every request writes.
void BM_RequestLine(benchmark::State& state) {
  configure(Level::info, "/dev/null");
  for (auto _ : state)
    info("request", {{"request_id", "0193a2b4-1234-7123-8123-123456789012"},
                     {"trace_id", "4bf92f3577b34da6a3ce929d0e0e4736"},
                     {"operation", "createChatCompletion"},
                     {"status", 200},
                     {"code", "-"},
                     {"region", "us"},
                     {"ms", 1.25}});
  configure(Level::info);
}
BENCHMARK(BM_RequestLine);

}  // namespace
}  // namespace gatehouse::log
