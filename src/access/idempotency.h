// `Idempotency-Key` on POSTs that create: the answer is stored by the transaction that did the work, and a
// repeat gets it again (draft-ietf-httpapi-idempotency-key-header). Kept 24 hours.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/error.h"
#include "crypto/digest.h"
#include "domain/ids.h"
#include "http/message.h"
#include "pg/batch.h"
#include "pg/rows.h"

namespace gatehouse::access {

struct IdempotencyKey {
  std::string operation;
  Uuid principal;               // the person: an API key acts for one
  crypto::Digest key_hash;      // keyed, of operation, principal, actor and the header's value
  crypto::Digest request_hash;  // keyed, of workspace, target and body: a body may be short enough to guess
  bool seal = false;            // the answer holds a once-shown secret
};

/// Who asks, and where.
struct Requester {
  Uuid person;
  Uuid actor;  // the person, or the API key that acts for one
  Uuid workspace;
};

/// Nothing if the request has no such header. Errors: validation_failed for one that is not 1 to 255
/// printable characters.
Result<std::optional<IdempotencyKey>> idempotency_key(const http::Request&, std::string_view operation,
                                                      const Requester&, const crypto::Secret& key);

/// Statements that take the key's lock for the transaction and look for a stored answer.
void add_claim(pg::Batch&, const IdempotencyKey&, OrganizationId);

struct StoredAnswer {
  int status = 0;
  std::string body;
  bool is_sealed = false;
};

/// Reads the results of add_claim, which begin at `rows[first]`. A value: answer with it and do nothing.
/// Errors: idempotency_in_flight, idempotency_mismatch.
Result<std::optional<StoredAnswer>> claimed(const std::vector<pg::Rows>& rows, std::size_t first,
                                            const IdempotencyKey&);

void add_store(pg::Batch&, const IdempotencyKey&, OrganizationId, int status, std::string_view body);

/// Thrown out of Call::write when the answer exists already; the dispatcher catches it.
struct Replay {
  StoredAnswer answer;
};
/// Thrown out of Call::write when the key is in flight or was used otherwise.
struct Refused {
  Error error;
};

}  // namespace gatehouse::access
