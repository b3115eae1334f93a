#include "identity/operators.h"

#include "audit/appender.h"
#include "audit/event.h"
#include "domain/password_policy.h"
#include "identity/accounts_store.h"
#include "identity/passwords_store.h"
#include "identity/second_factors_store.h"
#include "identity/sign_up_store.h"
#include "pg/params.h"
#include "tenancy/email_directory.h"

namespace gatehouse::identity {
namespace {

constexpr pg::Statement kAllowPasswords{
    "organizations.allow_passwords",
    "update organizations set settings = settings #- '{sign_in,password}' where id = $1"};

}  // namespace

Task<Result<UserId>> create_operator(access::Reactor& reactor, crypto::PasswordHasher& hasher,
                                     std::string email, std::string name, crypto::Secret password) {
  std::vector<FieldError> fields;
  auto address = tenancy::normalize_email(email);
  if (!address) fields.push_back({"/email", "bad_format", "must be an e-mail address"});
  if (name.empty() || name.size() > 255) fields.push_back({"/name", "bad_length", "must be 1 to 255 bytes"});
  if (auto refused = refuse_password(password.reveal(), {.email = email, .name = name}))
    fields.push_back({"/password", std::string(refused->code), std::string(refused->message)});
  if (!fields.empty()) co_return fail(invalid(std::move(fields)));
  auto exists = [&] {
    return fail(ErrorCode::already_exists, "There is an operator with the address " + *address + " already");
  };
  if (co_await find_operator(reactor, *address)) co_return exists();

  GH_CO_TRY(auto hash, co_await hasher.hash(std::move(password)));
  auto id = UserId::make();
  auto event = audit::make_event("operator.create");
  event.actor_type = audit::ActorType::system;
  event.resource_type = "user";
  event.resource_id = id.to_string();
  co_await reactor.regions().front().appender->append(std::move(event));
  if (!co_await insert_operator(reactor, id, *address, std::move(name), std::move(hash))) co_return exists();
  co_return id;
}

Task<Result<void>> reset_operator(access::Reactor& reactor, crypto::PasswordHasher& hasher, std::string email,
                                  crypto::Secret password) {
  auto address = tenancy::normalize_email(email);
  auto account = address ? co_await find_operator(reactor, *address) : std::nullopt;
  if (!account) co_return fail(ErrorCode::not_found, "There is no operator with that address");
  GH_CO_CHECK(check_new_password(password.reveal(), {.email = account->email, .name = account->name}));
  GH_CO_TRY(auto hash, co_await hasher.hash(std::move(password)));
  auto event = audit::make_event("operator.reset");
  event.actor_type = audit::ActorType::system;
  event.resource_type = "user";
  event.resource_id = account->id.to_string();
  co_await reactor.regions().front().appender->append(std::move(event));
  co_await delete_second_factor(reactor, {.user = account->id, .is_operator = true});
  co_await set_password(reactor, std::nullopt, account->id, std::move(hash), std::nullopt);
  co_return Result<void>{};
}

Task<Result<void>> allow_passwords(access::Reactor& reactor, std::string slug) {
  auto place = co_await find_slug(reactor, std::move(slug));
  if (!place) co_return fail(ErrorCode::not_found, "There is no organization with that short name");
  if (!reactor.serves(place->region))
    co_return fail(ErrorCode::wrong_region, "This node does not serve its region");
  auto event = audit::make_event("organization.update");
  event.organization = place->organization_id;
  event.actor_type = audit::ActorType::system;
  event.resource_type = "organization";
  event.resource_id = place->organization_id.to_string();
  event.payload = json::Object{{"changed", json::Array{"settings.sign_in.password"}}};
  co_await reactor.region(place->region).appender->append(std::move(event));
  co_await reactor.region(place->region)
      .platform->run(pg::Batch(kAllowPasswords, pg::params(place->organization_id)),
                     pg::within(std::chrono::seconds(10)));
  co_return Result<void>{};
}

}  // namespace gatehouse::identity
