#include "identity/operators.h"

#include "audit/event.h"
#include "identity/accounts_store.h"
#include "tenancy/email_directory.h"

namespace gatehouse::identity {

Task<Result<UserId>> create_operator(access::Reactor& reactor, crypto::PasswordHasher& hasher,
                                     std::string email, std::string name, crypto::Secret password) {
  std::vector<FieldError> fields;
  auto address = tenancy::normalize_email(email);
  if (!address) fields.push_back({"/email", "bad_format", "must be an e-mail address"});
  if (name.empty() || name.size() > 255) fields.push_back({"/name", "bad_length", "must be 1 to 255 bytes"});
  if (password.size() < kMinPassword || password.size() > kMaxPassword)
    fields.push_back({"/password", "bad_length", "must be 12 to 1024 bytes"});
  if (!fields.empty())
    co_return fail(Error{.code = ErrorCode::validation_failed, .fields = std::move(fields)});
  auto exists = [&] {
    return fail(ErrorCode::already_exists, "There is an operator with the address " + *address + " already");
  };
  if (co_await find_operator(reactor, *address)) co_return exists();

  GH_CO_TRY(auto hash, co_await hasher.hash(std::move(password)));
  auto id = UserId::make();
  if (!co_await insert_operator(reactor, id, *address, std::move(name), std::move(hash))) co_return exists();
  auto event = audit::make_event("operator.create");
  event.actor_type = audit::ActorType::system;
  event.resource_type = "user";
  event.resource_id = id.to_string();
  co_await reactor.regions().front().appender->append(std::move(event));
  co_return id;
}

}  // namespace gatehouse::identity
