// What the tests of server and client share: a reactor run until a task ends, and a client that sends raw
// bytes.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/task.h"
#include "http/server.h"
#include "http/transport.h"

namespace gatehouse::http {

class Reactor {
 public:
  /// Runs until `task` ends. A task that hangs fails the test instead of blocking it.
  template <class T>
  T run(Task<T> task) {
    std::exception_ptr failure;
    std::optional<T> result;
    asio::co_spawn(context, std::move(task), [&](std::exception_ptr error, T value) {
      failure = error;
      if (!error) result.emplace(std::move(value));
      context.stop();
    });
    pump();
    if (failure) std::rethrow_exception(failure);
    if (!result) throw std::runtime_error("the task did not end");
    return std::move(*result);
  }
  void run(Task<void> task) {
    run([](Task<void> inner) -> Task<bool> {
      co_await std::move(inner);
      co_return true;
    }(std::move(task)));
  }

  asio::io_context context{1};

 private:
  void pump() {
    context.restart();
    context.run_for(std::chrono::seconds(60));
  }
};

inline Task<Socket> connect_to(std::uint16_t port) {
  Socket socket(co_await asio::this_coro::executor);
  co_await socket.async_connect({asio::ip::address_v4::loopback(), port}, use_task);
  co_return socket;
}

inline Task<void> send_text(Socket& socket, std::string_view text) {
  while (!text.empty()) text.remove_prefix(co_await socket.async_write_some(asio::buffer(text), use_task));
}

/// Reads until `received` contains `text` or the other side ends; false if it ended.
inline Task<bool> read_until(Socket& socket, std::string& received, std::string text) {
  std::array<char, 4096> bytes;
  while (!received.contains(text)) {
    auto [error, n] = co_await socket.async_read_some(asio::buffer(bytes), use_result);
    if (error) co_return false;
    received.append(bytes.data(), n);
  }
  co_return true;
}

inline Task<std::string> read_to_end(Socket& socket) {
  std::string received;
  std::array<char, 4096> bytes;
  for (;;) {
    auto [error, n] = co_await socket.async_read_some(asio::buffer(bytes), use_result);
    if (error) co_return received;
    received.append(bytes.data(), n);
  }
}

/// Sends `bytes` and returns all that comes back until the server closes.
inline Task<std::string> talk(std::uint16_t port, std::string bytes) {
  auto socket = co_await connect_to(port);
  co_await send_text(socket, bytes);
  co_return co_await read_to_end(socket);
}

inline int status_of(std::string_view response) {
  return response.starts_with("HTTP/1.1 ") ? std::stoi(std::string(response.substr(9, 3))) : 0;
}

}  // namespace gatehouse::http
