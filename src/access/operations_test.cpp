#include "access/operations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "access/openapi.h"
#include "json/bounded.h"

namespace gatehouse::access {

struct ThingPath {
  Uuid thing_id;
};
BOOST_DESCRIBE_STRUCT(ThingPath, (), (thing_id))
struct ThingQuery {
  json::Defaulted<json::Int<1, 200>> limit = 50;
};
BOOST_DESCRIBE_STRUCT(ThingQuery, (), (limit))
struct ThingBody {
  json::Text<1, 10> name;
};
BOOST_DESCRIBE_STRUCT(ThingBody, (), (name))

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

OperationInfo declare(http::Method method, std::string_view path, std::string_view id) {
  return {.method = method,
          .path = path,
          .id = id,
          .summary = "Does it",
          .tag = "thing",
          .permission = Permission::account_manage,
          .audit_action = "thing.do",
          .rate = RateClass::write};
}

auto nothing = [](Call&, Input<>) -> Task<Result<NoContent>> { co_return NoContent{}; };
auto with_all = [](Call&, Input<ThingPath, ThingQuery, ThingBody>) -> Task<Result<NoContent>> {
  co_return NoContent{};
};

TEST(Operations, AreFoundByMethodAndPathWithTheirParameters) {
  Operations operations;
  operations.add(declare(http::Method::get, "/api/things", "list"), nothing);
  operations.add(declare(http::Method::get, "/api/things/{thing_id}", "get"), with_all);
  operations.add(declare(http::Method::post, "/api/things/order", "order"), nothing);

  auto found = operations.find(http::Method::get, "/api/things/a%2Fb");
  ASSERT_TRUE(found.operation);
  EXPECT_EQ(found.operation->info.id, "get");
  EXPECT_THAT(found.path, ElementsAre(Pair("thing_id", "a/b")));
  EXPECT_EQ(operations.find(http::Method::head, "/api/things").operation->info.id, "list");
  EXPECT_EQ(operations.find(http::Method::post, "/api/things/order").operation->info.id, "order");
}

TEST(Operations, TellAWrongMethodFromAnUnknownPath) {
  Operations operations;
  operations.add(declare(http::Method::get, "/api/things", "list"), nothing);
  auto wrong = operations.find(http::Method::delete_, "/api/things");
  EXPECT_FALSE(wrong.operation);
  EXPECT_EQ(wrong.allowed, "GET");
  auto unknown = operations.find(http::Method::get, "/api/thing");
  EXPECT_FALSE(unknown.operation);
  EXPECT_EQ(unknown.allowed, "");
  EXPECT_FALSE(operations.find(http::Method::get, "/api/things/").operation);
}

TEST(Operations, RefuseIncompleteAndClashingDeclarations) {
  Operations operations;
  operations.add(declare(http::Method::get, "/api/things", "list"), nothing);
  EXPECT_THROW(operations.add(declare(http::Method::post, "/api/other", "list"), nothing), Failure);
  EXPECT_THROW(operations.add(declare(http::Method::get, "/api/things", "again"), nothing), Failure);
  auto silent = declare(http::Method::post, "/api/silent", "silent");
  silent.audit_action = "";
  EXPECT_THROW(operations.add(silent, nothing), Failure);
  auto unguarded = declare(http::Method::post, "/api/unguarded", "unguarded");
  unguarded.permission = Permission::signed_in;
  EXPECT_THROW(operations.add(unguarded, nothing), Failure) << "it changes something";
  auto open = silent;
  open.permission = Permission::anyone;
  EXPECT_THROW(operations.add(open, nothing), Failure) << "it changes something";
}

TEST(DecodeInput, ReportsEveryBadFieldOfQueryAndBodyAtOnce) {
  RawInput raw{.path = {{"thing_id", Uuid::v7().to_string()}},
               .query = {{"limit", "0"}},
               .body = R"({"name":"","other":1})"};
  auto input = detail::decode_input<ThingPath, ThingQuery, ThingBody>(raw);
  ASSERT_FALSE(input);
  EXPECT_EQ(input.error().code, ErrorCode::validation_failed);
  std::vector<std::string> pointers;
  for (const auto& field : input.error().fields) pointers.push_back(field.pointer);
  EXPECT_THAT(pointers, testing::UnorderedElementsAre("?limit", "/name", "/other"));
}

TEST(DecodeInput, AnswersAMalformedIdAsAnAbsentOne) {
  auto input = detail::decode_input<ThingPath, ThingQuery, ThingBody>(
      {.path = {{"thing_id", "17"}}, .query = {}, .body = R"({"name":"x"})"});
  EXPECT_EQ(input.error().code, ErrorCode::not_found);
}

TEST(OpenApi, DescribesParametersBodiesAndPermissions) {
  Operations operations;
  operations.add(declare(http::Method::put, "/api/things/{thing_id}", "putThing"), with_all);
  auto text = openapi_document(operations, "1.2.3");
  auto document = json::parse(text).value();
  const auto& operation = document.at("paths").at("/api/things/{thing_id}").at("put");
  EXPECT_EQ(operation.at("operationId").as_string(), "putThing");
  EXPECT_EQ(operation.at("x-permission").as_string(), "account_manage");
  EXPECT_EQ(operation.at("parameters").as_array().size(), 4U) << "its own, CSRF token and organization";
  EXPECT_EQ(operation.at("parameters").at(0).at("in").as_string(), "path");
  EXPECT_FALSE(operation.at("parameters").at(1).at("required").as_bool());
  EXPECT_EQ(document.at("components")
                .at("schemas")
                .at("ThingBody")
                .at("properties")
                .at("name")
                .at("maxLength")
                .as_int64(),
            10);
  EXPECT_THAT(text, HasSubstr("\"version\": \"1.2.3\""));
}

auto streamed = [](Call&, Input<>) -> Task<Result<Streamed>> { co_return Streamed{}; };

TEST(Operations, NameWhatTheyStreamIfTheyDo) {
  Operations operations;
  EXPECT_THROW(operations.add(declare(http::Method::get, "/api/stream", "silent"), streamed), Failure);
  auto loud = declare(http::Method::get, "/api/things", "loud");
  loud.streams = {"text/csv"};
  EXPECT_THROW(operations.add(loud, nothing), Failure);
  operations.add(loud, streamed);
}

/// Resolves `#/components/…`.
const json::Value& target(const json::Value& document, const json::Value& reference) {
  return document.at_pointer(std::string(reference.at("$ref").as_string()).substr(1));
}

TEST(OpenApi, DescribesWhatTheDispatcherReadsAndHowFailuresAreWritten) {
  Operations operations;
  auto change = declare(http::Method::patch, "/api/things", "changeThing");
  change.permission = Permission::chats_write;
  change.etag = Etag::updates;
  operations.add(change, nothing);
  auto call = declare(http::Method::post, "/v1/things", "callThing");
  call.permission = Permission::gateway_call;
  call.errors = ErrorStyle::openai;
  call.streams = {"application/json", "text/event-stream"};
  operations.add(call, streamed);
  auto read = declare(http::Method::get, "/api/things", "readThing");
  read.permission = Permission::chats_read;
  operations.add(read, nothing);
  auto document = json::parse(openapi_document(operations, "1")).value();
  auto names = [&](std::string_view path, std::string_view method) {
    std::vector<std::string> found;
    for (const auto& one : document.at("paths").at(path).at(method).at("parameters").as_array())
      found.emplace_back(target(document, one).at("name").as_string());
    return found;
  };
  EXPECT_THAT(names("/api/things", "patch"),
              ElementsAre("If-Match", "Gatehouse-Csrf", "Gatehouse-Organization", "Gatehouse-Workspace"));
  EXPECT_THAT(names("/api/things", "get"),
              ElementsAre("Gatehouse-Organization", "Gatehouse-Workspace", "workspace"));
  const auto& patched = document.at("paths").at("/api/things").at("patch").at("responses");
  EXPECT_TRUE(patched.at("204").at("headers").as_object().contains("ETag"));
  EXPECT_TRUE(
      target(document, patched.at("default")).at("content").as_object().contains("application/problem+json"));
  const auto& called = document.at("paths").at("/v1/things").at("post").at("responses");
  EXPECT_TRUE(called.at("200").at("content").as_object().contains("text/event-stream"));
  auto failure = target(document, called.at("default")).at("content").at("application/json").at("schema");
  EXPECT_TRUE(target(document, failure).at("properties").as_object().contains("error"));
}

}  // namespace
}  // namespace gatehouse::access
