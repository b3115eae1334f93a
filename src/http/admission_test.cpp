// What a server takes on: bodies, and when; connections, and how many.
#include <gmock/gmock.h>

#include "http/loopback.h"

namespace gatehouse::http {
namespace {

using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

/// A connection that was answered once and stays open.
Task<Socket> held_connection(std::uint16_t port) {
  auto socket = co_await connect_to(port);
  std::string text;
  co_await send_text(socket, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  co_await read_until(socket, text, "GET /|");
  co_return socket;
}

TEST(Server, SendsContinueBeforeTheBodyOnlyIfItWillTakeIt) {
  auto config = quick();
  config.limits.body_limit = [](Method, std::string_view path) { return path == "/big" ? 100U : 5U; };
  Served served(config);
  auto received = served.reactor.run([](std::uint16_t port) -> Task<std::string> {
    auto socket = co_await connect_to(port);
    std::string text;
    co_await send_text(socket,
                       "POST /big HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nExpect: 100-continue\r\n"
                       "Connection: close\r\n\r\n");
    co_await read_until(socket, text, "100 Continue\r\n\r\n");
    co_await send_text(socket, "abcdef");
    co_return text + co_await read_to_end(socket);
  }(served.server.port()));
  EXPECT_THAT(received, HasSubstr("POST /big|abcdef"));
  EXPECT_EQ(status_of(served.talk(
                "POST /small HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nExpect: 100-continue\r\n\r\n")),
            413);
}

TEST(Server, DropsAClientThatSendsItsBodyTooSlowly) {
  auto config = quick();
  config.timeouts.body = 20ms;
  Served served(config);
  EXPECT_EQ(status_of(served.talk("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab")), 408);
  EXPECT_EQ(status_of(served.talk("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab")),
            408);
}

TEST(Server, ShedsConnectionsBeyondItsLimit) {
  auto config = quick();
  config.admission = Admission::make({.connections = 1});
  Served served(config);
  auto received = served.reactor.run([](std::uint16_t port) -> Task<std::string> {
    auto first = co_await held_connection(port);
    auto second = co_await connect_to(port);
    co_return co_await read_to_end(second);
  }(served.server.port()));
  EXPECT_EQ(status_of(received), 503);
  EXPECT_THAT(received, HasSubstr("retry-after: 1"));
}

TEST(Server, CountsConnectionsOfAllServersThatShareAnAdmission) {
  auto config = quick();
  config.admission = Admission::make({.connections = 1});
  Served first(config);
  Served second(config);
  auto held = first.reactor.run(held_connection(first.server.port()));
  EXPECT_EQ(status_of(second.talk("")), 503);
}

TEST(Server, ShedsConnectionsOfOneClientBeyondItsShareButNotThoseOfATrustedProxy) {
  for (bool proxy : {false, true}) {
    auto config = quick();
    config.admission = Admission::make({.connections_per_client = 1});
    if (proxy) config.trusted_proxies = {*Cidr::parse("127.0.0.1")};
    Served served(config);
    auto received = served.reactor.run([](std::uint16_t port) -> Task<std::string> {
      auto first = co_await held_connection(port);
      co_return co_await talk(port, "GET / HTTP/1.0\r\n\r\n");
    }(served.server.port()));
    EXPECT_EQ(status_of(received), proxy ? 200 : 503);
  }
}

TEST(Server, AnswersBeforeTheBodyCameIfTheHandlerDoesNotAskForIt) {
  Served served(quick(), [](Exchange& exchange) -> Task<void> {
    EXPECT_FALSE(exchange.has_body());
    co_await exchange.respond({.status = 401});
  });
  auto received =
      served.talk("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\nab");
  EXPECT_EQ(status_of(received), 401);
  EXPECT_THAT(received, HasSubstr("connection: close"));
}

TEST(Server, RefusesBodiesBeyondWhatTheProcessReceivesAtOnceUntilThereIsRoomAgain) {
  auto config = quick();
  config.admission = Admission::make({.body_bytes = 100'000});
  config.limits.body_limit = [](Method, std::string_view) { return std::size_t{1} << 20; };
  Served served(config);
  auto post = [](std::size_t size) {
    return "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " + std::to_string(size) +
           "\r\n\r\n" + std::string(size, 'x');
  };
  EXPECT_EQ(status_of(served.talk(post(90'000))), 200);
  EXPECT_EQ(status_of(served.talk(post(150'000))), 503);
  EXPECT_EQ(status_of(served.talk(post(90'000))), 200);
}

TEST(Server, RefusesABodyThatStallsHoweverMuchOfItCameBefore) {
  auto config = quick();
  config.timeouts.body = 20ms;
  config.limits.body_limit = [](Method, std::string_view) { return std::size_t{1} << 20; };
  Served served(config);
  auto received = served.talk("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n" +
                              std::string(400'000, 'x'));
  EXPECT_EQ(status_of(received), 408);
}

}  // namespace
}  // namespace gatehouse::http
