#include "identity/attempts.h"

#include <cstring>

#include "http/address.h"
#include "tenancy/email_directory.h"

namespace gatehouse::identity {

std::uint64_t limiter_key(const crypto::Digest& digest) {
  std::uint64_t key = 0;
  std::memcpy(&key, digest.data(), sizeof key);
  return key;
}

Attempt::Attempt(Identity& identity, const crypto::Digest& email, const boost::asio::ip::address& client)
    : identity_(identity), in_all_(limiter_key(email)), from_here_(http::hash_of_client(client, in_all_)) {}

std::optional<Attempt::Refusal> Attempt::begin() {
  auto& limiter = identity_.account_failures();
  const auto& options = identity_.options();
  if (auto wait = limiter.take(from_here_, options.account_failures))
    return Refusal{*wait, Lockout::account_from_address, from_here_};
  auto wait = limiter.take(in_all_, options.account_failures_in_all);
  if (!wait) return std::nullopt;
  limiter.give_back(from_here_, options.account_failures);
  return Refusal{*wait, Lockout::account, in_all_};
}

void Attempt::forgive() {
  const auto& options = identity_.options();
  identity_.account_failures().give_back(from_here_, options.account_failures);
  identity_.account_failures().give_back(in_all_, options.account_failures_in_all);
}

Task<Result<void>> check_own_password(Identity& identity, access::Call& call, Account account,
                                      crypto::Secret password) {
  auto hash = tenancy::email_hash(call.reactor().secrets(), account.email);
  Attempt attempt(identity, hash, call.request().peer.ip);
  if (auto refusal = attempt.begin()) {
    co_await record_lockout(identity, call.reactor(), call.request(), refusal->what, refusal->key, hash);
    co_return fail(Error{.code = ErrorCode::rate_limited,
                         .detail = "Too many wrong passwords for this account",
                         .retry_after = refusal->wait});
  }
  auto right = account.password_hash
                   ? co_await identity.passwords().verify(*account.password_hash, std::move(password))
                   : co_await identity.passwords().verify_unknown(std::move(password));
  if (!right) {
    attempt.forgive();
    co_return std::unexpected(std::move(right).error());
  }
  if (!*right) co_return fail(invalid("/password", "wrong_password", "is not your password"));
  attempt.forgive();
  co_return Result<void>{};
}

}  // namespace gatehouse::identity
