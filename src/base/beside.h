// Work that would hold up a reactor, on another thread.
#pragma once

#include <exception>
#include <memory>
#include <optional>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include "base/task.h"

namespace gatehouse {

/// The thread beside the calling reactor: one for each, made when it is first asked for, first come first
/// served. It ends before its reactor does, so that no result can come back to one that is gone.
Task<asio::thread_pool*> thread_beside();

/// Runs `work` on the pool and resumes the caller on its reactor with what it returns or throws. Does not
/// listen to cancellation. `work` must own, or share, what it uses.
template <class Work, class T = std::invoke_result_t<Work&>>
Task<T> run_on(asio::thread_pool& pool, Work work) {
  Executor reactor = co_await asio::this_coro::executor;
  auto start = [&pool, reactor](auto handler, Work job) {
    asio::post(pool, [handler = std::move(handler), job = std::move(job),
                      alive = asio::make_work_guard(reactor)]() mutable {
      std::exception_ptr failure;
      std::optional<T> result;
      try {
        result.emplace(job());
      } catch (...) {
        failure = std::current_exception();
      }
      asio::post(alive.get_executor(),
                 [handler = std::move(handler), failure, result = std::move(result)]() mutable {
                   std::move(handler)(failure, std::move(result));
                 });
    });
  };
  auto token = use_task;
  auto result = co_await asio::async_initiate<decltype(token), void(std::exception_ptr, std::optional<T>)>(
      std::move(start), token, std::move(work));
  co_return *std::move(result);
}

/// The same on the thread beside the reactor.
template <class Work, class T = std::invoke_result_t<Work&>>
Task<T> run_beside(Work work) {
  auto* pool = co_await thread_beside();
  co_return co_await run_on(*pool, std::move(work));
}

}  // namespace gatehouse
