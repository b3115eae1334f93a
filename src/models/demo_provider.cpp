#include "models/demo_provider.h"

#include "base/uuid.h"
#include "json/value.h"
#include "json/write.h"
#include "models/completion_request.h"
#include "models/cost.h"

namespace gatehouse::models {
namespace {

constexpr std::string_view kAssistant =
    R"(**This is a demo model.** It says the same to everyone, so that you can watch an answer stream through Gatehouse without a provider's key.

What happened to your message on its way here:

1. **Policy** looked at every part of it. Personal data that your rules redact would have been masked, and a forbidden topic stopped, before any model saw it.
2. **An intent** was made durable before the first byte was sent, so that no call can go unrecorded.
3. **This answer** passes the same rules while it streams; nothing is shown before it is judged.
4. **Metering and an audit event** are written before the last byte reaches you.

Try these next:

- Choose `demo/echo` and send it a CPF or a card number: what comes back is what the model saw.
- Ask about what your policies forbid, and open the audit trail to see the decision.
- Add an OpenAI-compatible provider, and its models appear beside this one.

```bash
curl "$OPENAI_BASE_URL/chat/completions" \
  -H "authorization: Bearer $OPENAI_API_KEY" \
  -H "content-type: application/json" \
  -d '{"model": "demo/assistant", "stream": true, "messages": [{"role": "user", "content": "Hello"}]}'
```
)";

constexpr std::size_t kWordsAPiece = 3;

json::Object envelope(std::string_view object, const std::string& id, std::string_view model,
                      std::int64_t created) {
  return {{"id", id}, {"object", object}, {"created", created}, {"model", model}};
}

json::Array one_choice(json::Value delta, json::Value finish_reason) {
  return {{{"index", 0}, {"delta", std::move(delta)}, {"finish_reason", std::move(finish_reason)}}};
}

}  // namespace

std::string demo_text(std::string_view model, const json::Value& request) {
  if (model != "demo/echo") return std::string(kAssistant);
  const auto* messages = request.as_object().if_contains("messages");
  if (!messages || !messages->is_array()) return {};
  const auto& list = messages->as_array();
  for (auto i = list.size(); i-- > 0;) {
    const auto* message = list[i].if_object();
    const auto* role = message ? message->if_contains("role") : nullptr;
    if (!role || !role->is_string() || role->as_string() != "user") continue;
    const auto* content = message->if_contains("content");
    return content ? content_text(*content) : std::string();
  }
  return {};
}

DemoAnswer::DemoAnswer(const policy::Cleared& request, bool stream, std::chrono::milliseconds pace,
                       CallStop& stop)
    : model_(request.target().model),
      id_("chatcmpl-" + Uuid::v7().to_string()),
      created_(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())
                   .time_since_epoch()
                   .count()),
      text_(demo_text(model_, request.document())),
      step_(stream ? Step::role : Step::whole),
      pause_(model_ == "demo/echo" ? pace / 5 : pace),
      stop_(stop) {
  auto input = estimate_tokens(text_bytes(request.document().as_object().at("messages")));
  auto output = estimate_tokens(text_.size());
  usage_ = {{"prompt_tokens", input}, {"completion_tokens", output}, {"total_tokens", input + output}};
  if (pause_.count() > 0) least_ = text_.size() / static_cast<std::size_t>(kLongest / pause_) + 1;
}

/// A few words with the white space that follows them.
std::string_view DemoAnswer::next_piece() {
  const std::string_view rest = std::string_view(text_).substr(said_);
  std::size_t end = 0;
  for (std::size_t words = 0; (words < kWordsAPiece || end < least_) && end < rest.size(); ++words) {
    end = rest.find_first_of(" \n", end);
    if (end != rest.npos) end = rest.find_first_not_of(" \n", end);
    if (end == rest.npos) end = rest.size();
  }
  said_ += end;
  return rest.substr(0, end);
}

json::Object DemoAnswer::chunk(json::Array choices) const {
  auto chunk = envelope("chat.completion.chunk", id_, model_, created_);
  chunk["choices"] = std::move(choices);
  chunk["usage"] = nullptr;  // comes with the last one
  return chunk;
}

std::string DemoAnswer::event() {
  switch (step_) {
    case Step::role:
      step_ = text_.empty() ? Step::end : Step::text;
      return json::write(chunk(one_choice({{"role", "assistant"}, {"content", ""}}, nullptr)));
    case Step::text: {
      const auto piece = next_piece();
      if (said_ == text_.size()) step_ = Step::end;
      return json::write(chunk(one_choice({{"content", piece}}, nullptr)));
    }
    case Step::end:
      step_ = Step::usage;
      return json::write(chunk(one_choice(json::Object{}, "stop")));
    case Step::usage: {
      step_ = Step::done;
      auto last = chunk({});
      last["usage"] = std::move(usage_);
      return json::write(last);
    }
    case Step::whole:
    case Step::done:
      break;
  }
  step_ = Step::done;
  auto whole = envelope("chat.completion", id_, model_, created_);
  whole["choices"] =
      json::Array{{{"index", 0},
                   {"message", {{"role", "assistant"}, {"content", text_}, {"refusal", nullptr}}},
                   {"logprobs", nullptr},
                   {"finish_reason", "stop"}}};
  whole["usage"] = std::move(usage_);
  return json::write(whole);
}

Task<Result<std::optional<std::string>>> DemoAnswer::next() {
  if (stop_.stopped()) co_return fail(ErrorCode::upstream_failed, "The call was stopped");
  if (step_ == Step::done) co_return std::nullopt;
  if (!std::exchange(first_, false) && !co_await stop_.sleep(pause_))
    co_return fail(ErrorCode::upstream_failed, "The call was stopped");
  co_return event();
}

}  // namespace gatehouse::models
