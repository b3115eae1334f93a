#include "identity/sign_in.h"

#include <cstring>

#include "audit/appender.h"
#include "crypto/encoding.h"
#include "http/address.h"
#include "identity/lockout.h"
#include "identity/session.h"
#include "identity/session_client.h"
#include "identity/sessions_store.h"
#include "tenancy/email_directory.h"

namespace gatehouse::identity {
namespace {

/// One failure a token, of the account from this address and of the account in all; a sign-in that succeeds
/// gives them back.
class Attempt {
 public:
  Attempt(Identity& identity, const crypto::Digest& email, const boost::asio::ip::address& client)
      : identity_(identity) {
    std::memcpy(&in_all_, email.data(), sizeof in_all_);
    from_here_ = http::hash_of_client(client, in_all_);
  }

  struct Refusal {
    std::chrono::seconds wait;
    Lockout what;
    std::uint64_t key;
  };
  /// Something if no failure is left to be had.
  std::optional<Refusal> begin() {
    auto& limiter = identity_.account_failures();
    const auto& options = identity_.options();
    if (auto wait = limiter.take(from_here_, options.account_failures))
      return Refusal{*wait, Lockout::account_from_address, from_here_};
    auto wait = limiter.take(in_all_, options.account_failures_in_all);
    if (!wait) return std::nullopt;
    limiter.give_back(from_here_, options.account_failures);
    return Refusal{*wait, Lockout::account, in_all_};
  }
  void forgive() {
    const auto& options = identity_.options();
    identity_.account_failures().give_back(from_here_, options.account_failures);
    identity_.account_failures().give_back(in_all_, options.account_failures_in_all);
  }

 private:
  Identity& identity_;
  std::uint64_t in_all_ = 0;
  std::uint64_t from_here_ = 0;
};

struct Candidate {
  std::optional<Account> account;
  std::optional<Region> region;  // none: an operator
  /// Where the address is known, if this node knows no such account.
  std::optional<Region> elsewhere;
};

/// The same look-ups whoever it is: two in the control database, one in a region.
Task<Candidate> find_candidate(access::Reactor& reactor, std::string email, crypto::Digest hash) {
  Candidate candidate{.account = co_await find_operator(reactor, email)};
  auto regions = co_await tenancy::regions_of_email(reactor, hash);
  if (!regions.empty() &&
      !std::ranges::any_of(regions, [&](Region region) { return reactor.serves(region); }))
    candidate.elsewhere = regions.front();
  std::erase_if(regions, [&](Region region) { return !reactor.serves(region); });
  // A person has the same id and password in all regions, so the first will do.
  Region region = regions.empty() ? reactor.regions().front().region : regions.front();
  auto person = co_await find_account(reactor, region, std::move(email));
  if (!candidate.account && person) candidate = {std::move(person), region, std::nullopt};
  if (candidate.account) candidate.elsewhere.reset();
  co_return candidate;
}

Task<void> record_failure(access::Call& call, const Candidate& candidate, const crypto::Digest& email) {
  auto& reactor = call.reactor();
  auto event = co_await call.make_event(audit::EventOutcome::failed);
  auto address = tenancy::network_address_hash(reactor.secrets(), call.request().peer.to_string());
  event.payload =
      json::Object{{"email_hash", crypto::to_hex(email)}, {"address_hash", crypto::to_hex(address)}};
  auto region = candidate.region.value_or(reactor.regions().front().region);
  co_await reactor.region(region).appender->append(std::move(event));
  call.mark_audited();
}

/// The one used last, among those where one can work if there is such a one: people of a suspended or
/// cancelled organization sign in to be told.
const Membership* choose(const std::vector<Membership>& memberships) {
  auto rank = [](const Membership& membership) {
    return std::pair(-static_cast<int>(membership.status), membership.last_session_at);
  };
  auto chosen = std::ranges::max_element(memberships, {}, rank);
  return chosen == memberships.end() ? nullptr : &*chosen;
}

}  // namespace

Task<Result<access::Principal>> sign_in(Identity& identity, access::Call& call, std::string email,
                                        crypto::Secret password) {
  auto& reactor = call.reactor();
  auto hash = tenancy::email_hash(reactor.secrets(), email);
  Attempt attempt(identity, hash, call.request().peer.ip);
  if (auto refusal = attempt.begin()) {
    co_await record_lockout(identity, reactor, call.request(), refusal->what, refusal->key, hash);
    co_return fail(Error{.code = ErrorCode::rate_limited,
                         .detail = "Too many sign-ins failed for this account",
                         .retry_after = refusal->wait});
  }

  auto candidate = co_await find_candidate(reactor, std::move(email), hash);
  auto& account = candidate.account;
  auto stored = account && account->is_active ? account->password_hash : std::nullopt;
  auto kept = password.clone();
  auto verified = stored ? co_await identity.passwords().verify(*stored, std::move(password))
                         : co_await identity.passwords().verify_unknown(std::move(password));
  if (!verified) {
    attempt.forgive();
    co_return std::unexpected(std::move(verified).error());
  }
  if (!*verified) {
    co_await record_failure(call, candidate, hash);
    // Its home is no secret to whoever knows the address and has paid for an attempt.
    if (candidate.elsewhere) co_return fail(identity.wrong_region(*candidate.elsewhere));
    co_return fail(ErrorCode::invalid_credentials, "E-mail or password is wrong");
  }
  attempt.forgive();
  if (identity.passwords().needs_rehash(*stored))
    if (auto fresh = co_await identity.passwords().hash(std::move(kept)))
      co_await replace_password_hash(reactor, candidate.region, account->id, *stored, *fresh);

  if (!candidate.region) co_return co_await open_session(identity, call, account->id, nullptr);
  auto memberships = co_await list_memberships(reactor, account->id);
  const Membership* chosen = choose(memberships);
  if (!chosen) {
    co_await record_failure(call, candidate, hash);
    co_return fail(ErrorCode::not_a_member, "You belong to no organization");
  }
  co_return co_await open_session(identity, call, account->id, chosen);
}

Task<std::optional<Membership>> find_membership(access::Reactor& reactor, UserId user,
                                                OrganizationId organization) {
  for (auto& membership : co_await list_memberships(reactor, user))
    if (membership.organization_id == organization) co_return std::move(membership);
  co_return std::nullopt;
}

Task<access::Principal> open_session(Identity& identity, access::Call& call, UserId user,
                                     const Membership* membership, std::optional<SessionOrigin> origin) {
  auto& reactor = call.reactor();
  SessionAddress at{.id = SessionId::make()};
  if (membership) {
    at.organization = membership->organization_id;
    at.region = membership->region;
  }
  auto token = issue_session_token(reactor.secrets().email_hashes, at);
  auto lifetime = identity.options().session_lifetime;
  auto client =
      membership ? co_await seal_client(reactor, at, user, client_of(call.request())) : crypto::Bytes{};
  auto& note = call.audit();
  note.resource_type = "session";
  note.resource_id = at.id.to_string();
  note.user = user;
  if (membership) note.organization = at.organization;
  // An operator has no region: whatever this node serves will do for the platform's chain.
  note.region = membership ? at.region : reactor.regions().front().region;
  const bool by_provider = origin.has_value();
  pg::Batch origin_rows;
  if (origin) origin_rows = co_await session_origin_rows(reactor, at, user, std::move(*origin));
  co_await call.record_now();
  co_await insert_session(reactor, at, user, token.stored, gatehouse::now() + lifetime, std::move(client),
                          std::move(origin_rows));
  call.headers().set("set-cookie", set_cookie(identity.options().secure_cookies, token.text, lifetime));
  access::Principal who{.type = audit::ActorType::user,
                        .user = user,
                        .session = at.id,
                        .organization = at.organization,
                        .region = *note.region,
                        .role = membership ? membership->role_code : RoleCode::MS,
                        .is_super_admin = !membership,
                        .by_provider = by_provider,
                        .csrf = crypto::sha256(csrf_token(reactor.secrets().email_hashes, at.id))};
  if (membership && membership->my_workspace) who.default_workspace = *membership->my_workspace;
  co_return who;
}

}  // namespace gatehouse::identity
