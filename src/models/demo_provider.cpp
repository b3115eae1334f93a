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

/// A few words each, with the white space that follows them.
std::vector<std::string_view> pieces(std::string_view text) {
  std::vector<std::string_view> found;
  while (!text.empty()) {
    std::size_t end = 0;
    for (std::size_t words = 0; words < kWordsAPiece && end < text.size(); ++words) {
      end = text.find_first_of(" \n", end);
      end = end == text.npos ? text.size() : text.find_first_not_of(" \n", end);
      if (end == text.npos) end = text.size();
    }
    found.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return found;
}

json::Object envelope(std::string_view object, const std::string& id, std::string_view model,
                      std::int64_t created) {
  return {{"id", id}, {"object", object}, {"created", created}, {"model", model}};
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
    : pause_(request.target().model == "demo/echo" ? pace / 5 : pace), stop_(stop) {
  const auto& model = request.target().model;
  auto text = demo_text(model, request.document());
  auto input = estimate_tokens(text_bytes(request.document().as_object().at("messages")));
  auto output = estimate_tokens(text.size());
  json::Object usage{
      {"prompt_tokens", input}, {"completion_tokens", output}, {"total_tokens", input + output}};
  auto id = "chatcmpl-" + Uuid::v7().to_string();
  auto created =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
          .count();

  if (!stream) {
    auto whole = envelope("chat.completion", id, model, created);
    whole["choices"] =
        json::Array{{{"index", 0},
                     {"message", {{"role", "assistant"}, {"content", text}, {"refusal", nullptr}}},
                     {"logprobs", nullptr},
                     {"finish_reason", "stop"}}};
    whole["usage"] = std::move(usage);
    events_.push_back(json::write(whole));
    return;
  }
  auto add = [&](json::Value delta, json::Value finish_reason) {
    auto chunk = envelope("chat.completion.chunk", id, model, created);
    chunk["choices"] =
        json::Array{{{"index", 0}, {"delta", std::move(delta)}, {"finish_reason", std::move(finish_reason)}}};
    chunk["usage"] = nullptr;  // comes with the last one
    events_.push_back(json::write(chunk));
  };
  add({{"role", "assistant"}, {"content", ""}}, nullptr);
  for (auto piece : pieces(text)) add({{"content", piece}}, nullptr);
  add(json::Object{}, "stop");
  auto last = envelope("chat.completion.chunk", id, model, created);
  last["choices"] = json::Array{};
  last["usage"] = std::move(usage);
  events_.push_back(json::write(last));
}

Task<Result<std::optional<std::string>>> DemoAnswer::next() {
  if (stop_.stopped()) co_return fail(ErrorCode::upstream_failed, "The call was stopped");
  if (events_.empty()) co_return std::nullopt;
  if (!std::exchange(first_, false) && !co_await stop_.sleep(pause_))
    co_return fail(ErrorCode::upstream_failed, "The call was stopped");
  std::optional<std::string> event = std::move(events_.front());
  events_.pop_front();
  co_return event;
}

}  // namespace gatehouse::models
