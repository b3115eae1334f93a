#include "models/completions_api.h"

#include "access/error_body.h"
#include "http/sse.h"
#include "json/codec.h"
#include "models/completion_request.h"
#include "models/decision_note.h"
#include "models/model_call.h"

namespace gatehouse::models {
namespace {

using access::Call;
using access::Input;
using access::None;

// A quiet upstream that sends comments only is passed on as a heartbeat of ours, but not more often than
// this.
constexpr std::chrono::seconds kHeartbeat{10};
constexpr std::size_t kWriteAtOnce = 64 << 10;

struct V1Model {
  std::string id;
  std::string object = "model";
  std::int64_t created = 0;
  std::string owned_by;
};
BOOST_DESCRIBE_STRUCT(V1Model, (), (id, object, created, owned_by))

struct V1Models {
  std::string object = "list";
  std::vector<V1Model> data;
};
BOOST_DESCRIBE_STRUCT(V1Models, (), (object, data))

struct V1ModelPath {
  std::string model;
};
BOOST_DESCRIBE_STRUCT(V1ModelPath, (), (model))

V1Model as_openai(const Route& route) {
  return {.id = route.name,
          .created = std::chrono::floor<std::chrono::seconds>(route.created_at).time_since_epoch().count(),
          .owned_by = route.provider};
}

void add_decision(http::Headers& headers, policy::Outcome outcome, const policy::Decision& decision) {
  headers.set("gatehouse-decision", policy::to_string(outcome));
  if (auto ids = rules_header(decision); !ids.empty()) headers.set("gatehouse-rules", ids);
}

/// The client asked for usage and the provider sent none: ours, as the last chunk.
std::string usage_frame(const ModelCall& call) {
  auto usage = call.usage();
  json::Object chunk{{"id", "chatcmpl-" + Uuid::v7().to_string()},
                     {"object", "chat.completion.chunk"},
                     {"created", std::chrono::floor<std::chrono::seconds>(now()).time_since_epoch().count()},
                     {"model", call.route().name},
                     {"choices", json::Array{}},
                     {"usage",
                      {{"prompt_tokens", usage.input_tokens},
                       {"completion_tokens", usage.output_tokens},
                       {"total_tokens", usage.input_tokens + usage.output_tokens}}}};
  return http::sse_frame(json::write(chunk));
}

Task<Result<access::Streamed>> answer_whole(Call& call, ModelCall& model) {
  auto& exchange = call.exchange();
  ClearedAnswer answer;
  if (co_await model.open()) {
    auto watch = exchange.on_disconnect([&model] { model.stop(); });
    while (co_await model.next(answer)) {
    }
  }
  co_await model.settle();
  if (model.failure()) {
    add_decision(call.headers(), model.decision(), model.response_decision());
    co_return fail(*model.failure());
  }
  auto response = http::json_response(200, std::move(answer.frames));
  response.headers.set("cache-control", "no-store");
  call.add_headers_to(response.headers);
  add_decision(response.headers, model.decision(), model.prompt_decision());
  co_await exchange.respond(std::move(response));
  co_return access::Streamed{};
}

Task<Result<access::Streamed>> answer_stream(Call& call, ModelCall& model, bool wants_usage) {
  using Clock = std::chrono::steady_clock;
  auto& exchange = call.exchange();
  auto watch = exchange.on_disconnect([&model] { model.stop(); });
  ClearedAnswer answer;
  auto written_at = Clock::now();
  auto write = [&]() -> Task<void> {
    bool there = true;
    if (!exchange.answered()) {
      auto headers = http::sse_headers();
      call.add_headers_to(headers);
      add_decision(headers, model.prompt_decision().outcome, model.prompt_decision());
      there = co_await exchange.start_stream(200, std::move(headers), answer.frames);
    } else {
      there = co_await exchange.write(answer.frames);
    }
    if (!there) model.stop();
    answer.clear();
    written_at = Clock::now();
  };

  bool more = co_await model.open();
  while (more) {
    more = co_await model.next(answer);
    if (!more) break;
    bool is_due = Clock::now() - written_at >= kHeartbeat;
    if (answer.frames.empty() && is_due) answer.frames = http::kSseHeartbeat;
    if (!answer.frames.empty() && (!model.has_more() || answer.frames.size() >= kWriteAtOnce))
      co_await write();
  }
  if (model.failure() && !exchange.answered()) {
    co_await model.settle();
    add_decision(call.headers(), model.decision(), model.response_decision());
    co_return fail(*model.failure());
  }
  // The text may be out before its record is; that the answer is whole is said only afterwards.
  if (!answer.frames.empty() || !exchange.answered()) co_await write();
  co_await model.settle();
  std::string last;
  if (model.failure()) {
    last = http::sse_frame(access::openai_error_body(*model.failure()));
  } else {
    if (wants_usage && !model.provider_usage()) last = usage_frame(model);
    last += "data: [DONE]\n\n";
  }
  co_await exchange.finish(last);
  co_await model.release();
  co_return access::Streamed{};
}

Task<Result<access::Streamed>> complete(Call& call, Gateway& gateway, std::string body) {
  GH_CO_TRY(auto request, parse_completion_request(body));
  body = {};
  GH_CO_TRY(auto route, co_await ModelCall::find_route(call, request.model));
  bool stream = request.stream;
  bool wants_usage = request.wants_usage;
  GH_CO_TRY(auto model, co_await ModelCall::clear(call, gateway,
                                                  {.route = std::move(route),
                                                   .document = std::move(request.document),
                                                   .stream = stream,
                                                   .answer = {.frames = true, .wants_usage = wants_usage}}));
  co_await model->begin();
  if (stream) co_return co_await answer_stream(call, *model, wants_usage);
  co_return co_await answer_whole(call, *model);
}

}  // namespace

void add_completion_operations(access::Operations& operations, Gateway& gateway) {
  operations.add(
      {.method = http::Method::post,
       .path = "/v1/chat/completions",
       .id = "createChatCompletion",
       .summary = "Call a model through policy, as OpenAI's API does",
       .tag = "model",
       .permission = access::Permission::gateway_call,
       .audit_action = "model.call",
       .rate = access::RateClass::model,
       .body_limit = kMaxCompletionBody,
       .errors = access::ErrorStyle::openai,
       .streams = {"application/json", "text/event-stream"},
       .failures = {ErrorCode::plan_limit_reached, ErrorCode::policy_blocked, ErrorCode::model_not_found,
                    ErrorCode::upstream_failed, ErrorCode::upstream_timeout}},
      [&gateway](Call& call, Input<None, None, access::RawBody> in) -> Task<Result<access::Streamed>> {
        return complete(call, gateway, std::move(in.body.text));
      });
  operations.add({.method = http::Method::get,
                  .path = "/v1/models",
                  .id = "listGatewayModels",
                  .summary = "The models that an API key may call, as OpenAI's API lists them",
                  .tag = "model",
                  .permission = access::Permission::models_read,
                  .audit_action = "model.list",
                  .rate = access::RateClass::read,
                  .errors = access::ErrorStyle::openai},
                 [](Call& call, Input<>) -> Task<Result<V1Models>> {
                   auto catalogue = co_await call.tenant().part<Catalogue>();
                   V1Models models;
                   for (const auto& route : catalogue->routes()) models.data.push_back(as_openai(*route));
                   co_return models;
                 });
  operations.add({.method = http::Method::get,
                  .path = "/v1/models/{model}",
                  .id = "getGatewayModel",
                  .summary = "One model that an API key may call; a slash in its name is sent as %2F",
                  .tag = "model",
                  .permission = access::Permission::models_read,
                  .audit_action = "model.read",
                  .rate = access::RateClass::read,
                  .errors = access::ErrorStyle::openai},
                 [](Call& call, Input<V1ModelPath> in) -> Task<Result<V1Model>> {
                   auto catalogue = co_await call.tenant().part<Catalogue>();
                   auto route = catalogue->find(in.path.model);
                   if (!route) co_return fail(ErrorCode::not_found, "There is no such model");
                   call.audit().resource_id = route->name;
                   co_return as_openai(*route);
                 });
}

}  // namespace gatehouse::models
