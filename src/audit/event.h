// What happened: the part of an audit record that its writer knows, before it has a place in a chain.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <boost/describe/enum.hpp>

#include "base/time.h"
#include "base/uuid.h"
#include "domain/ids.h"
#include "json/value.h"

namespace gatehouse::audit {

enum class ActorType { user, api_key, service_account, scim_token, system, anonymous };
BOOST_DESCRIBE_ENUM(ActorType, user, api_key, service_account, scim_token, system, anonymous)

/// `unknown`: the process died between an intent and its outcome.
enum class EventOutcome { success, denied, failed, unknown };
BOOST_DESCRIBE_ENUM(EventOutcome, success, denied, failed, unknown)

std::string_view to_string(ActorType);
std::string_view to_string(EventOutcome);
std::optional<ActorType> parse_actor_type(std::string_view);
std::optional<EventOutcome> parse_event_outcome(std::string_view);

inline constexpr std::size_t kMaxName = 64;           // action, resource_type, decision
inline constexpr std::size_t kMaxReference = 200;     // resource_id, request_id
inline constexpr std::size_t kMaxPayload = 32 << 10;  // canonical JSON
inline constexpr std::size_t kMaxPersonal = 8 << 10;  // ciphertext

/// One event. Limits are in bytes. Text fields are UTF-8 without control characters.
struct Event {
  AuditEventId id;
  Timestamp recorded_at;
  std::optional<OrganizationId> organization;  // none: the platform's chain
  ActorType actor_type = ActorType::system;
  std::optional<Uuid> actor_id;
  std::string action;         // `chat.create`, 1 to 64
  std::string resource_type;  // `chat`, 1 to 64
  std::string resource_id;    // 0 to 200
  EventOutcome outcome = EventOutcome::success;
  std::optional<std::string> decision;  // policy outcome, 1 to 64
  std::optional<WorkspaceId> workspace;
  std::string request_id;  // 0 to 200
  /// An object of ids, counts and codes; content only where the tenant's data mode is full_content. At most
  /// 32 KiB as canonical JSON; integers beyond ±(2^53 - 1) have to be strings.
  json::Value payload = json::Object{};
  /// Ciphertext of a JSON object (ip, user_agent, email, …) under the key of `person`; empty: none. At most
  /// 8 KiB. Destroying that key erases the person, and the chain stays whole.
  std::string personal;
  std::optional<Uuid> person;  // whose key sealed `personal`
};

/// A new event with id and recorded_at set.
Event make_event(std::string action);

/// The canonical bytes (RFC 8785) of the event, as they will stand under `event` in its record.
/// Throws Failure if a limit above is broken: that is a bug of the writer, found before anything is changed.
std::string encode_event(const Event&);

/// Strict: accepts exactly what encode_event writes.
std::optional<Event> parse_event(std::string_view bytes);

}  // namespace gatehouse::audit
