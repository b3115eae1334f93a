// Chats end to end: operations behind a server, the demo models, real databases.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chat/chat_api.h"
#include "models/stack_testing.h"

namespace gatehouse::chat {
namespace {

using namespace std::chrono_literals;
using models::testing::Stack;
using ::testing::HasSubstr;
using ::testing::Not;

void run(std::function<Task<void>(Stack&)> test) {
  auto chats = std::make_shared<Chats>();
  Stack::run(std::move(test), [chats](access::Operations& operations, models::Gateway& gateway) {
    add_operations(operations, gateway, *chats);
  });
}

std::string message(std::string_view text, std::string_view trigger = "submit-message") {
  return R"({"id":"x","trigger":")" + std::string(trigger) +
         R"(","messages":[{"id":"m","role":"user","parts":[{"type":"text","text":)" +
         json::write(json::Value(text)) + "}]}]}";
}

Task<std::string> new_chat(Stack& stack, models::testing::Tenant tenant, std::string model = "demo/echo",
                           std::string more = {}) {
  auto made =
      co_await stack.post(tenant.admin, tenant, "/api/chats", R"({"model":")" + model + "\"" + more + "}");
  if (made.status != 201) throw Failure("no chat: " + made.body);
  co_return "/api/chats/" + std::string(made.json().at("id").as_string());
}

TEST(Chats, StoreMessagesAfterPolicyAndStreamTheAnswer) {
  run([](Stack& stack) -> Task<void> {
    auto tenant = co_await stack.tenant();
    auto path = co_await new_chat(stack, tenant);
    auto answer =
        co_await stack.post(tenant.admin, tenant, path + "/messages", message("My CPF is 529.982.247-25."));
    EXPECT_EQ(answer.headers.get("x-vercel-ai-ui-message-stream"), "v1");
    EXPECT_THAT(answer.body, HasSubstr(R"("type":"start")"));
    EXPECT_THAT(answer.body, HasSubstr("[CPF_1]"));
    EXPECT_TRUE(answer.body.ends_with("data: [DONE]\n\n"));
    auto detail = (co_await stack.get(tenant.admin, tenant, path)).json();
    EXPECT_EQ(detail.at("chat").at("title"), "My CPF is [CPF_1].");
    EXPECT_EQ(detail.at("chat").at("message_count"), 2);
    EXPECT_EQ(detail.at("messages").at(0).at("decision").at("outcome"), "redact");
    EXPECT_EQ(detail.at("messages").at(1).at("text"), "My CPF is [CPF_1].");
    EXPECT_EQ(detail.at("messages").at(1).at("status"), "complete");
    EXPECT_EQ(detail.at("chat").at("total_cost"), detail.at("messages").at(1).at("cost"));
    auto events = co_await stack.events(tenant.id);
    EXPECT_EQ(std::ranges::count(events, "chat.message.create/success/redact"), 1);
    auto rows = co_await stack.as_superuser("select count(*) from messages where text like '%529.982%'");
    EXPECT_EQ(rows.one<std::int64_t>(), 0);
  });
}

TEST(Chats, StoreNothingThatIsTypedInMetadataOnly) {
  run([](Stack& stack) -> Task<void> {
    auto tenant = co_await stack.tenant(DataMode::metadata_only);
    auto path = co_await new_chat(stack, tenant, "demo/echo", R"(,"title":"canary-kestrel title")");
    auto answer =
        co_await stack.post(tenant.admin, tenant, path + "/messages", message("canary-kestrel text"));
    EXPECT_THAT(answer.body, HasSubstr("canary-kestrel"));
    auto detail = (co_await stack.get(tenant.admin, tenant, path)).json();
    EXPECT_TRUE(detail.at("chat").at("title").is_null());
    EXPECT_TRUE(detail.at("messages").at(0).at("text").is_null());
    EXPECT_TRUE(detail.at("messages").at(1).at("text").is_null());
    EXPECT_EQ(detail.at("messages").at(1).at("status"), "complete");
    auto rows = co_await stack.as_superuser(
        "select (select count(*) from messages m where m::text like '%kestrel%') +"
        " (select count(*) from chats c where c::text like '%kestrel%') +"
        " (select count(*) from metering_events e where e::text like '%kestrel%')");
    EXPECT_EQ(rows.one<std::int64_t>(), 0);
    EXPECT_THAT(co_await stack.event_bytes(tenant.id), Not(HasSubstr("kestrel")));
  });
}

TEST(Chats, BlockedPromptsAreNotStored) {
  run([](Stack& stack) -> Task<void> {
    auto tenant = co_await stack.tenant();
    auto path = co_await new_chat(stack, tenant);
    auto answer =
        co_await stack.post(tenant.admin, tenant, path + "/messages", message("about Project Aurora"));
    EXPECT_EQ(answer.status, 403);
    EXPECT_EQ(answer.json().at("code"), "policy_blocked");
    EXPECT_EQ(answer.json().at("decision").at("outcome"), "block");
    auto detail = (co_await stack.get(tenant.admin, tenant, path)).json();
    EXPECT_TRUE(detail.at("messages").as_array().empty());
    auto events = co_await stack.events(tenant.id);
    EXPECT_EQ(std::ranges::count(events, "chat.message.create/denied/block"), 1);
  });
}

TEST(Chats, AreTheirOwnersAlone) {
  run([](Stack& stack) -> Task<void> {
    auto tenant = co_await stack.tenant();
    auto other = co_await stack.tenant();
    auto path = co_await new_chat(stack, tenant);
    for (auto [user, of] : {std::pair(tenant.colleague, tenant), std::pair(other.admin, other)}) {
      EXPECT_EQ((co_await stack.get(user, of, path)).status, 404);
      EXPECT_EQ((co_await stack.post(user, of, path + "/messages", message("hi"))).status, 404);
      EXPECT_EQ((co_await stack.get(user, of, path + "/stream")).status, 404);
      EXPECT_EQ((co_await stack.post(user, of, path + "/stop", "")).status, 404);
      EXPECT_EQ((co_await stack.ask(http::Method::patch, user, of, path, R"({"is_pinned":true})")).status,
                404);
      EXPECT_EQ((co_await stack.ask(http::Method::delete_, user, of, path)).status, 404);
      EXPECT_EQ((co_await stack.get(user, of, "/api/chats")).json().at("data").as_array().size(), 0u);
    }
    EXPECT_EQ((co_await stack.ask(http::Method::delete_, tenant.admin, tenant, path)).status, 204);
  });
}

TEST(Chats, StreamOneAnswerAtATimeWhichCanBeResumedAndStopped) {
  run([](Stack& stack) -> Task<void> {
    auto tenant = co_await stack.tenant();
    auto path = co_await new_chat(stack, tenant, "demo/assistant");
    auto first =
        co_await stack.send(http::Method::post, tenant.admin, tenant, path + "/messages", message("hello"));
    if (!first) throw Failure("no stream");
    co_await first->read_some();
    auto second = co_await stack.post(tenant.admin, tenant, path + "/messages", message("again"));
    EXPECT_EQ(second.status, 409);
    EXPECT_EQ(second.json().at("code"), "stream_in_progress");
    auto resumed = co_await stack.send(http::Method::get, tenant.admin, tenant, path + "/stream", {});
    if (!resumed) throw Failure("no second stream");
    EXPECT_EQ(resumed->status(), 200);
    EXPECT_EQ((co_await stack.post(tenant.admin, tenant, path + "/stop", "")).status, 204);
    auto rest = co_await resumed->read_all(1 << 20);
    if (!rest) throw Failure("cut");
    EXPECT_TRUE(rest->starts_with(R"(data: {"type":"start")")) << *rest;
    EXPECT_THAT(*rest, HasSubstr(R"({"type":"abort"})"));
    EXPECT_TRUE(rest->ends_with("data: [DONE]\n\n"));
    co_await stack.until([&]() -> Task<bool> {
      auto detail = (co_await stack.get(tenant.admin, tenant, path)).json();
      co_return detail.at("messages").at(1).at("status") == "stopped" &&
          detail.at("chat").at("is_streaming") == false;
    });
    EXPECT_EQ((co_await stack.get(tenant.admin, tenant, path + "/stream")).status, 204);
    EXPECT_THAT(co_await stack.metered(tenant.id), ::testing::ElementsAre("stopped"));
  });
}

Task<void> ask_and_leave(Stack& stack, models::testing::Tenant tenant, std::string path) {
  auto stream =
      co_await stack.send(http::Method::post, tenant.admin, tenant, path + "/messages", message("hello"));
  if (!stream) throw Failure("no stream");
  co_await stream->read_some();
}

TEST(Chats, FinishTheirAnswerWhenTheBrowserLeaves) {
  run([](Stack& stack) -> Task<void> {
    auto tenant = co_await stack.tenant();
    auto path = co_await new_chat(stack, tenant, "demo/assistant");
    co_await ask_and_leave(stack, tenant, path);
    co_await stack.until([&]() -> Task<bool> {
      auto detail = (co_await stack.get(tenant.admin, tenant, path)).json();
      co_return detail.at("messages").at(1).at("status") == "complete";
    });
    EXPECT_THAT(co_await stack.metered(tenant.id), ::testing::ElementsAre("completed"));
  });
}

TEST(Chats, MakeAnAnswerAgainInPlaceOfTheLast) {
  run([](Stack& stack) -> Task<void> {
    auto tenant = co_await stack.tenant();
    auto path = co_await new_chat(stack, tenant);
    co_await stack.post(tenant.admin, tenant, path + "/messages", message("the question"));
    auto before = (co_await stack.get(tenant.admin, tenant, path)).json();
    co_await stack.post(tenant.admin, tenant, path + "/messages", message("ignored", "regenerate-message"));
    auto after = (co_await stack.get(tenant.admin, tenant, path)).json();
    EXPECT_EQ(after.at("messages").as_array().size(), 2u);
    EXPECT_EQ(after.at("messages").at(0).at("id"), before.at("messages").at(0).at("id"));
    EXPECT_NE(after.at("messages").at(1).at("id"), before.at("messages").at(1).at("id"));
    EXPECT_EQ(after.at("messages").at(1).at("text"), "the question");
    EXPECT_EQ(after.at("chat").at("message_count"), 2);
  });
}

TEST(Chats, AreListedByActivitySearchedAndPaged) {
  run([](Stack& stack) -> Task<void> {
    auto tenant = co_await stack.tenant();
    std::vector<std::string> paths;
    for (auto title : {"Alpha 100%", "Beta", "Gamma"})
      paths.push_back(
          co_await new_chat(stack, tenant, "demo/echo", std::string(R"(,"title":")") + title + "\""));
    co_await stack.post(tenant.admin, tenant, paths[0] + "/messages", message("hi"));
    auto page = (co_await stack.get(tenant.admin, tenant, "/api/chats?limit=2")).json();
    EXPECT_EQ(page.at("data").at(0).at("title"), "Alpha 100%");
    EXPECT_EQ(page.at("data").at(1).at("title"), "Gamma");
    auto token = std::string(page.at("next_page_token").as_string());
    auto rest = (co_await stack.get(tenant.admin, tenant, "/api/chats?limit=2&page_token=" + token)).json();
    EXPECT_EQ(rest.at("data").as_array().size(), 1u);
    EXPECT_EQ(rest.at("data").at(0).at("title"), "Beta");
    EXPECT_TRUE(rest.at("next_page_token").is_null());
    EXPECT_EQ(
        (co_await stack.get(tenant.admin, tenant, "/api/chats?q=alPHA")).json().at("data").as_array().size(),
        1u);
    EXPECT_EQ(
        (co_await stack.get(tenant.admin, tenant, "/api/chats?q=%25")).json().at("data").as_array().size(),
        1u);
    EXPECT_EQ((co_await stack.get(tenant.admin, tenant, "/api/chats?page_token=zzz")).status, 400);
    auto patched = co_await stack.ask(http::Method::patch, tenant.admin, tenant, paths[1],
                                      R"({"is_archived":true,"tags":["work","work"],"title":null})");
    EXPECT_EQ(patched.json().at("tags").as_array().size(), 1u);
    EXPECT_TRUE(patched.json().at("title").is_null());
    EXPECT_EQ((co_await stack.get(tenant.admin, tenant, "/api/chats?archived=true&tag=work"))
                  .json()
                  .at("data")
                  .as_array()
                  .size(),
              1u);
    EXPECT_EQ((co_await stack.get(tenant.admin, tenant, "/api/chats")).json().at("data").as_array().size(),
              2u);
  });
}

TEST(Chats, StopTheirAnswerWhenTheBrowserLeavesAndNothingIsKept) {
  run([](Stack& stack) -> Task<void> {
    auto tenant = co_await stack.tenant(DataMode::metadata_only);
    auto path = co_await new_chat(stack, tenant, "demo/assistant");
    co_await ask_and_leave(stack, tenant, path);
    co_await stack.until([&]() -> Task<bool> {
      auto detail = (co_await stack.get(tenant.admin, tenant, path)).json();
      co_return detail.at("messages").at(1).at("status") == "stopped";
    });
    EXPECT_THAT(co_await stack.metered(tenant.id), ::testing::ElementsAre("stopped"));
  });
}

TEST(Chats, RecordAsFailedWhatCouldNotBeStored) {
  run([](Stack& stack) -> Task<void> {
    auto tenant = co_await stack.tenant();
    auto path = co_await new_chat(stack, tenant);
    co_await stack.as_superuser("alter table messages add constraint refused check (organization_id <> '" +
                                    tenant.id.to_string() + "') not valid",
                                {});
    auto answer = co_await stack.post(tenant.admin, tenant, path + "/messages", message("hello"));
    co_await stack.as_superuser("alter table messages drop constraint refused", {});
    EXPECT_EQ(answer.status, 500);
    EXPECT_THAT(co_await stack.metered(tenant.id), ::testing::ElementsAre("failed"));
    EXPECT_THAT(co_await stack.events(tenant.id), ::testing::Contains("chat.message.create/failed/allow"));
  });
}

}  // namespace
}  // namespace gatehouse::chat
