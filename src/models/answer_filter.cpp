#include "models/answer_filter.h"

#include <array>
#include <limits>

#include "json/value.h"
#include "models/cost.h"
#include "models/upstream_error.h"

namespace gatehouse::models {
namespace {

using Kind = policy::ChannelKey::Kind;

constexpr json::Limits kLimits{
    .max_bytes = 16 << 20, .max_depth = 64, .max_elements = 1'000'000, .allow_duplicate_keys = true};
constexpr std::uint32_t kMostChoices = 128;
constexpr std::uint32_t kMostIndex = 1 << 20;
constexpr std::uint32_t kLegacyFunctionCall = kMostIndex + 1;
/// Strings beside the choices.
constexpr std::uint32_t kNoChoice = std::numeric_limits<std::uint32_t>::max();

/// What names the answer rather than being part of it.
constexpr std::array<std::string_view, 8> kEnvelope = {
    "id", "object", "created", "model", "system_fingerprint", "service_tier", "usage", "obfuscation"};

bool is_envelope(std::string_view key) {
  return std::ranges::find(kEnvelope, key) != kEnvelope.end();
}

std::int64_t count_of(const json::Object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (!value || !value->is_number()) return 0;
  boost::system::error_code error;
  auto number = value->to_number<std::int64_t>(error);
  return error ? 0 : std::clamp(number, std::int64_t{0}, kMaxTokens);
}

/// A small index, or nothing.
std::optional<std::uint32_t> index_of(const json::Object& object, std::uint32_t most) {
  const auto* value = object.if_contains("index");
  if (!value) return 0;
  if (!value->is_int64() && !value->is_uint64()) return std::nullopt;
  boost::system::error_code error;
  auto number = value->to_number<std::uint32_t>(error);
  if (error || number > most) return std::nullopt;
  return number;
}

/// Tokens of the protocol, which a provider takes from a list.
bool is_plain_word(std::string_view text) {
  return text.size() <= 32 &&
         std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

bool is_empty_text(const json::Value& value) {
  return value.is_null() || (value.is_string() && value.as_string().empty());
}

/// Everything that it would say is held back.
bool says_nothing(const json::Object& chunk) {
  for (const auto& member : chunk)
    if (!is_envelope(member.key()) && member.key() != "choices") return false;
  if (const auto* usage = chunk.if_contains("usage"); usage && !usage->is_null()) return false;
  const auto* choices = chunk.if_contains("choices");
  if (!choices || !choices->is_array()) return true;
  for (const auto& choice : choices->as_array()) {
    if (!choice.is_object()) return false;
    for (const auto& member : choice.as_object()) {
      if (member.key() == "index" || member.value().is_null()) continue;
      if (member.key() != "delta" || !member.value().is_object()) return false;
      for (const auto& part : member.value().as_object())
        if (!is_empty_text(part.value())) return false;
    }
  }
  return true;
}

}  // namespace

AnswerFilter::AnswerFilter(const policy::Cleared& request, AnswerOptions options)
    : stream_(request), options_(options) {}

void AnswerFilter::fail_with(std::string detail) {
  failure_ = Error{.code = ErrorCode::upstream_failed, .detail = std::move(detail)};
}

std::string AnswerFilter::clear_message(std::string_view message) {
  constexpr policy::ChannelKey kKey{.choice = kNoChoice - 1, .kind = Kind::other};
  auto text = stream_.push(kKey, message).take();
  text += stream_.finish(kKey).take();
  return stream_.blocked() ? std::string() : text;
}

AnswerFilter::Texts& AnswerFilter::choice(std::uint32_t index) {
  auto [found, is_new] = choices_.try_emplace(index);
  if (is_new && index != kNoChoice) {
    ++open_;
    began_ = true;
  }
  return found->second;
}

std::string AnswerFilter::pass(std::uint32_t index, Kind kind, std::uint32_t number,
                               const std::vector<Step>& path, std::string_view text) {
  policy::ChannelKey key{.choice = index, .kind = kind, .index = number};
  auto& channels = choice(index).channels;
  if (auto found = channels.find(key); found == channels.end()) channels.emplace(key, path);
  answer_bytes_ += text.size();
  return stream_.push(key, text).take();
}

void AnswerFilter::take_usage(const json::Object& chunk) {
  const auto* usage = chunk.if_contains("usage");
  if (!usage || !usage->is_object()) return;
  usage_ = Usage{.input_tokens = count_of(usage->as_object(), "prompt_tokens"),
                 .output_tokens = count_of(usage->as_object(), "completion_tokens")};
}

void AnswerFilter::emit(const json::Value& chunk, ClearedAnswer& out) const {
  if (!options_.frames) return;
  out.frames += "data: ";
  json::write(out.frames, chunk);
  out.frames += "\n\n";
}

void AnswerFilter::push(std::string_view data, ClearedAnswer& out) {
  if (failure_ || blocked()) return;
  auto document = json::Document::parse(data, kLimits);
  if (!document || !document->root().is_object()) return fail_with("The provider sent what is no answer");
  auto& chunk = document->root().as_object();
  if (const auto* error = chunk.if_contains("error"); error && !error->is_null()) {
    auto told = stream_error(data);
    failure_ = std::move(told.error);
    if (auto message = clear_message(told.message); !message.empty()) failure_->detail += ": " + message;
    return;
  }
  take_usage(chunk);
  if (!options_.wants_usage) chunk.erase("usage");
  envelope_.clear();
  for (const auto& member : chunk)
    if (is_envelope(member.key()) && member.key() != "usage" && member.key() != "obfuscation")
      envelope_[member.key()] = json::detached(member.value());
  if (options_.wants_usage) envelope_["usage"] = nullptr;

  for (auto& member : chunk) {
    if (is_envelope(member.key()) || member.key() == "choices") continue;
    std::vector<Step> path{{.key = std::string(member.key()), .index = {}}};
    filter_unknown(kNoChoice, member.value(), path);
  }
  if (auto* choices = chunk.if_contains("choices"); choices && choices->is_array())
    for (auto& one : choices->as_array()) {
      if (!one.is_object()) return fail_with("The provider sent what is no answer");
      filter_choice(one.as_object(), out);
      if (failure_) return;
    }
  if (!says_nothing(chunk)) emit(document->root(), out);
}

void AnswerFilter::filter_choice(json::Object& one, ClearedAnswer& out) {
  auto index = index_of(one, kMostChoices);
  if (!index) return fail_with("The provider sent what is no answer");
  choice(*index);
  std::size_t came = 0;
  std::string came_text;
  if (auto* delta = one.if_contains("delta"); delta && delta->is_object()) {
    if (const auto* content = delta->as_object().if_contains("content");
        content && content->is_string() && one.contains("logprobs"))
      came_text = std::string_view(content->as_string());
    came = came_text.size();
    std::vector<Step> path{{.key = "delta", .index = {}}};
    filter_delta(*index, delta->as_object(), path, out);
  }
  std::string_view emitted;
  if (came)
    if (const auto* content = one.at("delta").as_object().if_contains("content"))
      emitted = std::string_view(content->as_string());
  filter_logprobs(*index, one, came_text, emitted);

  for (auto& member : one) {
    auto key = std::string_view(member.key());
    if (key == "index" || key == "delta" || key == "logprobs") continue;
    if (key == "finish_reason" && (member.value().is_null() ||
                                   (member.value().is_string() && is_plain_word(member.value().as_string()))))
      continue;
    std::vector<Step> path{{.key = std::string(key), .index = {}}};
    filter_unknown(*index, member.value(), path);
  }
  auto* reason = one.if_contains("finish_reason");
  if (!reason || reason->is_null() || blocked()) return;
  // What the finishing chunk itself says (rarely anything) comes before what is still held back.
  if (auto* delta = one.if_contains("delta"); delta && delta->is_object() && options_.frames &&
                                              !std::ranges::all_of(delta->as_object(), [](const auto& part) {
                                                return is_empty_text(part.value());
                                              })) {
    auto part = envelope_;
    part["choices"] =
        json::Array{{{"index", *index}, {"delta", json::detached(*delta)}, {"finish_reason", nullptr}}};
    emit(part, out);
    *delta = json::Object{};
  }
  flush(*index, out);
  auto& texts = choice(*index);
  if (!texts.done) --open_;
  texts.done = true;
}

void AnswerFilter::filter_delta(std::uint32_t index, json::Object& delta, std::vector<Step>& path,
                                ClearedAnswer& out) {
  for (auto& member : delta) {
    auto key = std::string_view(member.key());
    auto& value = member.value();
    path.push_back({.key = std::string(key), .index = {}});
    if (value.is_string() && key == "role" && is_plain_word(value.as_string())) {
    } else if (value.is_string() && key == "content") {
      auto text = pass(index, Kind::text, 0, path, value.as_string());
      if (index == 0) out.text += text;
      value = text;
    } else if (value.is_string() && key == "refusal") {
      value = pass(index, Kind::refusal, 0, path, value.as_string());
    } else if (value.is_string() && (key == "reasoning_content" || key == "reasoning")) {
      auto text = pass(index, Kind::reasoning, key == "reasoning" ? 1 : 0, path, value.as_string());
      if (index == 0) out.reasoning += text;
      value = text;
    } else if (value.is_array() && key == "tool_calls") {
      for (auto& call : value.as_array()) {
        if (!call.is_object() || !index_of(call.as_object(), kMostIndex))
          return fail_with("The provider sent what is no answer");
        path.back().index = *index_of(call.as_object(), kMostIndex);
        filter_tool_call(index, call.as_object(), path);
      }
    } else if (value.is_object() && key == "function_call") {
      auto& call = value.as_object();
      if (auto* arguments = call.if_contains("arguments"); arguments && arguments->is_string()) {
        path.push_back({.key = "arguments", .index = {}});
        *arguments = pass(index, Kind::tool_arguments, kLegacyFunctionCall, path, arguments->as_string());
        path.pop_back();
      }
      if (auto* name = call.if_contains("name")) {
        path.push_back({.key = "name", .index = {}});
        filter_unknown(index, *name, path);
        path.pop_back();
      }
    } else {
      filter_unknown(index, value, path);
    }
    path.pop_back();
  }
}

void AnswerFilter::filter_tool_call(std::uint32_t index, json::Object& call, std::vector<Step>& path) {
  auto number = static_cast<std::uint32_t>(path.back().index.value_or(0));
  for (auto& member : call) {
    auto key = std::string_view(member.key());
    if (key == "index" || key == "id") continue;
    if (key == "type" && member.value().is_string() && is_plain_word(member.value().as_string())) continue;
    path.push_back({.key = std::string(key), .index = {}});
    if (key == "function" && member.value().is_object()) {
      for (auto& part : member.value().as_object()) {
        path.push_back({.key = std::string(part.key()), .index = {}});
        if (part.key() == "arguments" && part.value().is_string())
          part.value() = pass(index, Kind::tool_arguments, number, path, part.value().as_string());
        else
          filter_unknown(index, part.value(), path);
        path.pop_back();
      }
    } else {
      filter_unknown(index, member.value(), path);
    }
    path.pop_back();
  }
}

void AnswerFilter::filter_unknown(std::uint32_t index, json::Value& value, std::vector<Step>& path) {
  if (value.is_string()) {
    std::string place = std::to_string(index);
    for (const Step& step : path) {
      place += '\n' + step.key;
      if (step.index) place += '\t' + std::to_string(*step.index);
    }
    auto number =
        places_.try_emplace(std::move(place), static_cast<std::uint32_t>(places_.size())).first->second;
    value = pass(index, Kind::other, number, path, value.as_string());
  } else if (auto* array = value.if_array()) {
    for (std::size_t i = 0; i < array->size(); ++i) {
      auto& item = (*array)[i];
      std::optional<std::uint32_t> own;
      if (item.is_object()) own = index_of(item.as_object(), kMostIndex);
      auto before = std::exchange(
          path.back().index, own && item.as_object().contains("index") ? *own : static_cast<std::int64_t>(i));
      filter_unknown(index, item, path);
      path.back().index = before;
    }
  } else if (auto* object = value.if_object()) {
    for (auto& member : *object) {
      path.push_back({.key = std::string(member.key()), .index = {}});
      filter_unknown(index, member.value(), path);
      path.pop_back();
    }
  }
}

void AnswerFilter::filter_logprobs(std::uint32_t index, json::Object& one, std::string_view came,
                                   std::string_view emitted) {
  auto* logprobs = one.if_contains("logprobs");
  if (!logprobs) return;
  auto& gate = choice(index).logprobs;
  json::Array entries;
  if (logprobs->is_object())
    if (auto* content = logprobs->as_object().if_contains("content"); content && content->is_array())
      for (const auto& entry : content->as_array()) entries.push_back(json::detached(entry));
  gate.push(came, std::move(entries));
  auto released = gate.release(emitted);
  if (released.empty())
    *logprobs = nullptr;
  else
    *logprobs = json::Object{{"content", std::move(released)}, {"refusal", nullptr}};
}

void AnswerFilter::flush(std::uint32_t index, ClearedAnswer& out) {
  auto& texts = choice(index);
  auto channels = std::exchange(texts.channels, {});
  for (const auto& [key, path] : channels) {
    auto rest = stream_.finish(key).take();
    if (blocked()) return;
    if (rest.empty()) continue;
    if (index == 0 && key.kind == Kind::text) out.text += rest;
    if (index == 0 && key.kind == Kind::reasoning) out.reasoning += rest;
    if (!options_.frames) continue;
    json::Value value = json::Value(rest);
    for (auto step = path.rbegin(); step != path.rend(); ++step) {
      if (step->index) {
        json::Object element;
        if (value.is_object()) element = std::move(value.as_object());
        if (!element.empty()) {
          element["index"] = *step->index;
          value = json::Array{std::move(element)};
        } else {
          value = json::Array{std::move(value)};
        }
      }
      value = json::Object{{step->key, std::move(value)}};
    }
    auto chunk = envelope_;
    if (index == kNoChoice) {
      for (auto& member : value.as_object()) chunk[member.key()] = std::move(member.value());
      chunk["choices"] = json::Array{};
    } else {
      auto one = std::move(value.as_object());
      one["index"] = index;
      if (!one.contains("delta")) one["delta"] = json::Object{};
      one["finish_reason"] = nullptr;
      if (key.kind == Kind::text)
        if (auto released = texts.logprobs.release(rest); !released.empty())
          one["logprobs"] = json::Object{{"content", std::move(released)}, {"refusal", nullptr}};
      chunk["choices"] = json::Array{std::move(one)};
    }
    emit(chunk, out);
  }
}

void AnswerFilter::finish(ClearedAnswer& out) {
  if (failure_ || blocked()) return;
  for (auto& [index, texts] : choices_) {
    flush(index, out);
    if (blocked()) return;
  }
}

void AnswerFilter::whole(std::string_view body, ClearedAnswer& out) {
  auto parsed = json::parse(body, kLimits);
  if (!parsed || !parsed->is_object()) return fail_with("The provider sent what is no answer");
  auto& answer = parsed->as_object();
  take_usage(answer);
  json::Object envelope, content;
  for (auto& member : answer) {
    if (is_envelope(member.key()))
      envelope[member.key()] = std::move(member.value());
    else
      content[member.key()] = std::move(member.value());
  }
  answer_bytes_ += text_bytes(content);
  auto cleared = stream_.document(std::move(content));
  if (!cleared || !cleared->is_object()) return;
  auto& clean = cleared->as_object();
  if (auto* choices = clean.if_contains("choices"); choices && choices->is_array()) {
    for (auto& one : choices->as_array()) {
      if (!one.is_object()) continue;
      if (stream_.decision().redactions > 0 && one.as_object().contains("logprobs"))
        one.as_object()["logprobs"] = nullptr;
      const auto* message = one.as_object().if_contains("message");
      const auto* text =
          message && message->is_object() ? message->as_object().if_contains("content") : nullptr;
      if (out.text.empty() && text && text->is_string()) out.text = std::string_view(text->as_string());
    }
  }
  json::Object whole = std::move(envelope);
  for (auto& member : clean) whole[member.key()] = std::move(member.value());
  json::write(out.frames, whole);
}

}  // namespace gatehouse::models
