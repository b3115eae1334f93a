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

using Clock = std::chrono::steady_clock;

class Reactor {
 public:
  /// Runs until `task` ends. A task that hangs fails the test instead of blocking it.
  template <class T>
  T run(Task<T> task) {
    // Not handed over as the task's own result: Asio wants that to be default-constructible.
    std::optional<T> result;
    run(store(std::move(task), result));
    return std::move(*result);
  }
  void run(Task<void> task) {
    bool ended = false;
    std::exception_ptr failure;
    asio::co_spawn(context, std::move(task), [&](std::exception_ptr error) {
      ended = true;
      failure = error;
      context.stop();
    });
    context.restart();
    context.run_for(std::chrono::seconds(60));
    if (failure) std::rethrow_exception(failure);
    if (!ended) throw std::runtime_error("the task did not end");
  }

  asio::io_context context{1};

 private:
  template <class T>
  static Task<void> store(Task<T> task, std::optional<T>& result) {
    result.emplace(co_await std::move(task));
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

/// Answers `METHOD path|query…|body`.
inline Task<void> echo(Exchange& exchange) {
  if (!co_await exchange.read_body()) co_return;
  const auto& request = exchange.request();
  std::string text(to_string(request.method));
  text += " " + request.path;
  for (const auto& [key, value] : request.query) text += "|" + key + "=" + value;
  text += "|" + request.body;
  co_await exchange.respond({.headers = {{"content-type", "text/plain"}}, .body = text});
}

inline ServerConfig quick() {
  ServerConfig config;
  config.timeouts.tick = std::chrono::milliseconds(5);
  config.timeouts.linger = std::chrono::milliseconds(50);
  return config;
}

struct Served {
  explicit Served(ServerConfig config = quick(), Handler handler = echo)
      : server(reactor.context, std::move(config), std::move(handler)) {}
  std::string talk(std::string bytes) { return reactor.run(http::talk(server.port(), std::move(bytes))); }
  Reactor reactor;
  Server server;
};

}  // namespace gatehouse::http
