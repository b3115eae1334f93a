// Who does operator's work: a person at the console, or the command line.
#pragma once

#include <optional>
#include <string>

#include "access/call.h"
#include "audit/event.h"

namespace gatehouse::tenancy {

struct Operator {
  audit::ActorType type = audit::ActorType::system;
  std::optional<Uuid> id;
  std::string request_id;
};

/// Whoever makes the call.
Operator operator_of(const access::Call&);

/// An event of theirs, in the platform's chain until an organization is set.
audit::Event operator_event(const Operator&, std::string action, std::string resource_type,
                            std::string resource_id);

}  // namespace gatehouse::tenancy
