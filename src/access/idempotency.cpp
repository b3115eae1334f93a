#include "access/idempotency.h"

#include <cstring>

#include "crypto/aead.h"
#include "domain/ids.h"
#include "pg/params.h"

namespace gatehouse::access {
namespace {

constexpr pg::Statement kLock{"idempotency.lock", "select pg_try_advisory_xact_lock($1) as taken"};
constexpr pg::Statement kFind{
    "idempotency.find",
    "select request_hash, status, body, is_sealed from idempotency_keys"
    " where organization_id = $1 and principal_id = $2 and operation = $3 and key_hash = $4"};
constexpr pg::Statement kStore{"idempotency.store",
                               "insert into idempotency_keys (organization_id, principal_id, operation, "
                               "key_hash, request_hash, status, body,"
                               " is_sealed) values ($1, $2, $3, $4, $5, $6, $7, $8)"};

}  // namespace

Result<std::optional<IdempotencyKey>> idempotency_key(const http::Request& request,
                                                      std::string_view operation, const Requester& who,
                                                      const crypto::Secret& key) {
  auto header = request.headers.find("idempotency-key");
  if (!header) return std::optional<IdempotencyKey>{};
  bool printable = std::ranges::all_of(*header, [](char c) { return c > 0x20 && c < 0x7f; });
  if (header->empty() || header->size() > 255 || !printable)
    return fail(invalid("Idempotency-Key", "bad_format", "must be 1 to 255 printable characters"));
  auto person = who.person.to_string(), actor = who.actor.to_string(), workspace = who.workspace.to_string();
  auto keyed = [&](std::initializer_list<crypto::ByteView> parts) {
    return crypto::hmac_sha256(key, crypto::aad(parts));
  };
  return IdempotencyKey{
      .operation = std::string(operation),
      .principal = who.person,
      .key_hash = keyed({"idempotency key", operation, person, actor, *header}),
      .request_hash = keyed({"idempotent request", person, workspace, request.target, request.body})};
}

void add_claim(pg::Batch& batch, const IdempotencyKey& key, OrganizationId organization) {
  std::int64_t lock;
  std::memcpy(&lock, key.key_hash.data(), sizeof lock);
  batch.add(kLock, pg::params(lock));
  batch.add(kFind, pg::params(organization, key.principal, key.operation, key.key_hash));
}

Result<std::optional<StoredAnswer>> claimed(const std::vector<pg::Rows>& rows, std::size_t first,
                                            const IdempotencyKey& key) {
  if (!rows[first][0].get<bool>("taken"))
    return fail(ErrorCode::idempotency_in_flight, "A call with this Idempotency-Key is still running");
  const pg::Rows& found = rows[first + 1];
  if (found.empty()) return std::optional<StoredAnswer>{};
  auto row = found[0];
  if (!crypto::equal(row.get<std::span<const std::uint8_t>>("request_hash"), key.request_hash))
    return fail(ErrorCode::idempotency_mismatch, "This Idempotency-Key was used with another request");
  auto body = row.get<std::span<const std::uint8_t>>("body");
  return StoredAnswer{.status = row.get<int>("status"),
                      .body = {body.begin(), body.end()},
                      .is_sealed = row.get<bool>("is_sealed")};
}

void add_store(pg::Batch& batch, const IdempotencyKey& key, OrganizationId organization, int status,
               std::string_view body) {
  std::span bytes(reinterpret_cast<const std::uint8_t*>(body.data()), body.size());
  batch.add(kStore, pg::params(organization, key.principal, key.operation, key.key_hash, key.request_hash,
                               status, bytes, key.seal));
}

}  // namespace gatehouse::access
