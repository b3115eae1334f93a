#include "identity/lockout.h"

#include <boost/describe/enum_to_string.hpp>

#include "audit/appender.h"
#include "crypto/encoding.h"
#include "http/address.h"
#include "tenancy/email_directory.h"

namespace gatehouse::identity {

Task<void> record_lockout(Identity& identity, access::Reactor& reactor, const http::Request& request,
                          Lockout what, std::uint64_t key, std::optional<crypto::Digest> email) {
  if (identity.lockout_events().take(key, identity.options().lockout_events)) co_return;
  auto event = audit::make_event("session.create");
  event.actor_type = audit::ActorType::anonymous;
  event.resource_type = "session";
  event.outcome = audit::EventOutcome::denied;
  event.request_id = request.request_id;
  auto address = tenancy::network_address_hash(reactor.secrets(), request.peer.to_string());
  json::Object payload{{"locked_out", boost::describe::enum_to_string(what, "")},
                       {"address_hash", crypto::to_hex(address)}};
  if (email) payload["email_hash"] = crypto::to_hex(*email);
  event.payload = std::move(payload);
  co_await reactor.regions().front().appender->append(std::move(event));
}

Task<void> Identity::note_refused_sign_in(access::Reactor& reactor, const http::Request& request) {
  return record_lockout(*this, reactor, request, Lockout::address, http::hash_of_client(request.peer.ip, 0));
}

}  // namespace gatehouse::identity
