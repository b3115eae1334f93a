// Coroutine vocabulary: everything asynchronous in Gatehouse is a Task<T> on one reactor.
//
// A reactor is one io_context run by one thread, so code on it needs no strand and no lock. The
// executor type is concrete (not any_io_executor): a resume is then a plain call.
#pragma once

#include <chrono>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace gatehouse {

namespace asio = boost::asio;

using Executor = asio::io_context::executor_type;

/// A lazily started coroutine on a reactor. Take its parameters by value.
template <class T = void>
using Task = asio::awaitable<T, Executor>;

/// Completion token: `co_await socket.async_read_some(buffer, use_task)`; throws boost::system::system_error.
inline constexpr asio::use_awaitable_t<Executor> use_task{};

/// Completion token that returns the error instead: `auto [ec, n] = co_await s.async_read_some(b,
/// use_result)`.
inline constexpr asio::as_tuple_t<asio::use_awaitable_t<Executor>> use_result{use_task};

using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, Executor>;

/// Suspends the calling task. Throws operation_aborted when the task is cancelled.
Task<void> sleep_for(std::chrono::steady_clock::duration);

}  // namespace gatehouse
