#include "tenancy/operator.h"

namespace gatehouse::tenancy {

Operator operator_of(const access::Call& call) {
  return {
      .type = call.principal().type, .id = call.principal().actor(), .request_id = call.request().request_id};
}

audit::Event operator_event(const Operator& who, std::string action, std::string resource_type,
                            std::string resource_id) {
  auto event = audit::make_event(std::move(action));
  event.actor_type = who.type;
  event.actor_id = who.id;
  event.request_id = who.request_id;
  event.resource_type = std::move(resource_type);
  event.resource_id = std::move(resource_id);
  return event;
}

}  // namespace gatehouse::tenancy
