#include "tenancy/stored_answers.h"

namespace gatehouse::tenancy {
namespace {

vault::SealContext context(OrganizationId organization, const access::IdempotencyKey& key) {
  return {.organization = organization.value,
          .table = "idempotency_keys",
          .row = key.principal.to_string(),
          .field = key.operation};
}

}  // namespace

void add_answer(pg::Batch& batch, OrganizationId organization, const access::IdempotencyKey& request,
                const vault::OrganizationKey& key, int status, std::string body) {
  auto sealed = vault::seal_field(key, context(organization, request), body);
  crypto::wipe_text(body);
  access::add_store(batch, request, organization, status,
                    {reinterpret_cast<const char*>(sealed.bytes.data()), sealed.bytes.size()});
}

Task<std::string> open_answer(access::Reactor& reactor, Region region, OrganizationId organization,
                              access::IdempotencyKey request, access::StoredAnswer stored) {
  auto sealed = vault::Sealed::from_bytes({stored.body.begin(), stored.body.end()});
  if (!sealed) throw Failure("a stored answer is not sealed as it says");
  auto opened =
      co_await reactor.region(region).keyring->open(context(organization, request), std::move(*sealed));
  if (!opened) throw Failure("a stored answer does not open");
  co_return std::string(opened->reveal());
}

}  // namespace gatehouse::tenancy
