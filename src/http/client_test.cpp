#include "http/client.h"

#include <gmock/gmock.h>

#include "http/loopback.h"

namespace gatehouse::http {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

ClientConfig local() {
  ClientConfig config;
  config.egress.allowed_hosts = {"127.0.0.1"};
  config.tick = 5ms;
  return config;
}

/// An upstream that sends scripted bytes: one answer for each connection's request, then closes.
struct Script {
  explicit Script(asio::io_context& context, std::vector<std::string> script)
      : acceptor(context.get_executor(), {asio::ip::address_v4::loopback(), 0}), answers(std::move(script)) {
    asio::co_spawn(context, loop(), asio::detached);
  }
  Task<void> loop() {
    for (;;) {
      auto [error, socket] = co_await acceptor.async_accept(use_result);
      if (error) co_return;
      ++connections;
      std::string request;
      co_await read_until(socket, request, "\r\n\r\n");
      requests.push_back(request);
      if (answers.empty()) {
        held.push_back(std::move(socket));  // never answers
        continue;
      }
      auto answer = answers.front();
      answers.erase(answers.begin());
      co_await send_text(socket, answer);
    }
  }
  Endpoint endpoint() { return {false, "127.0.0.1", acceptor.local_endpoint().port(), ""}; }

  asio::basic_socket_acceptor<asio::ip::tcp, Executor> acceptor;
  std::vector<std::string> answers;
  std::vector<std::string> requests;
  std::vector<Socket> held;
  int connections = 0;
};

Task<Result<std::string>> fetch(Client& client, ClientRequest request, Deadlines deadlines = {}) {
  auto response = co_await client.send(std::move(request), deadlines);
  if (!response) co_return std::unexpected(response.error());
  auto body = co_await response->read_all(1 << 20);
  if (!body) co_return std::unexpected(body.error());
  co_return std::to_string(response->status()) + " " + *body;
}

ErrorCode code_of(const Result<std::string>& result) {
  return result ? ErrorCode::not_found : result.error().code;
}

TEST(Client, ReusesAConnectionWhoseAnswerWasReadToItsEnd) {
  Reactor reactor;
  Server server(reactor.context, {}, [](Exchange& exchange) -> Task<void> {
    if (exchange.request().path == "/stream") {
      co_await exchange.start_stream(200, {}, "ab");
      co_await exchange.finish("cd");
    } else {
      if (!co_await exchange.read_body()) co_return;
      co_await exchange.respond({.status = 201, .body = exchange.take_body()});
    }
  });
  Client client(reactor.context.get_executor(), local());
  Endpoint endpoint{false, "127.0.0.1", server.port(), ""};
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(reactor.run(fetch(client, {.method = Method::post, .endpoint = endpoint, .body = "hello"})),
              "201 hello");
    EXPECT_EQ(reactor.run(fetch(client, {.endpoint = endpoint, .target = "/stream"})), "200 abcd");
  }
  EXPECT_EQ(server.connections(), 1U);
  EXPECT_EQ(client.idle_connections(), 1U);
}

TEST(Client, ReadsEveryFramingAndKnowsACutAnswer) {
  struct Row {
    std::string answer;
    std::string body;  // empty: refused
  };
  const std::vector<Row> rows = {
      {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", "200 abc"},
      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na", "200 a"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n", "200 abc"},
      {"HTTP/1.1 200 OK\r\n\r\nuntil the end", "200 until the end"},
      {"HTTP/1.1 204 No Content\r\n\r\n", "204 "},
      {"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc", ""},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n", ""},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n", ""},
      {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", ""},
      {"HTTP/1.1 200", ""},
      {"SSH-2.0-x\r\n\r\n", ""},
      {"", ""},
  };
  for (const auto& row : rows) {
    Reactor reactor;
    Script script(reactor.context, {row.answer});
    Client client(reactor.context.get_executor(), local());
    auto result = reactor.run(fetch(client, {.endpoint = script.endpoint()}));
    if (row.body.empty())
      EXPECT_EQ(code_of(result), ErrorCode::upstream_failed) << row.answer;
    else
      EXPECT_EQ(result, row.body) << row.answer;
  }
}

TEST(Client, BoundsHeaderAndBody) {
  Reactor reactor;
  Script script(reactor.context,
                {"HTTP/1.1 200 OK\r\nA: " + std::string(100'000, 'a'),
                 "HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n" + std::string(1'100'000, 'b')});
  Client client(reactor.context.get_executor(), local());
  EXPECT_EQ(code_of(reactor.run(fetch(client, {.endpoint = script.endpoint()}))), ErrorCode::upstream_failed);
  EXPECT_EQ(code_of(reactor.run(fetch(client, {.endpoint = script.endpoint()}))), ErrorCode::upstream_failed);
}

TEST(Client, TellsAnUpstreamThatIsSilentFromOneThatIsGone) {
  Reactor reactor;
  Script script(reactor.context, {"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab"});
  auto endpoint = script.endpoint();
  Client client(reactor.context.get_executor(), local());
  EXPECT_EQ(code_of(reactor.run(fetch(client, {.endpoint = endpoint}))), ErrorCode::upstream_failed);
  EXPECT_EQ(code_of(reactor.run(fetch(client, {.endpoint = endpoint}, {.first_byte = 20ms}))),
            ErrorCode::upstream_timeout);
  EXPECT_EQ(code_of(reactor.run(fetch(client, {.endpoint = endpoint}, {.total = 20ms}))),
            ErrorCode::upstream_timeout);
  script.acceptor.close();
  EXPECT_EQ(code_of(reactor.run(fetch(client, {.endpoint = endpoint}))), ErrorCode::upstream_failed);
}

TEST(Client, RefusesPrivateAddressesBeforeAnythingIsSent) {
  Reactor reactor;
  Script script(reactor.context, {});
  Client client(reactor.context.get_executor(), {});
  EXPECT_EQ(code_of(reactor.run(fetch(client, {.endpoint = script.endpoint()}))), ErrorCode::egress_refused);
  EXPECT_EQ(script.connections, 0);
}

TEST(Client, ReplacesAPooledConnectionThatTheUpstreamClosed) {
  Reactor reactor;
  const std::string keep = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na";
  Script script(reactor.context, {keep, keep});
  Client client(reactor.context.get_executor(), local());
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(
        reactor.run(fetch(client, {.method = Method::post, .endpoint = script.endpoint(), .body = "x"})),
        "200 a");
  EXPECT_EQ(script.connections, 2);
}

TEST(Client, SendsTheHeadersThatFrameTheRequest) {
  Reactor reactor;
  Script script(reactor.context, {"HTTP/1.1 204 No Content\r\n\r\n"});
  Client client(reactor.context.get_executor(), local());
  auto endpoint = script.endpoint();
  endpoint.base_path = "/base";
  ASSERT_TRUE(reactor.run(fetch(client, {.method = Method::post, .endpoint = endpoint, .target = "/t?q=1"})));
  EXPECT_THAT(script.requests.at(0), testing::StartsWith("POST /base/t?q=1 HTTP/1.1\r\nhost: 127.0.0.1:"));
  EXPECT_THAT(script.requests.at(0), HasSubstr("content-length: 0\r\n"));
  EXPECT_THAT(script.requests.at(0), HasSubstr("accept-encoding: identity\r\n"));
}

TEST(Client, ClosesTheUpstreamWhenItsOwnClientLeaves) {
  Reactor reactor;
  Script upstream(reactor.context, {});
  Client client(reactor.context.get_executor(), local());
  ErrorCode seen = ErrorCode::internal;
  Server server(reactor.context, {}, [&](Exchange& exchange) -> Task<void> {
    Cancel cancel;
    auto watch = exchange.on_disconnect([&] { cancel.cancel(); });
    auto response = co_await client.send({.endpoint = upstream.endpoint()}, {}, &cancel);
    if (!response) seen = response.error().code;
  });
  auto closed = reactor.run([](Server& front, Script& back) -> Task<std::string> {
    {
      auto socket = co_await connect_to(front.port());
      co_await send_text(socket, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      while (back.held.empty()) co_await asio::post(co_await asio::this_coro::executor, use_task);
    }
    co_return co_await read_to_end(back.held.front());
  }(server, upstream));
  EXPECT_EQ(closed, "");
  EXPECT_EQ(seen, ErrorCode::upstream_failed);
  EXPECT_EQ(client.open_connections(), 0U);
}

TEST(Client, ClosesTheConnectionWhenAnAnswerIsDroppedHalfRead) {
  Reactor reactor;
  Script script(reactor.context, {"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab"});
  Client client(reactor.context.get_executor(), local());
  reactor.run([](Client& c, Endpoint endpoint) -> Task<void> {
    auto response = co_await c.send({.endpoint = endpoint});
    EXPECT_EQ(co_await response->read_some(), "ab");
  }(client, script.endpoint()));
  EXPECT_EQ(client.open_connections(), 0U);
}

TEST(Endpoint, AcceptsOnlyPlainHttpAddresses) {
  auto endpoint = Endpoint::parse("https://API.example.com/v1/");
  ASSERT_TRUE(endpoint);
  EXPECT_TRUE(endpoint->tls);
  EXPECT_EQ(endpoint->authority(), "api.example.com");
  EXPECT_EQ(endpoint->port, 443);
  EXPECT_EQ(endpoint->base_path, "/v1");
  EXPECT_EQ(Endpoint::parse("http://[::1]:8080")->authority(), "[::1]:8080");
  for (auto bad : {"", "ftp://x", "file:///etc/passwd", "http://", "http://user:pw@x", "http://x?q=1", "//x",
                   "http://x#f", "http://x:0", "http://x:99999", "http://a b", "http://%00x"})
    EXPECT_FALSE(Endpoint::parse(bad)) << bad;
}

}  // namespace
}  // namespace gatehouse::http
