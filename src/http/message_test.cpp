#include "http/message.h"

#include <filesystem>
#include <fstream>
#include <zlib.h>

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include "base/uuid.h"
#include "http/compression.h"
#include "http/cookies.h"
#include "http/origin.h"
#include "http/problem.h"
#include "http/security_headers.h"
#include "http/static_files.h"

namespace gatehouse::http {
namespace {

TEST(Headers, FindsWithoutCaseAndKeepsOrder) {
  Headers headers = {{"A", "1"}, {"b", "2"}, {"a", "3"}};
  EXPECT_EQ(headers.get("a"), "1");
  EXPECT_EQ(headers.count("A"), 2U);
  headers.set("a", "4");
  std::string out;
  headers.write_to(out);
  EXPECT_EQ(out, "b: 2\r\na: 4\r\n");
}

TEST(Headers, RefuseWhatWouldBeAnotherHeader) {
  Headers headers;
  EXPECT_THROW(headers.add("a", "b\r\nc: d"), Failure);
  EXPECT_THROW(headers.add("a", std::string_view("b\0c", 3)), Failure);
  EXPECT_THROW(headers.add("a b", "c"), Failure);
  EXPECT_THROW(headers.add("", "c"), Failure);
}

TEST(Trace, ParsesStrictlyAndPassesTheTraceOn) {
  const std::string text = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  auto trace = TraceContext::parse(text);
  ASSERT_TRUE(trace);
  EXPECT_EQ(trace->to_traceparent(), text);
  EXPECT_EQ(trace->child().trace_id, trace->trace_id);
  EXPECT_NE(trace->child().span_id, trace->span_id);
  EXPECT_TRUE(TraceContext::parse("01" + text.substr(2) + "-more"));
  for (const auto& bad : std::initializer_list<std::string>{
           std::string(), text + "-more", text.substr(1), "ff" + text.substr(2), "0G" + text.substr(2),
           "00-00000000000000000000000000000000-b7ad6b7169203331-01",
           "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
           "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01"})
    EXPECT_FALSE(TraceContext::parse(bad)) << bad;
}

TEST(Problem, CarriesTheCatalogueRowAndEveryField) {
  Error error{.code = ErrorCode::rate_limited,
              .detail = "bad \xff byte",
              .fields = {{"/name", "required", "Missing"}},
              .retry_after = std::chrono::seconds(7)};
  auto response = problem(error, "/api/x", "r1");
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(response.headers.get("retry-after"), "7");
  EXPECT_EQ(
      boost::json::parse(response.body),
      boost::json::parse(R"({"type":"/docs/errors#rate_limited","title":"Too many requests","status":429,
              "detail":"bad  byte","instance":"/api/x","code":"rate_limited","request_id":"r1",
              "errors":[{"pointer":"/name","code":"required","message":"Missing"}]})"));
}

TEST(Cookies, AreFoundAmidJunk) {
  Headers headers = {{"Cookie", ";;=; junk; a=1; b=\"two\"; a=3"}, {"Cookie", "c=4"}};
  EXPECT_EQ(find_cookie(headers, "a"), "1");
  EXPECT_EQ(find_cookie(headers, "b"), "two");
  EXPECT_EQ(find_cookie(headers, "c"), "4");
  EXPECT_FALSE(find_cookie(headers, "junk"));
  std::string many;
  for (int i = 0; i < 100; ++i) many += "x=y; ";
  EXPECT_FALSE(find_cookie({{"Cookie", many + "late=1"}}, "late"));
}

TEST(Cookies, AreWrittenSafeByDefault) {
  EXPECT_EQ(to_set_cookie({.name = "__Host-s", .value = "abc", .max_age = std::chrono::seconds(60)}),
            "__Host-s=abc; Path=/; Max-Age=60; HttpOnly; Secure; SameSite=Lax");
  EXPECT_THROW(to_set_cookie({.name = "a", .value = "b; Domain=x"}), Failure);
  EXPECT_THROW(to_set_cookie({.name = "__Host-s", .value = "b", .secure = false}), Failure);
  EXPECT_THAT(to_delete_cookie("a"), testing::HasSubstr("Max-Age=0"));
}

TEST(Origin, AllowsOnlyThisSiteAndTheConfiguredOnes) {
  Request request;
  request.method = Method::post;
  request.host = "app.example";
  request.tls = true;
  EXPECT_TRUE(origin_allowed(request, {}));
  request.headers.set("origin", "https://app.example");
  EXPECT_TRUE(origin_allowed(request, {}));
  for (auto bad : {"null", "http://app.example", "https://app.example.evil", "https://app.example:8443",
                   "https://evil"}) {
    request.headers.set("origin", bad);
    EXPECT_FALSE(origin_allowed(request, {})) << bad;
  }
  EXPECT_TRUE(origin_allowed(request, std::vector<std::string>{"https://evil"}));
  request.headers.clear();
  request.headers.set("sec-fetch-site", "cross-site");
  EXPECT_FALSE(origin_allowed(request, {}));
}

TEST(Origin, MatchesHostsWithOneWildcardLabel) {
  const std::vector<std::string> allowed = {"a.example", "*.b.example"};
  EXPECT_TRUE(host_allowed("A.example:8080", allowed));
  EXPECT_TRUE(host_allowed("x.b.example", allowed));
  for (auto bad : {"b.example", "x.y.b.example", ".b.example", "xb.example", "a.example.evil", ""})
    EXPECT_FALSE(host_allowed(bad, allowed)) << bad;
}

std::string gunzip(std::string_view data) {
  z_stream stream{};
  inflateInit2(&stream, 15 + 16);
  std::string out(1 << 20, '\0');
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(data.data()));
  stream.avail_in = static_cast<uInt>(data.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

TEST(Compression, HonoursWhatTheClientAccepts) {
  EXPECT_EQ(negotiate_coding("gzip, deflate, br"), Coding::brotli);
  EXPECT_EQ(negotiate_coding("gzip;q=0.5, br;q=0"), Coding::gzip);
  EXPECT_EQ(negotiate_coding("*"), Coding::brotli);
  EXPECT_EQ(negotiate_coding("identity"), Coding::identity);
  EXPECT_EQ(negotiate_coding(""), Coding::identity);
  Request request;
  request.headers.add("accept-encoding", "gzip");
  const std::string text(5000, 'a');
  auto response = json_response(200, text);
  compress(request, response);
  EXPECT_EQ(response.headers.get("content-encoding"), "gzip");
  EXPECT_EQ(gunzip(response.body), text);
  Response stream{.headers = {{"content-type", "text/event-stream"}}, .body = text};
  compress(request, stream);
  EXPECT_EQ(stream.body, text);
}

class Console : public testing::Test {
 protected:
  void SetUp() override {
    directory_ = std::filesystem::path(testing::TempDir()) / ("console-" + Uuid::v7().to_string());
    std::filesystem::create_directories(directory_ / "assets");
    write("index.html", "<html>" + std::string(2000, ' ') + "</html>");
    write("assets/app-1a2b.js", std::string(3000, 'x'));
    write(".hidden", "secret");
    std::filesystem::create_symlink("/etc/hostname", directory_ / "link.txt");
    files_ = StaticFiles::load(directory_.string());
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }
  void write(const std::string& name, const std::string& text) { std::ofstream(directory_ / name) << text; }
  std::optional<Response> get(std::string path, Headers headers = {}) {
    Request request;
    request.path = std::move(path);
    request.headers = std::move(headers);
    return files_->find(request);
  }
  std::filesystem::path directory_;
  std::shared_ptr<const StaticFiles> files_;
};

TEST_F(Console, IsServedWithStrictHeaders) {
  auto page = get("/");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->headers.get("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(page->headers.get("cache-control"), "no-cache");
  EXPECT_EQ(page->headers.get("x-content-type-options"), "nosniff");
  EXPECT_THAT(std::string(page->headers.get("content-security-policy")),
              testing::HasSubstr("frame-ancestors 'none'"));
  EXPECT_THAT(std::string(page->headers.get("content-security-policy")),
              testing::Not(testing::HasSubstr("unsafe")));
  EXPECT_FALSE(page->headers.contains("strict-transport-security"));
}

TEST_F(Console, CachesHashedAssetsAndCompressesThem) {
  auto script = get("/assets/app-1a2b.js", {{"accept-encoding", "gzip"}});
  ASSERT_TRUE(script);
  EXPECT_THAT(std::string(script->headers.get("cache-control")), testing::HasSubstr("immutable"));
  EXPECT_EQ(gunzip(script->content()), std::string(3000, 'x'));
  auto etag = std::string(script->headers.get("etag"));
  auto again =
      get("/assets/app-1a2b.js", {{"accept-encoding", "gzip"}, {"if-none-match", "\"x\", W/" + etag}});
  EXPECT_EQ(again->status, 304);
  EXPECT_TRUE(again->content().empty());
  EXPECT_LT(get("/assets/app-1a2b.js", {{"accept-encoding", "br"}})->content().size(), 100U);
}

TEST_F(Console, AnswersPagesOfTheApplicationWithItsIndexAndNothingElse) {
  EXPECT_TRUE(get("/chats/12", {{"accept", "text/html"}}));
  EXPECT_FALSE(get("/chats/12", {{"accept", "application/json"}}));
  EXPECT_FALSE(get("/missing.js", {{"accept", "text/html"}}));
  for (auto path : {"/.hidden", "/link.txt", "/../etc/passwd", "/assets/../.hidden", "/assets"})
    EXPECT_FALSE(get(path)) << path;
}

}  // namespace
}  // namespace gatehouse::http
