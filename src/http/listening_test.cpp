#include <vector>

#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include "http/loopback.h"

namespace gatehouse::http {
namespace {

struct Served {
  explicit Served(ServerConfig config = {})
      : server(reactor.context, std::move(config),
               [](Exchange& exchange) -> Task<void> { co_await exchange.respond({.body = "x"}); }) {}
  Reactor reactor;
  Server server;
};

TEST(Listening, SharesItsPortWithASecondReactorAndBothAreReached) {
  Served first;
  ServerConfig config;
  config.port = first.server.port();
  config.shares_port = true;
  Served second(config);
  ASSERT_EQ(second.server.port(), first.server.port());
  // The kernel spreads connections by a hash of their addresses: of 64, none at one of two is 1 in 2^63.
  first.reactor.run([](Served& one, Served& other) -> Task<void> {
    std::vector<Socket> sockets;
    for (int i = 0; i < 64; ++i) sockets.push_back(co_await connect_to(one.server.port()));
    while (one.server.connections() + other.server.connections() < sockets.size()) {
      other.reactor.context.poll();
      co_await asio::post(co_await asio::this_coro::executor, use_task);
    }
    EXPECT_GT(one.server.connections(), 0u);
    EXPECT_GT(other.server.connections(), 0u);
  }(first, second));
}

TEST(Listening, RefusesAPortThatAnotherServerHas) {
  Served first;
  ServerConfig config;
  config.port = first.server.port();
  EXPECT_THROW(Served{config}, PortTaken);
  EXPECT_THROW(check_port(config.address, config.port), PortTaken);
  EXPECT_NO_THROW(check_port(config.address, 0));
  config.shares_port = true;
  Served second(config);
  config.shares_port = false;
  EXPECT_THROW(Served{config}, PortTaken);
}

}  // namespace
}  // namespace gatehouse::http
