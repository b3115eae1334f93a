// The token that an organization gives its directory, and what came of it.
#include "crypto/token.h"
#include "identity/scim_tokens.h"
#include "json/bounded.h"
#include "pg/error.h"
#include "pg/params.h"
#include "pg/statement.h"
#include "scim/protocol.h"
#include "scim/scim_api.h"

namespace gatehouse::scim {
namespace {

using access::Call;
using access::Created;
using access::Input;
using access::NoContent;
using access::None;
using access::Permission;
using access::RateClass;

constexpr pg::Statement kCounts{
    "scim.counts",
    "select (select count(*) from scim_users where organization_id = $1 and is_provisioned"
    " and deleted_at is null) as people,"
    " (select count(*) from groups where organization_id = $1 and is_provisioned and is_active) as groups"};

struct Counts {
  std::int64_t people;
  std::int64_t groups;
};
BOOST_DESCRIBE_STRUCT(Counts, (), (people, groups))

struct ScimView {
  std::string base_url;
  std::vector<identity::ScimTokenView> tokens;  // the current one, and the one that it replaces
  std::int64_t provisioned_people;
  std::int64_t provisioned_groups;
};
BOOST_DESCRIBE_STRUCT(ScimView, (), (base_url, tokens, provisioned_people, provisioned_groups))

struct NewScimToken {
  std::string token;  // shown once
  ScimView scim;
};
BOOST_DESCRIBE_STRUCT(NewScimToken, (), (token, scim))

struct RotateScimToken {
  /// How long the token before stays good.
  json::Defaulted<json::Int<0, 168>> overlap_hours = json::Int<0, 168>(24);
};
BOOST_DESCRIBE_STRUCT(RotateScimToken, (), (overlap_hours))

struct TokenPath {
  ScimTokenId scim_token_id;
};
BOOST_DESCRIBE_STRUCT(TokenPath, (), (scim_token_id))

pg::Batch select_view(OrganizationId organization) {
  auto batch = identity::select_scim_tokens(organization);
  batch.add(kCounts, pg::params(organization));
  return batch;
}

ScimView read_view(Call& call, const identity::Identity& identity, const std::vector<pg::Rows>& rows) {
  auto counts = rows[1].one<Counts>();
  return {.base_url = base_address(call.reactor(), call.region(), identity),
          .tokens = rows[0].as<identity::ScimTokenView>(),
          .provisioned_people = counts.people,
          .provisioned_groups = counts.groups};
}

/// Makes one, unless there is one.
Task<Result<Created<NewScimToken>>> issue(const identity::Identity& identity, Call& call) {
  auto id = ScimTokenId::make();
  auto token = crypto::issue_token({.kind = crypto::TokenKind::scim,
                                    .region = std::string(to_string(call.region())),
                                    .organization = call.organization().value,
                                    .id = id.value});
  try {
    co_await identity::insert_scim_token(call, id, token.stored, token.text.last_four());
  } catch (const pg::Error& error) {
    if (!error.is_unique_violation()) throw;
    co_return fail(ErrorCode::conflict, "There is a token already: rotate or revoke it");
  }
  call.audit().resource_id = id.to_string();
  auto rows = co_await call.write(select_view(call.organization()));
  co_return Created{
      NewScimToken{.token = std::string(token.text.reveal()), .scim = read_view(call, identity, rows)}};
}

Task<Result<Created<NewScimToken>>> rotate(identity::Identity& identity, Call& call, std::int64_t hours) {
  auto ended = co_await identity::replace_scim_token(call, std::chrono::hours(hours));
  if (!ended) co_return fail(ErrorCode::conflict, "There is no token to rotate: make one");
  call.audit().payload["overlap_hours"] = hours;
  GH_CO_TRY(auto made, co_await issue(identity, call));
  for (auto id : *ended) identity.revocations().add(id.value);
  co_return made;
}

Task<Result<NoContent>> revoke(identity::Identity& identity, Call& call, ScimTokenId id) {
  call.audit().resource_id = id.to_string();
  if (!co_await identity::revoke_scim_token(call, id)) co_return fail(ErrorCode::not_found);
  identity.revocations().add(id.value);
  co_return NoContent{};
}

}  // namespace

void add_token_operations(access::Operations& operations, identity::Identity& identity) {
  operations.add(
      {.method = http::Method::get,
       .path = "/api/scim",
       .id = "getScim",
       .summary = "Where the directory provisions, by which token, and how much it has provisioned",
       .tag = "scim_token",
       .permission = Permission::scim_manage,
       .audit_action = "scim.token.read",
       .rate = RateClass::read},
      [&identity](Call& call, Input<>) -> Task<Result<ScimView>> {
        auto rows = co_await call.read(select_view(call.organization()));
        co_return read_view(call, identity, rows);
      });

  operations.add({.method = http::Method::post,
                  .path = "/api/scim/tokens",
                  .id = "createScimToken",
                  .summary = "The token that the directory calls with; it is shown once, and there is one",
                  .tag = "scim_token",
                  .permission = Permission::scim_manage,
                  .audit_action = "scim.token.create",
                  .rate = RateClass::write,
                  .critical = true,
                  .idempotent = true,
                  .feature = "scim",
                  .shows_secret = true,
                  .failures = {ErrorCode::conflict}},
                 [&identity](Call& call, Input<>) { return issue(identity, call); });

  operations.add({.method = http::Method::post,
                  .path = "/api/scim/tokens/rotate",
                  .id = "rotateScimToken",
                  .summary = "Another token; the one before stays good for a while, the one before that ends",
                  .tag = "scim_token",
                  .permission = Permission::scim_manage,
                  .audit_action = "scim.token.rotate",
                  .rate = RateClass::write,
                  .critical = true,
                  .idempotent = true,
                  .feature = "scim",
                  .shows_secret = true,
                  .failures = {ErrorCode::conflict}},
                 [&identity](Call& call, Input<None, None, RotateScimToken> in) {
                   return rotate(identity, call, in.body.overlap_hours->value());
                 });

  operations.add(
      {.method = http::Method::delete_,
       .path = "/api/scim/tokens/{scim_token_id}",
       .id = "revokeScimToken",
       .summary = "End a token, for good and at once; what was provisioned stays",
       .tag = "scim_token",
       .permission = Permission::scim_manage,
       .audit_action = "scim.token.revoke",
       .rate = RateClass::write,
       .critical = true,
       .failures = {ErrorCode::not_found}},
      [&identity](Call& call, Input<TokenPath> in) { return revoke(identity, call, in.path.scim_token_id); });
}

}  // namespace gatehouse::scim
