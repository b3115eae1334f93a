#include "http/server.h"

#include <gmock/gmock.h>

#include "base/error.h"
#include "http/loopback.h"

namespace gatehouse::http {
namespace {

using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

TEST(Server, AnswersSeveralRequestsOnOneConnection) {
  Served served;
  auto received = served.reactor.run([](std::uint16_t port) -> Task<std::string> {
    auto socket = co_await connect_to(port);
    std::string received;
    co_await send_text(socket, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    co_await read_until(socket, received, "GET /a|");
    co_await send_text(socket, "GET /b HTTP/1.1\r\nHost: x\r\n\r\n");
    co_await read_until(socket, received, "GET /b|");
    co_return received;
  }(served.server.port()));
  EXPECT_THAT(received, Not(HasSubstr("connection: close")));
  EXPECT_THAT(received, HasSubstr("x-request-id: "));
  EXPECT_THAT(received, HasSubstr("date: "));
  EXPECT_THAT(received, HasSubstr("x-content-type-options: nosniff\r\n"));
  EXPECT_THAT(received, HasSubstr("content-security-policy: default-src 'none'; frame-ancestors 'none'\r\n"));
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
  Served served;
  auto received = served.talk(
      "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nPOST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
      "GET /3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  auto one = received.find("GET /1|"), two = received.find("POST /2|abc"), three = received.find("GET /3|");
  EXPECT_LT(one, two);
  EXPECT_LT(two, three);
  EXPECT_NE(three, std::string::npos);
}

TEST(Server, ReadsARequestCutAtEveryByte) {
  Served served;
  const std::string text =
      "POST /p%20q?a=1&b=%C3%A9+x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: "
      "close\r\n\r\n"
      "3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\nTrailer: t\r\n\r\n";
  for (std::size_t cut = 1; cut < text.size(); ++cut) {
    auto received =
        served.reactor.run([](std::uint16_t port, std::string all, std::size_t at) -> Task<std::string> {
          auto socket = co_await connect_to(port);
          co_await send_text(socket, std::string_view(all).substr(0, at));
          co_await asio::post(co_await asio::this_coro::executor, use_task);
          co_await send_text(socket, std::string_view(all).substr(at));
          co_return co_await read_to_end(socket);
        }(served.server.port(), text, cut));
    ASSERT_THAT(received, HasSubstr("POST /p q|a=1|b=\xC3\xA9 x|abcde")) << cut;
  }
}

struct Bad {
  std::string_view name;
  std::string bytes;
  int status;
};

class Malformed : public testing::TestWithParam<Bad> {};

TEST_P(Malformed, IsRefusedAsAProblemAndClosed) {
  auto config = quick();
  config.limits.body_limit = [](Method, std::string_view) { return std::size_t(10); };
  Served served(config);
  auto received = served.talk(GetParam().bytes);
  EXPECT_EQ(status_of(received), GetParam().status) << received;
  EXPECT_THAT(received, HasSubstr("connection: close"));
  EXPECT_THAT(received, HasSubstr("application/problem+json"));
  EXPECT_THAT(received, HasSubstr("\"request_id\":\""));
  // Nothing of it was taken for a second request.
  EXPECT_THAT(received, Not(HasSubstr("}HTTP/1.1"))) << received;
}

std::string get(std::string fields) {
  return "GET / HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n";
}
std::string post(std::string fields, std::string body = {}) {
  return "POST / HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n" + body;
}

INSTANTIATE_TEST_SUITE_P(
    Corpus, Malformed,
    testing::Values(
        Bad{"no_host", "GET / HTTP/1.1\r\n\r\n", 400}, Bad{"two_hosts", get("Host: y\r\n"), 400},
        Bad{"host_with_path", "GET / HTTP/1.1\r\nHost: x/y\r\n\r\n", 400},
        Bad{"host_with_user", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", 400},
        Bad{"empty_host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400},
        Bad{"obs_fold", get("A: b\r\n c\r\n"), 400}, Bad{"bare_lf", "GET / HTTP/1.1\nHost: x\n\n", 400},
        Bad{"bare_lf_in_fields", "GET / HTTP/1.1\r\nHost: x\nA: b\r\n\r\n", 400},
        Bad{"bare_cr", get("A: b\rC: d\r\n"), 400},
        Bad{"nul_in_value", get(std::string("A: b\0c\r\n", 8)), 400},
        Bad{"space_before_colon", get("A : b\r\n"), 400}, Bad{"no_colon", get("Abc\r\n"), 400},
        Bad{"empty_name", get(": b\r\n"), 400}, Bad{"bad_method", "G@T / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        Bad{"absolute_form", "GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        Bad{"authority_form", "CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        Bad{"asterisk_form", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        Bad{"bad_version", "GET / HTTP/2.0\r\nHost: x\r\n\r\n", 400}, Bad{"http_0_9", "GET /\r\n\r\n", 400},
        Bad{"bad_percent", "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        Bad{"cut_percent", "GET /%2 HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        Bad{"encoded_nul", "GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        Bad{"encoded_newline", "GET /a%0d%0ab HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        Bad{"path_not_utf8", "GET /%ff HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        Bad{"dot_dot", "GET /a/../b HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        Bad{"encoded_dot_dot", "GET /a/%2e%2E HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        Bad{"double_encoded_slash", "GET /a%252Fb HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        Bad{"fragment", "GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        Bad{"tls_hello", std::string("\x16\x03\x01\x02\x00\x01\x00", 7), 400},
        Bad{"both_lengths", post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400},
        Bad{"both_lengths_reversed", post("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "0\r\n\r\n"),
            400},
        Bad{"two_equal_lengths", post("Content-Length: 3\r\nContent-Length: 3\r\n", "abc"), 400},
        Bad{"two_lengths", post("Content-Length: 3\r\nContent-Length: 4\r\n", "abc"), 400},
        Bad{"length_list", post("Content-Length: 3, 3\r\n", "abc"), 400},
        Bad{"negative_length", post("Content-Length: -1\r\n"), 400},
        Bad{"signed_length", post("Content-Length: +3\r\n", "abc"), 400},
        Bad{"hex_length", post("Content-Length: 0x3\r\n", "abc"), 400},
        Bad{"huge_length", post("Content-Length: 99999999999999999999\r\n"), 400},
        Bad{"empty_length", post("Content-Length:\r\n"), 400},
        Bad{"unknown_coding", post("Transfer-Encoding: gzip\r\n", "abc"), 400},
        Bad{"coding_list", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 400},
        Bad{"two_codings", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "0\r\n\r\n"),
            400},
        Bad{"coding_with_tab",
            post("Transfer-Encoding: \x0b"
                 "chunked\r\n",
                 "0\r\n\r\n"),
            400},
        Bad{"coding_in_1_0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        Bad{"bad_chunk_size", post("Transfer-Encoding: chunked\r\n", "zz\r\nabc\r\n"), 400},
        Bad{"chunk_without_end", post("Transfer-Encoding: chunked\r\n", "3\r\nabcd\r\n0\r\n\r\n"), 400},
        Bad{"negative_chunk", post("Transfer-Encoding: chunked\r\n", "-1\r\nabc\r\n"), 400},
        Bad{"overflowing_chunk", post("Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\nabc\r\n"), 400},
        Bad{"endless_chunk_extension",
            post("Transfer-Encoding: chunked\r\n", "1;" + std::string(40'000, 'a')), 400},
        Bad{"bad_expect", post("Expect: dinner\r\nContent-Length: 3\r\n", "abc"), 400},
        Bad{"long_body", post("Content-Length: 11\r\n", "01234567890"), 413},
        Bad{"long_chunked_body", post("Transfer-Encoding: chunked\r\n", "b\r\n01234567890\r\n0\r\n\r\n"),
            413},
        Bad{"long_line", "GET /" + std::string(9'000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n", 414},
        Bad{"endless_line", "GET /" + std::string(9'000, 'a'), 414},
        Bad{"long_header", get("A: " + std::string(20'000, 'a') + "\r\n"), 431},
        Bad{"endless_header", "GET / HTTP/1.1\r\nA: " + std::string(20'000, 'a'), 431},
        Bad{"many_headers",
            [] {
              std::string fields;
              for (int i = 0; i < 101; ++i) fields += "A: b\r\n";
              return get(fields);
            }(),
            431}),
    [](const auto& instance) { return std::string(instance.param.name); });

TEST(Server, ServesHttp10WithoutHostAndCloses) {
  Served served;
  auto received = served.talk("GET /old HTTP/1.0\r\n\r\n");
  EXPECT_EQ(status_of(received), 200);
  EXPECT_THAT(received, HasSubstr("connection: close"));
}

TEST(Server, KeepsEncodedSlashesOutOfTheSegmentsAndEmptySegmentsAsTheyAre) {
  Served served;
  EXPECT_THAT(served.talk("GET //v1//models/demo%2fecho HTTP/1.0\r\n\r\n"),
              HasSubstr("GET //v1//models/demo%2Fecho|"));
  EXPECT_EQ(decode_segment("demo%2Fecho"), "demo/echo");
}

TEST(Server, DropsAClientThatSendsItsHeadTooSlowly) {
  auto config = quick();
  config.timeouts.header = 20ms;
  Served served(config);
  EXPECT_EQ(status_of(served.talk("GET / HTTP/1.1\r\nHost:")), 408);
  EXPECT_EQ(served.talk(""), "");
}

TEST(Server, ClosesAnIdleConnectionWithoutAWord) {
  auto config = quick();
  config.timeouts.idle = 20ms;
  Served served(config);
  auto received = served.talk("GET /once HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(received, HasSubstr("GET /once|"));
  EXPECT_EQ(received.find("HTTP/1.1", 1), std::string::npos);
}

TEST(Server, TakesARequestIdThatAProgramMadeAndReplacesOthers) {
  Served served;
  for (std::string id : {"req_abc-DEF_9xyzw", "0193A2b4-1234-7123-8123-123456789012",
                         "job-03bbc833-1474-4149-858a-959256a49380-2", "4bf92f3577b34da6a3ce929d0e0e4736",
                         "12345678901234567890123456789012"})
    EXPECT_EQ(served.talk("GET / HTTP/1.0\r\nX-Request-Id: " + id + "\r\n\r\n")
                  .contains("x-request-id: " + id + "\r\n"),
              id.find_first_of("abcdefABCDEF-") != std::string::npos)
        << id;
  for (std::string id :
       {"a b", "52998224725", "529-982-247-25-0000", "cpf-529_982_247_25-x1", "mariasilvadossantos",
        "short-1", "529.982.247-25.abcdefgh", "52998224725-03bbc833-1474-4149-858a-959256a49380",
        "52998224725-1474-4149-858a-959256a49380", "03bbc833-1474-4149-858a-95925652998224725"})
    EXPECT_THAT(served.talk("GET / HTTP/1.0\r\nX-Request-Id: " + id + "\r\n\r\n"), Not(HasSubstr(id)));
}

TEST(Server, AnswersAHeadRequestWithoutTheBody) {
  Served served;
  auto received = served.talk("HEAD /h HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(received, HasSubstr("content-length: 8\r\n"));
  EXPECT_TRUE(received.ends_with("\r\n\r\n"));
}

TEST(Server, TurnsAHandlersExceptionIntoAnInternalProblem) {
  Served served(quick(), [](Exchange&) -> Task<void> {
    throw Failure("secret text");
    co_return;
  });
  auto received = served.talk("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(status_of(received), 500);
  EXPECT_THAT(received, Not(HasSubstr("secret")));
}

TEST(Server, StreamsInChunks) {
  Served served(quick(), [](Exchange& exchange) -> Task<void> {
    co_await exchange.start_stream(200, {}, "ab");
    co_await exchange.write("cde");
    co_await exchange.finish("f");
  });
  EXPECT_THAT(served.talk("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
              HasSubstr("\r\n\r\n2\r\nab\r\n3\r\ncde\r\n1\r\nf\r\n0\r\n\r\n"));
  EXPECT_TRUE(served.talk("GET / HTTP/1.0\r\n\r\n").ends_with("\r\n\r\nabcdef"));
}

TEST(Server, LeavesOutTheFinalChunkWhenTheHandlerFailsAmidAStream) {
  Served served(quick(), [](Exchange& exchange) -> Task<void> {
    co_await exchange.start_stream(200, {}, "ab");
    throw Failure("cut");
  });
  EXPECT_TRUE(served.talk("GET / HTTP/1.1\r\nHost: x\r\n\r\n").ends_with("\r\n\r\n2\r\nab\r\n"));
}

TEST(Server, TellsAWaitingHandlerThatItsClientLeft) {
  bool told = false, gone = false;
  Reactor reactor;
  Server server(reactor.context, quick(), [&](Exchange& exchange) -> Task<void> {
    Timer forever(reactor.context.get_executor(), Clock::time_point::max());
    auto watch = exchange.on_disconnect([&] { forever.cancel(); });
    co_await exchange.start_stream(200, {}, "x");
    co_await forever.async_wait(use_result);
    told = true;
    gone = exchange.client_gone() && !co_await exchange.write("y");
    reactor.context.stop();
  });
  asio::co_spawn(
      reactor.context,
      [](std::uint16_t port) -> Task<void> {
        auto socket = co_await connect_to(port);
        std::string text;
        co_await send_text(socket, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        co_await read_until(socket, text, "1\r\nx\r\n");
      }(server.port()),
      asio::detached);
  reactor.context.run_for(60s);
  EXPECT_TRUE(told);
  EXPECT_TRUE(gone);
}

TEST(Server, KeepsWhatAClientPipelinesWhileAHandlerWatchesIt) {
  Served served(quick(), [](Exchange& exchange) -> Task<void> {
    auto watch = exchange.on_disconnect([] {});
    co_await sleep_for(1ms);
    co_await echo(exchange);
  });
  auto received = served.talk(
      "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n"
      "GET /3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(received, HasSubstr("GET /2|"));
  EXPECT_THAT(received, HasSubstr("GET /3|"));
}

TEST(Server, SuspendsAWriterWhoseClientDoesNotReadAndThenDropsIt) {
  std::size_t written = 0;
  bool refused = false;
  auto config = quick();
  config.timeouts.write = 30ms;
  Reactor reactor;
  Server server(reactor.context, config, [&](Exchange& exchange) -> Task<void> {
    const std::string block(64 * 1024, 'x');
    co_await exchange.start_stream(200, {});
    while (co_await exchange.write(block)) written += block.size();
    refused = true;
    reactor.context.stop();
  });
  auto silent = reactor.run(connect_to(server.port()));
  reactor.run(send_text(silent, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
  reactor.context.restart();
  reactor.context.run_for(60s);
  EXPECT_TRUE(refused);
  EXPECT_LT(written, 64U << 20);  // what the kernel's buffers take, and no more
}

TEST(Server, DrainsByFinishingWhatRunsAndClosingWhatIsIdle) {
  Reactor reactor;
  Timer gate(reactor.context.get_executor(), Clock::time_point::max());
  Timer started(reactor.context.get_executor(), Clock::time_point::max());
  Server server(reactor.context, quick(), [&](Exchange& exchange) -> Task<void> {
    if (exchange.request().path == "/slow") {
      started.cancel();
      co_await gate.async_wait(use_result);
    }
    co_await echo(exchange);
  });
  auto received = reactor.run([](Server& s, Timer& opens, Timer& begun) -> Task<std::string> {
    auto executor = co_await asio::this_coro::executor;
    auto idle = co_await connect_to(s.port());
    std::string text;
    co_await send_text(idle, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    co_await read_until(idle, text, "GET /|");
    auto busy = co_await connect_to(s.port());
    co_await send_text(busy, "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
    co_await begun.async_wait(use_result);
    asio::co_spawn(executor, s.drain(Clock::now() + 30s), asio::detached);
    co_await read_to_end(idle);
    opens.cancel();
    co_return co_await read_to_end(busy);
  }(server, gate, started));
  EXPECT_THAT(received, HasSubstr("connection: close"));
  EXPECT_THAT(received, HasSubstr("GET /slow|"));
  EXPECT_THROW(reactor.run(connect_to(server.port())), boost::system::system_error);
}

TEST(Server, BelievesForwardedHeadersOnlyOfTrustedProxies) {
  Handler who = [](Exchange& exchange) -> Task<void> {
    const auto& request = exchange.request();
    co_await exchange.respond(
        {.body = request.peer.to_string() + (request.tls ? " tls " : " plain ") + request.host});
  };
  const std::string text =
      "GET / HTTP/1.1\r\nHost: inner\r\nX-Forwarded-For: 6.6.6.6, 9.9.9.9\r\nX-Forwarded-For: 10.0.0.7\r\n"
      "X-Forwarded-Proto: https\r\nX-Forwarded-Host: Outer.example\r\nConnection: close\r\n\r\n";
  auto config = quick();
  EXPECT_TRUE(Served(config, who).talk(text).ends_with("127.0.0.1 plain inner"));
  config.trusted_proxies = {*Cidr::parse("127.0.0.0/8"), *Cidr::parse("10.0.0.0/8")};
  EXPECT_TRUE(Served(config, who).talk(text).ends_with("9.9.9.9 tls outer.example"));
}

TEST(Server, RefusesHostsThatItDoesNotServe) {
  auto config = quick();
  config.allowed_hosts = {"good.example"};
  Served served(config);
  EXPECT_EQ(status_of(served.talk("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n")), 403);
  EXPECT_EQ(status_of(served.talk("GET / HTTP/1.1\r\nHost: Good.example:80\r\nConnection: close\r\n\r\n")),
            200);
}

TEST(Server, SurvivesEveryTruncationOfARequest) {
  auto config = quick();
  config.timeouts.header = 5s;
  Served served(config);
  const std::string text = "POST /x?y=z HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabcd";
  served.reactor.run([](std::uint16_t port, std::string all) -> Task<void> {
    for (std::size_t cut = 0; cut <= all.size(); ++cut) {
      auto socket = co_await connect_to(port);
      co_await send_text(socket, std::string_view(all).substr(0, cut));
      socket.shutdown(asio::socket_base::shutdown_send);
      EXPECT_EQ(co_await read_to_end(socket), "") << cut;
    }
  }(served.server.port(), text));
  EXPECT_EQ(status_of(served.talk("GET / HTTP/1.0\r\n\r\n")), 200);
}

}  // namespace
}  // namespace gatehouse::http
