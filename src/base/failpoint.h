// Named points where a test can stop, fail or slow the process. Compiled in only with
// GATEHOUSE_FAILPOINTS (the asan and tsan presets and the test binary); nothing otherwise.
#pragma once

#include <string_view>

namespace gatehouse::failpoint {

/// Reads the environment variable GATEHOUSE_FAILPOINTS, `name=action[;name=action]`, on first use.
/// Actions: `kill` (SIGKILL to oneself), `throw` (a Failure), `kill:N` and `throw:N` (at the Nth pass).
void hit(std::string_view name);

}  // namespace gatehouse::failpoint

#ifdef GATEHOUSE_FAILPOINTS
#define GH_FAILPOINT(name) ::gatehouse::failpoint::hit(name)
#else
#define GH_FAILPOINT(name) static_cast<void>(0)
#endif
