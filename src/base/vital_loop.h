// Loops that the process cannot do without: a writer, an acceptor, what keeps caches true.
#pragma once

#include <string>

#include "base/task.h"

namespace gatehouse {

/// Runs the loop on its reactor. An exception that escapes it is logged under `name`, and ends the process: a
/// node that goes on without the loop would only look well, and what is not durable recovery deals with.
void run_vital(Executor, std::string name, Task<void> loop);

}  // namespace gatehouse
