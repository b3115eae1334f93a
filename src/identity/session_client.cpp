#include "identity/session_client.h"

#include "json/codec.h"
#include "vault/data_key.h"

namespace gatehouse::identity {
namespace {

constexpr std::size_t kMaxUserAgent = 512;

vault::SealContext context_of(const SessionAddress& at) {
  return {.organization = at.organization.value,
          .table = "sessions",
          .row = at.id.to_string(),
          .field = "personal"};
}

}  // namespace

SessionClient client_of(const http::Request& request) {
  return {.ip = request.peer.to_string(),
          .user_agent = std::string(request.headers.get("user-agent").substr(0, kMaxUserAgent))};
}

Task<crypto::Bytes> seal_client(access::Reactor& reactor, SessionAddress at, UserId user,
                                SessionClient client) {
  auto key = co_await reactor.region(at.region).keyring->person_key(at.organization, user);
  if (!key) co_return crypto::Bytes{};
  co_return vault::seal_field(*key, context_of(at), json::encode(client)).bytes;
}

Task<std::optional<SessionClient>> open_client(access::Reactor& reactor, SessionAddress at, UserId user,
                                               std::optional<crypto::Bytes> sealed) {
  if (!sealed) co_return std::nullopt;
  auto key = co_await reactor.region(at.region).keyring->person_key(at.organization, user);
  auto bytes = vault::Sealed::from_bytes(std::move(*sealed));
  if (!key || !bytes) co_return std::nullopt;
  auto opened = vault::open_field(*key, context_of(at), *bytes);
  if (!opened) co_return std::nullopt;
  auto client = json::decode_text<SessionClient>(opened->reveal());
  co_return client ? std::optional(std::move(*client)) : std::nullopt;
}

}  // namespace gatehouse::identity
