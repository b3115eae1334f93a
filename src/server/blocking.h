// Runs one task to its end on this thread: for command-line subcommands and set-up, never on a reactor.
#pragma once

#include <exception>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/task.h"

namespace gatehouse::server {

/// `make(io)` gives the task. Rethrows what it throws.
template <class Make>
auto run_blocking(Make make) {
  asio::io_context io(1);
  using T = typename decltype(make(io))::value_type;
  std::exception_ptr failure;
  auto rethrow = [&] {
    if (failure) std::rethrow_exception(failure);
  };
  if constexpr (std::is_void_v<T>) {
    asio::co_spawn(io, make(io), [&](std::exception_ptr error) { failure = error; });
    io.run();
    rethrow();
  } else {
    std::optional<T> result;
    asio::co_spawn(io, make(io), [&](std::exception_ptr error, T value) {
      failure = error;
      if (!error) result.emplace(std::move(value));
    });
    io.run();
    rethrow();
    if (!result) throw Failure("a task ended without a result");
    return std::move(*result);
  }
}

}  // namespace gatehouse::server
