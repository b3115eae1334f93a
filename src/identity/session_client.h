// From where a session was opened: address and browser, sealed under the person's key, shown to the person.
#pragma once

#include <optional>
#include <string>

#include "access/reactor.h"
#include "crypto/bytes.h"
#include "http/message.h"
#include "identity/session.h"

namespace gatehouse::identity {

struct SessionClient {
  std::string ip;
  std::string user_agent;
};
BOOST_DESCRIBE_STRUCT(SessionClient, (), (ip, user_agent))

SessionClient client_of(const http::Request&);

/// Empty if the person's key was destroyed.
Task<crypto::Bytes> seal_client(access::Reactor&, SessionAddress, UserId, SessionClient);
/// Nothing if there is nothing, or it does not open.
Task<std::optional<SessionClient>> open_client(access::Reactor&, SessionAddress, UserId,
                                               std::optional<crypto::Bytes> sealed);

}  // namespace gatehouse::identity
