#include "models/answer_filter.h"

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

/// Of one call; a provider that needs more has no answer in mind.
constexpr std::size_t kMostTexts = 2048;
constexpr std::size_t kMostHeld = 1 << 20;
constexpr std::string_view kNoAnswer = "The provider sent what is no answer";
constexpr std::string_view kTooMuch = "The provider sent more at once than can be judged";

/// An element's own `index`, or where it stands.
std::int64_t place_in(const json::Array& array, std::size_t i) {
  const auto* object = array[i].if_object();
  if (object && object->contains("index"))
    if (auto own = index_of(*object, kMostIndex)) return *own;
  return static_cast<std::int64_t>(i);
}

}  // namespace

AnswerFilter::AnswerFilter(const policy::Cleared& request, AnswerOptions options)
    : stream_(request), options_(options) {}

// What cannot be made clean goes out with nothing of its chunk.
void AnswerFilter::refuse() {
  withheld_ = true;
  if (!blocked()) fail_with(kTooMuch);
}

void AnswerFilter::fail_with(std::string_view detail) {
  failure_ = Error{.code = ErrorCode::upstream_failed, .detail = std::string(detail)};
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
  if (auto found = channels.find(key); found == channels.end()) {
    for (const Step& step : path) remembered_ += step.key.size();
    if (++opened_ > kMostTexts || remembered_ > kMostHeld) {
      fail_with(kTooMuch);
      return {};
    }
    channels.emplace(key, path);
  }
  answer_bytes_ += text.size();
  auto cleared = stream_.push(key, text).take();
  if (stream_.held_bytes() > kMostHeld) fail_with(kTooMuch);
  return cleared;
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
  if (!document || !document->root().is_object()) return fail_with(kNoAnswer);
  auto& chunk = document->root().as_object();
  if (const auto* error = chunk.if_contains("error"); error && !error->is_null()) {
    auto told = stream_error(data);
    failure_ = std::move(told.error);
    if (auto message = clear_message(told.message); !message.empty()) failure_->detail += ": " + message;
    return;
  }
  if (auto told = usage_of(chunk)) usage_ = told;
  if (!options_.wants_usage) chunk.erase("usage");
  // Padding against eavesdroppers, which fits no chunk that policy has cut anew.
  chunk.erase("obfuscation");
  clear_names(chunk);
  filter_envelope(chunk);
  for (auto& member : chunk) {
    if (is_envelope(member.key()) || member.key() == "choices") continue;
    std::vector<Step> path{{.key = std::string(member.key()), .index = {}}};
    filter_unknown(kNoChoice, member.value(), path);
  }
  if (auto* choices = chunk.if_contains("choices"); choices && !choices->is_null()) {
    if (!choices->is_array()) return fail_with(kNoAnswer);
    for (auto& one : choices->as_array()) {
      if (!one.is_object()) return fail_with(kNoAnswer);
      filter_choice(one.as_object(), out);
      if (stopped()) return;
    }
  }
  if (!stopped() && !says_nothing(chunk)) emit(document->root(), out);
}

void AnswerFilter::clear_names(json::Object& object) {
  if (!stopped() && !whole_values_.clear_names(stream_, object)) refuse();
}

void AnswerFilter::filter_envelope(json::Object& chunk) {
  for (auto& member : chunk) {
    const std::string_view key = member.key();
    if (!is_envelope(key)) continue;
    if (!is_protocol(key, member.value()) && !whole_values_.clear_repeated(stream_, key, member.value()))
      return refuse();
    if (key != "usage") {
      auto& kept = envelope_[key];
      if (kept != member.value()) kept = json::detached(member.value());
    }
  }
  if (options_.wants_usage) envelope_["usage"] = nullptr;
}

void AnswerFilter::filter_choice(json::Object& one, ClearedAnswer& out) {
  auto index = index_of(one, kMostChoices);
  const auto* changed = one.if_contains("delta");
  if (!index || (changed && !changed->is_object() && !changed->is_null())) return fail_with(kNoAnswer);
  choice(*index);
  clear_names(one);
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
  if (!reason || reason->is_null() || failure_ || blocked()) return;
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
  clear_names(delta);
  for (auto& member : delta) {
    auto key = std::string_view(member.key());
    auto& value = member.value();
    path.push_back({.key = std::string(key), .index = {}});
    if (value.is_string() && key == "role" && is_plain_word(value.as_string())) {
    } else if (value.is_string() && key == "content") {
      value = pass_content(index, false, value.as_string(), out);
    } else if (value.is_array() && key == "content") {
      filter_parts(index, value.as_array(), path, out);
    } else if (value.is_string() && key == "refusal") {
      value = pass(index, Kind::refusal, 0, path, value.as_string());
    } else if (value.is_string() && (key == "reasoning_content" || key == "reasoning")) {
      auto text = pass(index, Kind::reasoning, key == "reasoning" ? 1 : 0, path, value.as_string());
      if (index == 0) out.reasoning += text;
      value = text;
    } else if (value.is_array() && key == "tool_calls") {
      for (auto& call : value.as_array()) {
        if (!call.is_object() || !index_of(call.as_object(), kMostIndex)) return fail_with(kNoAnswer);
        path.back().index = *index_of(call.as_object(), kMostIndex);
        filter_tool_call(index, call.as_object(), path);
      }
    } else if (value.is_object() && key == "function_call") {
      filter_function(index, kLegacyFunctionCall, value.as_object(), path);
    } else {
      filter_unknown(index, value, path);
    }
    path.pop_back();
  }
}

std::string AnswerFilter::pass_content(std::uint32_t index, bool in_parts, std::string_view text,
                                       ClearedAnswer& out) {
  static const std::vector<Step> kPath{{.key = "delta", .index = {}}, {.key = "content", .index = {}}};
  choice(index).in_parts = in_parts;
  auto cleared = pass(index, Kind::text, 0, kPath, text);
  if (index == 0) out.text += cleared;
  return cleared;
}

void AnswerFilter::filter_parts(std::uint32_t index, json::Array& parts, std::vector<Step>& path,
                                ClearedAnswer& out) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    path.back().index = place_in(parts, i);
    if (auto* part = parts[i].if_object()) {
      clear_names(*part);
      for (auto& member : *part) {
        path.push_back({.key = std::string(member.key()), .index = {}});
        if (member.key() == "text" && member.value().is_string())
          member.value() = pass_content(index, true, member.value().as_string(), out);
        else
          filter_unknown(index, member.value(), path);
        path.pop_back();
      }
    } else {
      filter_unknown(index, parts[i], path);
    }
  }
}

void AnswerFilter::filter_tool_call(std::uint32_t index, json::Object& call, std::vector<Step>& path) {
  auto number = static_cast<std::uint32_t>(path.back().index.value_or(0));
  clear_names(call);
  for (auto& member : call) {
    auto key = std::string_view(member.key());
    if (key == "index") continue;
    if (key == "type" && member.value().is_string() && is_plain_word(member.value().as_string())) continue;
    path.push_back({.key = std::string(key), .index = {}});
    if (key == "function" && member.value().is_object()) {
      filter_function(index, number, member.value().as_object(), path);
    } else if (key == "id" && member.value().is_string()) {
      filter_piece(index, member.value(), path);
    } else {
      filter_unknown(index, member.value(), path);
    }
    path.pop_back();
  }
}

void AnswerFilter::filter_function(std::uint32_t index, std::uint32_t number, json::Object& function,
                                   std::vector<Step>& path) {
  clear_names(function);
  for (auto& member : function) {
    auto key = std::string_view(member.key());
    auto& value = member.value();
    path.push_back({.key = std::string(key), .index = {}});
    if (key == "arguments" && value.is_string()) {
      value = pass(index, Kind::tool_arguments, number, path, value.as_string());
    } else if (key == "name" && value.is_string()) {
      filter_piece(index, value, path);
    } else {
      filter_unknown(index, value, path);
    }
    path.pop_back();
  }
}

std::string AnswerFilter::place_of(std::uint32_t index, const std::vector<Step>& path) {
  std::string place = std::to_string(index);
  for (const Step& step : path) {
    place += '\n' + step.key;
    if (step.index) place += '\t' + std::to_string(*step.index);
  }
  return place;
}

// A client takes a name or an id from one chunk, so nothing of it is held back.
void AnswerFilter::filter_piece(std::uint32_t index, json::Value& value, std::vector<Step>& path) {
  if (stopped() || value.as_string().empty()) return;
  auto cleared =
      whole_values_.clear_piece(stream_, path.back().key, place_of(index, path), value.as_string());
  if (!cleared) return refuse();
  if (*cleared != std::string_view(value.as_string())) value = *cleared;
}

void AnswerFilter::filter_unknown(std::uint32_t index, json::Value& value, std::vector<Step>& path) {
  if (stopped()) return;
  if (path.back().key == "type" && value.is_string() && is_type_name(value.as_string())) {
    if (!whole_values_.clear_repeated(stream_, path.back().key, value)) refuse();
  } else if (value.is_string()) {
    auto [found, is_new] =
        places_.try_emplace(place_of(index, path), static_cast<std::uint32_t>(places_.size()));
    if (is_new) remembered_ += found->first.size();
    value = pass(index, Kind::other, found->second, path, value.as_string());
  } else if (policy::is_scanned_number(value)) {
    if (!whole_values_.clear(stream_, path.back().key, value)) refuse();
  } else if (auto* array = value.if_array()) {
    for (std::size_t i = 0; i < array->size(); ++i) {
      auto before = std::exchange(path.back().index, place_in(*array, i));
      filter_unknown(index, (*array)[i], path);
      path.back().index = before;
    }
  } else if (auto* object = value.if_object()) {
    clear_names(*object);
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
  *logprobs = cleared_logprobs(gate, gate.release(emitted));
}

// Beside the tokens of the text there are those that the model did not choose.
json::Value AnswerFilter::cleared_logprobs(LogprobGate& gate, json::Array released) {
  if (released.empty()) return nullptr;
  json::Value shown = json::Object{{"content", std::move(released)}, {"refusal", nullptr}};
  auto cleared = stream_.document(shown);
  if (cleared && *cleared == shown) return shown;
  gate.close();
  return nullptr;
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
    if (key.kind == Kind::text && texts.in_parts)
      value = json::Array{json::Object{{"type", "text"}, {"text", std::move(value)}}};
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
        if (auto shown = cleared_logprobs(texts.logprobs, texts.logprobs.release(rest)); !shown.is_null())
          one["logprobs"] = std::move(shown);
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
  if (!parsed || !parsed->is_object()) return fail_with(kNoAnswer);
  auto& answer = parsed->as_object();
  if (auto told = usage_of(answer)) usage_ = told;
  json::Object protocol, content;
  for (auto& member : answer) {
    const bool is_named = is_envelope(member.key());
    if (!is_named) answer_bytes_ += text_bytes(member.value());
    auto& half = is_named && is_protocol(member.key(), member.value()) ? protocol : content;
    half[member.key()] = std::move(member.value());
  }
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
  json::Object whole = std::move(protocol);
  for (auto& member : clean) whole[member.key()] = std::move(member.value());
  json::write(out.frames, whole);
}

}  // namespace gatehouse::models
