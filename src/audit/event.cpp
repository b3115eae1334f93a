#include "audit/event.h"

#include <algorithm>
#include <cmath>

#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>

#include "base/error.h"
#include "crypto/encoding.h"
#include "json/canonical.h"
#include "json/write.h"

namespace gatehouse::audit {
namespace {

constexpr int kMaxPayloadDepth = 16;
constexpr json::Limits kLimits{.max_bytes = 128 << 10, .max_depth = 24};
constexpr double kMaxSafeInteger = 9007199254740991;

bool is_text(std::string_view text, std::size_t low, std::size_t high) {
  if (text.size() < low || text.size() > high) return false;
  for (std::size_t at = 0; at < text.size();) {
    auto byte = static_cast<unsigned char>(text[at]);
    std::size_t length = byte < 0x80 ? 1 : json::utf8_length(text.substr(at));
    if (length == 0 || byte < 0x20 || byte == 0x7f) return false;
    at += length;
  }
  return true;
}

// Between 2^53 and 10^21 ECMAScript writes a double as an integer, which then reads back as another value or
// not at all; refusing all large ones keeps "one record, one spelling" simple.
bool is_storable(const json::Value& value, int depth) {
  if (depth > kMaxPayloadDepth) return false;
  if (auto* real = value.if_double()) return std::isfinite(*real) && std::fabs(*real) <= kMaxSafeInteger;
  if (auto* array = value.if_array())
    return std::ranges::all_of(*array, [&](const auto& item) { return is_storable(item, depth + 1); });
  if (auto* object = value.if_object())
    return std::ranges::all_of(*object,
                               [&](const auto& member) { return is_storable(member.value(), depth + 1); });
  return true;
}

bool is_recordable(Timestamp stamp) {
  return stamp.time_since_epoch().count() >= 0 &&
         stamp < std::chrono::sys_days{std::chrono::year{10000} / 1 / 1};
}

void require(bool holds, const char* what) {
  if (!holds) throw Failure(std::string("audit event: ") + what);
}

void check(const Event& event) {
  require(!event.id.is_nil(), "no id");
  require(is_recordable(event.recorded_at), "recorded_at is out of range");
  require(!event.organization || !event.organization->is_nil(), "the organization is nil");
  require(!event.actor_id || !event.actor_id->is_nil(), "the actor is nil");
  require(!event.workspace || !event.workspace->is_nil(), "the workspace is nil");
  require(!to_string(event.actor_type).empty(), "actor_type has no name");
  require(!to_string(event.outcome).empty(), "outcome has no name");
  require(is_text(event.action, 1, kMaxName), "action is not 1 to 64 bytes of text");
  require(is_text(event.resource_type, 1, kMaxName), "resource_type is not 1 to 64 bytes of text");
  require(is_text(event.resource_id, 0, kMaxReference), "resource_id is not text of at most 200 bytes");
  require(!event.decision || is_text(*event.decision, 1, kMaxName), "decision is not 1 to 64 bytes of text");
  require(is_text(event.request_id, 0, kMaxReference), "request_id is not text of at most 200 bytes");
  require(event.personal.size() <= kMaxPersonal, "personal is over 8 KiB");
  require(event.payload.is_object(), "the payload is not an object");
  require(is_storable(event.payload, 1), "the payload is too deep or holds a number beyond 2^53");
}

void put_text(std::string& out, std::string_view key, std::string_view text) {
  out += key;
  json::write_string(out, text);
}

template <class Id>
void put_id(std::string& out, std::string_view key, const std::optional<Id>& id) {
  out += key;
  if (!id) {
    out += "null";
    return;
  }
  out += '"';
  out += id->to_string();
  out += '"';
}

bool text_of(const json::Object& object, std::string_view key, std::string_view& into) {
  auto* found = object.if_contains(key);
  auto* text = found ? found->if_string() : nullptr;
  if (!text) return false;
  into = std::string_view(*text);
  return true;
}

template <class Id>
bool read_id(const json::Object& object, std::string_view key, std::optional<Id>& into) {
  auto* found = object.if_contains(key);
  if (!found) return false;
  if (found->is_null()) return true;
  auto* text = found->if_string();
  if (text) into = Id::parse(std::string_view(*text));
  return into.has_value();
}

}  // namespace

std::string_view to_string(ActorType value) {
  return boost::describe::enum_to_string(value, "");
}
std::string_view to_string(EventOutcome value) {
  return boost::describe::enum_to_string(value, "");
}

std::optional<ActorType> parse_actor_type(std::string_view text) {
  ActorType value{};
  return boost::describe::enum_from_string(std::string(text).c_str(), value) ? std::optional(value)
                                                                             : std::nullopt;
}

std::optional<EventOutcome> parse_event_outcome(std::string_view text) {
  EventOutcome value{};
  return boost::describe::enum_from_string(std::string(text).c_str(), value) ? std::optional(value)
                                                                             : std::nullopt;
}

Event make_event(std::string action) {
  Event event;
  event.id = AuditEventId::make();
  event.recorded_at = now();
  event.action = std::move(action);
  return event;
}

std::string encode_event(const Event& event) {
  check(event);
  std::string payload = json::canonical(event.payload);
  require(payload.size() <= kMaxPayload, "the payload is over 32 KiB");

  std::string out;
  out.reserve(640 + payload.size() + event.personal.size() * 4 / 3);
  put_text(out, R"({"action":)", event.action);
  put_id(out, R"(,"actor_id":)", event.actor_id);
  put_text(out, R"(,"actor_type":)", to_string(event.actor_type));
  if (event.decision)
    put_text(out, R"(,"decision":)", *event.decision);
  else
    out += R"(,"decision":null)";
  put_id(out, R"(,"id":)", std::optional(event.id));
  put_id(out, R"(,"organization_id":)", event.organization);
  put_text(out, R"(,"outcome":)", to_string(event.outcome));
  out += R"(,"payload":)";
  out += payload;
  put_id(out, R"(,"person_id":)", event.person);
  if (event.personal.empty()) {
    out += R"(,"personal":null)";
  } else {
    out += R"(,"personal":")";
    out += crypto::to_base64(event.personal);
    out += '"';
  }
  out += R"(,"recorded_at":")";
  out += to_rfc3339(event.recorded_at);
  put_text(out, R"(","request_id":)", event.request_id);
  put_text(out, R"(,"resource_id":)", event.resource_id);
  put_text(out, R"(,"resource_type":)", event.resource_type);
  put_id(out, R"(,"workspace_id":)", event.workspace);
  out += '}';
  return out;
}

std::optional<Event> parse_event(std::string_view bytes) {
  auto document = json::Document::parse(bytes, kLimits);
  auto* object = document ? document->root().if_object() : nullptr;
  if (!object) return std::nullopt;

  Event event;
  std::string_view id, recorded_at, actor_type, outcome, action, resource_type, resource_id, request_id;
  if (!text_of(*object, "id", id) || !text_of(*object, "recorded_at", recorded_at) ||
      !text_of(*object, "actor_type", actor_type) || !text_of(*object, "outcome", outcome) ||
      !text_of(*object, "action", action) || !text_of(*object, "resource_type", resource_type) ||
      !text_of(*object, "resource_id", resource_id) || !text_of(*object, "request_id", request_id) ||
      !read_id(*object, "organization_id", event.organization) ||
      !read_id(*object, "actor_id", event.actor_id) || !read_id(*object, "workspace_id", event.workspace) ||
      !read_id(*object, "person_id", event.person))
    return std::nullopt;

  auto parsed_id = AuditEventId::parse(id);
  auto parsed_time = parse_rfc3339(recorded_at);
  auto parsed_type = parse_actor_type(actor_type);
  auto parsed_outcome = parse_event_outcome(outcome);
  auto* payload = object->if_contains("payload");
  if (!parsed_id || !parsed_time || !parsed_type || !parsed_outcome || !payload) return std::nullopt;
  event.id = *parsed_id;
  event.recorded_at = *parsed_time;
  event.actor_type = *parsed_type;
  event.outcome = *parsed_outcome;
  event.action = action;
  event.resource_type = resource_type;
  event.resource_id = resource_id;
  event.request_id = request_id;
  event.payload = *payload;
  std::string_view text;
  if (text_of(*object, "decision", text)) event.decision = text;
  if (text_of(*object, "personal", text)) {
    auto personal = crypto::from_base64(text);
    if (!personal) return std::nullopt;
    event.personal.assign(personal->begin(), personal->end());
  }

  // What differs from our own spelling (order, white space, further or missing members, limits) is refused.
  try {
    if (encode_event(event) != bytes) return std::nullopt;
  } catch (const Failure&) {
    return std::nullopt;
  }
  return event;
}

}  // namespace gatehouse::audit
