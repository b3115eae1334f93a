// Events and chains that the tests and the benchmark share. Not part of the server.
#pragma once

#include <vector>

#include "audit/query.h"

namespace gatehouse::audit::testing {

inline Event plain_event() {
  Event event = make_event("chat.create");
  event.resource_type = "chat";
  event.resource_id = "7";
  return event;
}

/// As a model call leaves it: about 1 KB as a record.
inline Event typical_event(OrganizationId organization) {
  Event event = make_event("chat.message");
  event.organization = organization;
  event.actor_type = ActorType::user;
  event.actor_id = Uuid::v7();
  event.resource_type = "chat";
  event.resource_id = Uuid::v7().to_string();
  event.decision = "redact";
  event.workspace = WorkspaceId::make();
  event.request_id = Uuid::v7().to_string();
  event.payload = json::Object{{"model", "demo/echo"},
                               {"input_tokens", 120},
                               {"output_tokens", 340},
                               {"cost", 1200},
                               {"rules", json::Array{Uuid::v7().to_string()}},
                               {"detectors", json::Object{{"cpf", 1}}}};
  event.personal = std::string(120, '\x9c');
  event.person = event.actor_id;
  return event;
}

/// Every optional there and absent, and texts that are hard to write.
inline std::vector<Event> varied_events() {
  std::vector<Event> events{plain_event(), typical_event(OrganizationId::make())};
  auto hard = typical_event(OrganizationId::make());
  hard.resource_id =
      "quote \" slash \\ / é \xf0\x9f\x94\x92 \xe2\x80\xa8 ,\"payload\":{ ,\"org_sequence\":\"";
  hard.action = "\xef\xbf\xbd";
  hard.payload = json::Object{{"\xf0\x9f\x94\x92", 1},
                              {"\xef\xbf\xbd", 2.5},
                              {"é", -0.0},
                              {"", nullptr},
                              {"person_id", "x\x01\x1f\x7f\n"},
                              {"tiny", 5e-324},
                              {"integral", 3.0},
                              {"safe", 9007199254740991},
                              {"list", json::Array{true, false, json::Object{}, json::Array{}}}};
  events.push_back(hard);
  for (auto type : {ActorType::api_key, ActorType::service_account, ActorType::anonymous}) {
    auto event = plain_event();
    event.actor_type = type;
    event.actor_id = Uuid::v7();
    event.person = Uuid::v7();
    events.push_back(event);
  }
  for (auto outcome : {EventOutcome::denied, EventOutcome::failed, EventOutcome::unknown}) {
    auto event = plain_event();
    event.outcome = outcome;
    event.personal = std::string("\0\xff", 2);
    events.push_back(event);
  }
  return events;
}

/// The row that the appender would store.
inline StoredEvent stored(const Event& event, const Place& place) {
  auto bytes = encode_record(encode_event(event), place);
  return as_stored(Record{place, event}, bytes);
}

}  // namespace gatehouse::audit::testing
