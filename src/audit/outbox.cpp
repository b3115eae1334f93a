#include "audit/outbox.h"

namespace gatehouse::audit {

const pg::Statement kInsertOutbox{
    "audit.insert_outbox",
    "insert into audit_outbox (id, organization_id, recorded_at, event) values ($1, $2, $3, $4)"};

pg::Params outbox_params(const Event& event) {
  auto bytes = encode_event(event);
  std::span view(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  return pg::params(event.id, event.organization, event.recorded_at, view);
}

}  // namespace gatehouse::audit
