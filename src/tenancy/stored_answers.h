// Answers of the operator's calls that show a secret, kept for their repeats: sealed under the key of the
// organization that they are about, by the transaction that did the work (access/idempotency.h).
#pragma once

#include <optional>
#include <string>

#include "access/idempotency.h"
#include "access/reactor.h"
#include "pg/batch.h"
#include "vault/data_key.h"

namespace gatehouse::tenancy {

void add_answer(pg::Batch&, OrganizationId, const access::IdempotencyKey&, const vault::OrganizationKey&,
                int status, std::string body);
/// What add_answer stored.
Task<std::string> open_answer(access::Reactor&, Region, OrganizationId, access::IdempotencyKey,
                              access::StoredAnswer);

}  // namespace gatehouse::tenancy
