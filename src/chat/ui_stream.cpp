#include "chat/ui_stream.h"

#include "http/sse.h"
#include "json/codec.h"

namespace gatehouse::chat {
namespace {

constexpr std::string_view kDone = "data: [DONE]\n\n";

void add_part(std::string& out, const json::Object& part) {
  http::append_sse(out, json::write(part));
}

template <class T>
void add_data(std::string& out, std::string_view type, std::string_view id, const T& data) {
  std::string part = R"({"type":"data-)";
  part += type;
  part += '"';
  if (!id.empty()) {
    part += R"(,"id":")";
    part += id;
    part += '"';
  }
  part += R"(,"data":)";
  json::encode(part, data);
  part += '}';
  http::append_sse(out, part);
}

}  // namespace

http::Headers ui_stream_headers() {
  auto headers = http::sse_headers();
  headers.set("x-vercel-ai-ui-message-stream", "v1");
  return headers;
}

std::string UiStream::start(const policy::DecisionView& prompt) {
  std::string out;
  add_part(out, {{"type", "start"}, {"messageId", message_.to_string()}});
  add_data(out, "decision", "prompt", prompt);
  add_part(out, {{"type", "start-step"}});
  return out;
}

void UiStream::open(Open wanted, std::string& out) {
  if (open_ == wanted) return;
  if (open_ != Open::nothing)
    add_part(out,
             {{"type", open_ == Open::text ? "text-end" : "reasoning-end"}, {"id", std::to_string(part_)}});
  open_ = wanted;
  if (wanted != Open::nothing)
    add_part(out, {{"type", wanted == Open::text ? "text-start" : "reasoning-start"},
                   {"id", std::to_string(++part_)}});
}

std::string UiStream::delta(const models::ClearedAnswer& answer) {
  std::string out;
  if (!answer.reasoning.empty()) {
    open(Open::reasoning, out);
    add_part(out, {{"type", "reasoning-delta"}, {"id", std::to_string(part_)}, {"delta", answer.reasoning}});
  }
  if (!answer.text.empty()) {
    open(Open::text, out);
    add_part(out, {{"type", "text-delta"}, {"id", std::to_string(part_)}, {"delta", answer.text}});
  }
  return out;
}

std::string UiStream::end_of_answer(const policy::DecisionView& response, const UsagePart& usage) {
  std::string out;
  open(Open::nothing, out);
  add_data(out, "decision", "response", response);
  add_data(out, "usage", {}, usage);
  return out;
}

std::string UiStream::finished() {
  std::string out;
  add_part(out, {{"type", "finish-step"}});
  add_part(out, {{"type", "finish"}});
  out += kDone;
  return out;
}

std::string UiStream::aborted() {
  std::string out;
  open(Open::nothing, out);
  add_part(out, {{"type", "abort"}});
  out += kDone;
  return out;
}

std::string UiStream::failed(std::string_view error_text) {
  std::string out;
  open(Open::nothing, out);
  add_part(out, {{"type", "error"}, {"errorText", error_text}});
  out += kDone;
  return out;
}

}  // namespace gatehouse::chat
