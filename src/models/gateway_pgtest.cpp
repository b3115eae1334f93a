// Model calls end to end: operations behind a server, a scripted provider, real databases.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/sse.h"
#include "models/stack_testing.h"

namespace gatehouse::models {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::Stack;
using ::testing::UnorderedElementsAre;

std::string chunk(std::string_view text, std::string_view finish = "null") {
  return R"({"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":)" +
         json::write(json::Value(text)) + R"(},"finish_reason":)" + std::string(finish) + "}]}";
}
const std::string kStream = R"({"model":"mock/m","stream":true,"messages":[{"role":"user","content":"hi"}]})";
const std::string kWhole = R"({"model":"mock/m","messages":[{"role":"user","content":"hi"}]})";
const std::string kAnswer =
    R"({"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}})";

TEST(ModelCalls, SendNothingUpstreamThatPolicyRedactsWhereverItHides) {
  Stack::run([](Stack& stack) -> Task<void> {
    auto tenant = co_await stack.tenant();
    co_await stack.add_provider(tenant);
    std::string sent, authorization;
    stack.provider = [&](http::Exchange& exchange) -> Task<void> {
      co_await exchange.read_body();
      sent = exchange.request().body;
      authorization = exchange.request().headers.get("authorization");
      co_await exchange.respond(http::json_response(200, kAnswer));
    };
    auto answer =
        co_await stack.post(tenant.admin, tenant, "/v1/chat/completions",
                            R"({"model":"mock/m","messages":[{"role":"user","content":"CPF 529.982.247-25"}],
            "metadata":{"note":"also 529.982.247-25","529.982.247-25":"key"},"new_field":[{"deep":"52998224725 cpf"}],
            "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object",
              "properties":{"x":{"description":"cpf 529.982.247-25","enum":["529.982.247-25"]}}}}}]})");
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.headers.get("gatehouse-decision"), "redact");
    EXPECT_EQ(authorization, "Bearer sk-test-0123456789abcd");
    EXPECT_THAT(sent, Not(HasSubstr("529.982")));
    EXPECT_THAT(sent, Not(HasSubstr("52998224725")));
    EXPECT_THAT(sent, HasSubstr(R"("model":"m")"));
    EXPECT_THAT(sent, HasSubstr("new_field"));
    EXPECT_THAT(co_await stack.metered(tenant.id), ElementsAre("completed"));
    EXPECT_THAT(co_await stack.events(tenant.id), ElementsAre("model.call/success/redact"));
    EXPECT_THAT(co_await stack.event_bytes(tenant.id), Not(HasSubstr("529.982")));
  });
}

TEST(ModelCalls, HaveTheirIntentDurableBeforeTheProviderHearsOfThem) {
  Stack::run([](Stack& stack) -> Task<void> {
    auto tenant = co_await stack.tenant();
    co_await stack.add_provider(tenant);
    std::int64_t intents = -1;
    stack.provider = [&](http::Exchange& exchange) -> Task<void> {
      intents = co_await stack.intents(tenant.id);
      co_await exchange.respond(http::json_response(200, kAnswer));
    };
    co_await stack.post(tenant.admin, tenant, "/v1/chat/completions", kWhole);
    EXPECT_EQ(intents, 1);
    EXPECT_THAT(co_await stack.metered(tenant.id), ElementsAre("completed"));
  });
}

TEST(ModelCalls, BlockedByTheirPromptReachNobodyAndLeaveOneEvent) {
  Stack::run([](Stack& stack) -> Task<void> {
    auto tenant = co_await stack.tenant();
    co_await stack.add_provider(tenant);
    auto answer = co_await stack.post(
        tenant.admin, tenant, "/v1/chat/completions",
        R"({"model":"mock/m","messages":[{"role":"user","content":"hi"}],"metadata":{"x":"Project Aurora"}})");
    EXPECT_EQ(answer.status, 403);
    EXPECT_EQ(answer.json().at("error").at("code"), "policy_blocked");
    EXPECT_EQ(answer.json().at("error").at("type"), "policy_violation");
    EXPECT_EQ(stack.provider_calls, 0);
    EXPECT_TRUE((co_await stack.metered(tenant.id)).empty());
    EXPECT_THAT(co_await stack.events(tenant.id), ElementsAre("model.call/denied/block"));
  });
}

TEST(ModelCalls, AreTriedAgainBeforeTheFirstByteOnly) {
  Stack::run([](Stack& stack) -> Task<void> {
    auto tenant = co_await stack.tenant();
    co_await stack.add_provider(tenant);
    stack.provider = [&](http::Exchange& exchange) -> Task<void> {
      co_await exchange.respond(stack.provider_calls == 1 ? http::json_response(503, "{}")
                                                          : http::json_response(200, kAnswer));
    };
    auto again = co_await stack.post(tenant.admin, tenant, "/v1/chat/completions", kWhole);
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(stack.provider_calls, 2);

    stack.provider_calls = 0;
    stack.provider = [&](http::Exchange& exchange) -> Task<void> {
      co_await exchange.start_stream(200, http::sse_headers(), http::sse_frame(chunk("Some words and ")));
      // Returning amid the stream cuts it.
    };
    auto cut = co_await stack.post(tenant.admin, tenant, "/v1/chat/completions", kStream);
    EXPECT_EQ(cut.status, 200);
    EXPECT_EQ(stack.provider_calls, 1);
    EXPECT_THAT(cut.body, HasSubstr(R"(data: {"error":)"));
    EXPECT_THAT(cut.body, Not(HasSubstr("[DONE]")));
    EXPECT_THAT(co_await stack.metered(tenant.id), ElementsAre("completed", "failed"));
    EXPECT_EQ((co_await stack.events(tenant.id)).back(), "model.call/failed/allow");
  });
}

TEST(ModelCalls, ThatTheClientLeavesAreCancelledUpstreamAndMetered) {
  Stack::run([](Stack& stack) -> Task<void> {
    auto tenant = co_await stack.tenant();
    co_await stack.add_provider(tenant);
    bool cancelled = false;
    stack.provider = [&](http::Exchange& exchange) -> Task<void> {
      auto watch = exchange.on_disconnect([&] { cancelled = true; });
      co_await exchange.start_stream(200, http::sse_headers(), http::sse_frame(chunk("Some words and ")));
      co_await stack.until([&]() -> Task<bool> { co_return cancelled; });
    };
    {
      auto response =
          co_await stack.send(http::Method::post, tenant.admin, tenant, "/v1/chat/completions", kStream);
      EXPECT_TRUE(response);
      co_await response->read_some();
    }  // gone
    // Metering and event are in two databases, committed in either order.
    co_await stack.until([&]() -> Task<bool> {
      co_return cancelled && (co_await stack.metered(tenant.id)).size() == 1 &&
          !(co_await stack.events(tenant.id)).empty();
    });
    EXPECT_THAT(co_await stack.metered(tenant.id), ElementsAre("stopped"));
    EXPECT_EQ((co_await stack.events(tenant.id)).back(), "model.call/success/allow");
    EXPECT_EQ(co_await stack.intents(tenant.id), 0);
  });
}

TEST(ModelCalls, AreCutBeforeABlockedAnswerAndEndWithAnError) {
  Stack::run([](Stack& stack) -> Task<void> {
    auto tenant = co_await stack.tenant();
    co_await stack.add_provider(tenant);
    stack.provider = [&](http::Exchange& exchange) -> Task<void> {
      co_await exchange.start_stream(
          200, http::sse_headers(),
          http::sse_frame(chunk("Words before. ")) + http::sse_frame(chunk("Project ")));
      co_await exchange.write(http::sse_frame(chunk("Aurora shines")));
      co_await exchange.finish("data: [DONE]\n\n");
    };
    auto answer = co_await stack.post(tenant.admin, tenant, "/v1/chat/completions", kStream);
    EXPECT_THAT(answer.body, HasSubstr("Words before."));
    EXPECT_THAT(answer.body, Not(HasSubstr("shines")));
    EXPECT_THAT(answer.body, HasSubstr(R"("code":"policy_blocked")"));
    EXPECT_THAT(answer.body, Not(HasSubstr("[DONE]")));
    EXPECT_THAT(co_await stack.metered(tenant.id), ElementsAre("blocked"));
    EXPECT_EQ((co_await stack.events(tenant.id)).back(), "model.call/denied/block");
  });
}

TEST(ModelCalls, ShowNothingOfWhatTheProviderSaysAboutOurKey) {
  Stack::run([](Stack& stack) -> Task<void> {
    auto tenant = co_await stack.tenant();
    co_await stack.add_provider(tenant);
    stack.provider = [&](http::Exchange& exchange) -> Task<void> {
      auto refused =
          http::json_response(401, R"({"error":{"message":"Incorrect API key sk-test-0123456789abcd"}})");
      refused.headers.set("x-upstream-secret", "abc");
      co_await exchange.respond(std::move(refused));
    };
    auto answer = co_await stack.post(tenant.admin, tenant, "/v1/chat/completions", kWhole);
    EXPECT_EQ(answer.status, 502);
    EXPECT_THAT(answer.body, Not(HasSubstr("sk-test")));
    EXPECT_FALSE(answer.headers.contains("x-upstream-secret"));
    EXPECT_EQ((co_await stack.events(tenant.id)).back(), "model.call/failed/allow");
  });
}

TEST(Providers, KeepTheirKeySealedAndRotateItByAPatch) {
  Stack::run([](Stack& stack) -> Task<void> {
    auto tenant = co_await stack.tenant();
    co_await stack.add_provider(tenant);
    auto listed = (co_await stack.get(tenant.admin, tenant, "/api/providers")).json();
    const auto& mock = listed.at("data").at(1);
    EXPECT_EQ(mock.at("key_last_four"), "abcd");
    auto path = "/api/providers/" + std::string(mock.at("id").as_string());
    auto rows = co_await stack.as_superuser(
        "select count(*) from provider_keys where position('sk-test'::bytea in sealed_key) > 0");
    EXPECT_EQ(rows.one<std::int64_t>(), 0);

    auto blind = co_await stack.ask(http::Method::patch, tenant.admin, tenant, path,
                                    R"({"api_key":"sk-new-99998888"})");
    EXPECT_EQ(blind.status, 428);
    auto stale = co_await stack.ask(http::Method::patch, tenant.admin, tenant, path, R"({"is_active":false})",
                                    {{"if-match", "\"7\""}});
    EXPECT_EQ(stale.status, 412);
    auto rotated = co_await stack.ask(http::Method::patch, tenant.admin, tenant, path,
                                      R"({"api_key":"sk-new-99998888"})", {{"if-match", "\"1\""}});
    EXPECT_EQ(rotated.status, 200) << rotated.body;
    EXPECT_EQ(rotated.json().at("key_last_four"), "8888");
    EXPECT_EQ(rotated.json().at("version"), 2);
    std::string authorization;
    stack.provider = [&](http::Exchange& exchange) -> Task<void> {
      authorization = exchange.request().headers.get("authorization");
      co_await exchange.respond(http::json_response(200, kAnswer));
    };
    // A change is in force within two seconds.
    co_await stack.until([&]() -> Task<bool> {
      co_await stack.post(tenant.admin, tenant, "/v1/chat/completions", kWhole);
      co_return authorization == "Bearer sk-new-99998888";
    });
    EXPECT_EQ((co_await stack.ask(http::Method::delete_, tenant.colleague, tenant, path)).status, 403);
    EXPECT_EQ((co_await stack.ask(http::Method::delete_, tenant.admin, tenant, path)).status, 204);
    co_await stack.until([&]() -> Task<bool> {
      co_return (co_await stack.post(tenant.admin, tenant, "/v1/chat/completions", kWhole)).status == 404;
    });
  });
}

TEST(Providers, AreInvisibleToAnotherOrganization) {
  Stack::run([](Stack& stack) -> Task<void> {
    auto ours = co_await stack.tenant();
    auto theirs = co_await stack.tenant();
    co_await stack.add_provider(ours);
    auto listed = (co_await stack.get(ours.admin, ours, "/api/providers")).json();
    auto path = "/api/providers/" + std::string(listed.at("data").at(1).at("id").as_string());
    EXPECT_EQ((co_await stack.get(theirs.admin, theirs, path)).status, 404);
    EXPECT_EQ((co_await stack.ask(http::Method::delete_, theirs.admin, theirs, path)).status, 404);
    EXPECT_EQ((co_await stack.post(theirs.admin, theirs, "/v1/chat/completions", kWhole)).status, 404);
    EXPECT_EQ((co_await stack.get(ours.admin, ours, path)).status, 200);
  });
}

Intent intent_of(const testing::Tenant& tenant) {
  return {.call = {.organization = tenant.id,
                   .id = ModelCallId::make(),
                   .workspace = tenant.workspace,
                   .actor = tenant.admin.value,
                   .model = "mock/m",
                   .provider = "mock"},
          .event = AuditEventId::make(),
          .request_id = "r1",
          .decision_json = R"({"outcome":"redact"})"};
}

TEST(Journal, SharesCommitsAndMetersEachCallOnce) {
  Stack::run([](Stack& stack) -> Task<void> {
    auto tenant = co_await stack.tenant();
    auto& journal = stack.gateway().journal(Region::us);
    auto executor = stack.reactor().executor();
    std::vector<Intent> intents;
    std::vector<pg::Pending> pending;
    for (int i = 0; i < 300; ++i) {
      intents.push_back(intent_of(tenant));
      pending.push_back(journal.begin(executor, intents.back()));
    }
    for (auto& one : pending) co_await one.wait();
    EXPECT_EQ(co_await stack.intents(tenant.id), 300);
    for (const auto& intent : intents)
      for (int twice = 0; twice < 2; ++twice)
        journal.settle({.call = intent.call, .input_tokens = 5, .cost = 2});
    EXPECT_EQ((co_await stack.metered(tenant.id)).size(), 300u);
  });
}

TEST(Journal, RefusesOneBadCallWithoutTheOthers) {
  Stack::run([](Stack& stack) -> Task<void> {
    auto tenant = co_await stack.tenant();
    auto& journal = stack.gateway().journal(Region::us);
    auto executor = stack.reactor().executor();
    auto bad = intent_of(tenant);
    bad.call.provider = std::string(100, 'x');
    auto first = journal.begin(executor, intent_of(tenant));
    auto refused = journal.begin(executor, bad);
    auto last = journal.begin(executor, intent_of(tenant));
    co_await first.wait();
    bool threw = false;
    try {
      co_await refused.wait();
    } catch (const pg::Error&) {
      threw = true;
    }
    EXPECT_TRUE(threw);
    co_await last.wait();
    EXPECT_EQ(co_await stack.intents(tenant.id), 2);
    co_await stack.as_superuser("delete from model_calls where organization_id = $1", pg::params(tenant.id));
  });
}

TEST(ModelCalls, WhoseEventCannotBeChainedLeaveItInTheOutboxAndAreAnswered) {
  Stack::run([](Stack& stack) -> Task<void> {
    auto tenant = co_await stack.tenant();
    co_await stack.add_provider(tenant);
    stack.provider = [&](http::Exchange& exchange) -> Task<void> {
      // From here on the audit database is as good as gone.
      co_await stack.appender().close(pg::within(10s));
      co_await exchange.respond(http::json_response(200, kAnswer));
    };
    auto answer = co_await stack.post(tenant.admin, tenant, "/v1/chat/completions", kWhole);
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_THAT(co_await stack.metered(tenant.id), ElementsAre("completed"));
    EXPECT_TRUE((co_await stack.events(tenant.id)).empty());
    auto rows = co_await stack.as_superuser(
        "select text from (select convert_from(event, 'UTF8') from audit_outbox where organization_id = $1) "
        "o (text)"
        " where position('model.call' in text) > 0",
        pg::params(tenant.id));
    auto waiting = rows.as<std::string>();
    EXPECT_THAT(waiting, ElementsAre(AllOf(HasSubstr(R"("action":"model.call")"),
                                           HasSubstr(R"("outcome":"success")"))));
    co_await stack.as_superuser("delete from audit_outbox where organization_id = $1", pg::params(tenant.id));
  });
}

TEST(Journal, RecordsOrMetersWhatAnEarlierProcessLeft) {
  Stack::run([](Stack& stack) -> Task<void> {
    auto tenant = co_await stack.tenant();
    auto executor = stack.reactor().executor();
    pg::Config database{.dsn = testing::Databases::instance().platform};
    auto left = intent_of(tenant);
    auto told = intent_of(tenant);
    Journal died(executor, {.region = Region::us, .database = database, .node = "n1"});
    auto one = died.begin(executor, left);
    auto two = died.begin(executor, told);
    co_await one.wait();
    co_await two.wait();
    // One of them had come as far as its audit event.
    auto event = audit::make_event("model.call");
    event.id = told.event;
    event.organization = tenant.id;
    event.resource_type = "model";
    put_settlement(event.payload.as_object(),
                   {.call = told.call, .input_tokens = 7, .output_tokens = 11, .cost = 13, .latency_ms = 17});
    co_await stack.appender().append(event);
    EXPECT_EQ(co_await died.recover(stack.appender()), 0u) << "calls of this process are under way";
    co_await died.close(pg::within(10s));

    Journal elsewhere(executor, {.region = Region::us, .database = database, .node = "n2"});
    EXPECT_EQ(co_await elsewhere.recover(stack.appender()), 0u) << "another node's calls may be under way";
    Journal again(executor, {.region = Region::us, .database = database, .node = "n1"});
    EXPECT_EQ(co_await again.recover(stack.appender()), 2u);
    EXPECT_EQ(co_await again.recover(stack.appender()), 0u);
    auto metered = co_await stack.metered(tenant.id);
    EXPECT_THAT(metered, UnorderedElementsAre("completed", "unknown"));
    auto sums = co_await stack.as_superuser(
        "select sum(input_tokens * 10000 + output_tokens * 100 + cost)::bigint from metering_events where "
        "organization_id = $1",
        pg::params(tenant.id));
    EXPECT_EQ(sums.one<std::int64_t>(), 71113);
    EXPECT_THAT(co_await stack.events(tenant.id),
                ElementsAre("model.call/success/-", "model.call/unknown/redact"));
    co_await elsewhere.close(pg::within(10s));
    co_await again.close(pg::within(10s));
  });
}

TEST(Journal, LeavesACallThatTheDatabaseRefusesAndSettlesTheOthers) {
  Stack::run([](Stack& stack) -> Task<void> {
    auto tenant = co_await stack.tenant();
    auto executor = stack.reactor().executor();
    auto& journal = stack.gateway().journal(Region::us);
    auto refused = intent_of(tenant);
    refused.call.provider = "refused";
    for (const auto& intent : {intent_of(tenant), refused, intent_of(tenant)}) {
      auto pending = journal.begin(executor, intent);
      co_await pending.wait();
    }
    co_await stack.as_superuser(
        "update model_calls set created_at = created_at - interval '3 hours' where organization_id = $1",
        pg::params(tenant.id));
    co_await stack.as_superuser(
        "alter table metering_events add constraint refuses check (provider <> 'refused')");
    EXPECT_EQ(co_await journal.recover(stack.appender()), 2u);
    EXPECT_EQ(co_await journal.recover(stack.appender()), 0u);
    co_await stack.as_superuser("alter table metering_events drop constraint refuses");
    EXPECT_EQ(co_await journal.recover(stack.appender(), {refused.call.id}), 0u) << "it may be under way";
    EXPECT_EQ(co_await journal.recover(stack.appender()), 1u);
    EXPECT_EQ(co_await stack.intents(tenant.id), 0);
    EXPECT_THAT(co_await stack.metered(tenant.id), ElementsAre("unknown", "unknown", "unknown"));
    EXPECT_EQ((co_await stack.events(tenant.id)).size(), 3u);
  });
}

TEST(Journal, TakesUpACallOfItsOwnProcessThatIsLeftAndNotUnderWay) {
  Stack::run([](Stack& stack) -> Task<void> {
    auto tenant = co_await stack.tenant();
    auto executor = stack.reactor().executor();
    auto& journal = stack.gateway().journal(Region::us);
    auto left = intent_of(tenant);
    auto running = intent_of(tenant);
    for (const auto& intent : {left, running}) {
      auto pending = journal.begin(executor, intent);
      co_await pending.wait();
    }
    co_await stack.as_superuser(
        "update model_calls set created_at = created_at - interval '90 s' where organization_id = $1",
        pg::params(tenant.id));
    EXPECT_EQ(co_await journal.recover(stack.appender(), {running.call.id}), 1u);
    EXPECT_EQ(co_await stack.intents(tenant.id), 1);
    journal.settle({.call = running.call});
    EXPECT_THAT(co_await stack.metered(tenant.id), ElementsAre("unknown", "completed"));
  });
}

}  // namespace
}  // namespace gatehouse::models
