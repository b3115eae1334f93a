#include "identity/sign_in.h"

#include "audit/appender.h"
#include "crypto/encoding.h"
#include "identity/attempts.h"
#include "identity/second_factor.h"
#include "identity/session.h"
#include "identity/session_client.h"
#include "identity/sessions_store.h"
#include "json/codec.h"
#include "tenancy/email_directory.h"

namespace gatehouse::identity {
namespace {

struct Candidate {
  std::optional<Account> account;
  std::optional<Region> region;  // none: an operator
  /// Where the address is known, if this node knows no such account.
  std::optional<Region> elsewhere;
};

/// The same look-ups whoever it is: two in the control database, one in each region.
Task<Candidate> find_candidate(access::Reactor& reactor, std::string email, crypto::Digest hash) {
  Candidate candidate{.account = co_await find_operator(reactor, email)};
  auto regions = co_await tenancy::regions_of_email(reactor, hash);
  if (!regions.empty() &&
      !std::ranges::any_of(regions, [&](Region region) { return reactor.serves(region); }))
    candidate.elsewhere = regions.front();
  // A person has the same id and password in all regions, so the first will do. A hash alone is no account.
  for (auto& served : reactor.regions()) {
    auto person = co_await find_account(reactor, served.region, email);
    if (!candidate.account && person) candidate = {std::move(person), served.region, std::nullopt};
  }
  if (candidate.account) candidate.elsewhere.reset();
  co_return candidate;
}

Task<void> record_failure(access::Call& call, std::optional<Region> region, const crypto::Digest& email) {
  auto& reactor = call.reactor();
  auto event = co_await call.make_event(audit::EventOutcome::failed);
  auto address = tenancy::network_address_hash(reactor.secrets(), call.request().peer.to_string());
  auto& payload = event.payload.as_object();
  payload["email_hash"] = crypto::to_hex(email);
  payload["address_hash"] = crypto::to_hex(address);
  auto place = region.value_or(reactor.regions().front().region);
  co_await reactor.region(place).appender->append(std::move(event));
  call.mark_audited();
}

/// The one used last of those that a password opens, among those where one can work if there is such a one:
/// people of a suspended or cancelled organization sign in to be told.
const Membership* choose(const std::vector<Membership>& memberships) {
  auto rank = [](const Membership& membership) {
    return std::tuple(membership.takes_passwords, -static_cast<int>(membership.status),
                      membership.last_session_at);
  };
  auto chosen = std::ranges::max_element(memberships, {}, rank);
  return chosen == memberships.end() || !chosen->takes_passwords ? nullptr : &*chosen;
}

/// Opens the session of somebody whose password, and second factor if there is one, was right.
Task<Result<access::Principal>> enter(Identity& identity, access::Call& call, UserId user,
                                      std::optional<Region> region, crypto::Digest email,
                                      std::optional<Timestamp> second_factor_at) {
  OpenedBy by{.method = SessionMethod::password, .second_factor_at = second_factor_at};
  if (!region) co_return co_await open_session(identity, call, user, nullptr, by);
  auto memberships = co_await list_memberships(call.reactor(), user);
  const Membership* chosen = choose(memberships);
  if (chosen) co_return co_await open_session(identity, call, user, chosen, by);
  co_await record_failure(call, region, email);
  bool is_off = std::ranges::any_of(memberships, [](const Membership& membership) {
    return membership.status != TenantStatus::cancelled && !membership.takes_passwords;
  });
  if (is_off)
    co_return fail(ErrorCode::password_sign_in_off, "Sign in by your organization's identity provider");
  co_return fail(ErrorCode::not_a_member, "You belong to no organization");
}

Error challenge_of(const access::NodeSecrets& secrets, AccountOwner owner, const Account& account) {
  return {.code = ErrorCode::second_factor_required,
          .detail = "Give the code of your authenticator, or a recovery code",
          .extension_name = "challenge",
          .extension_json = json::encode(issue_challenge(secrets, owner, account, gatehouse::now()))};
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
    co_await record_failure(call, candidate.region, hash);
    // Its home is no secret to whoever knows the address and has paid for an attempt.
    if (candidate.elsewhere) co_return fail(identity.wrong_region(*candidate.elsewhere));
    co_return fail(ErrorCode::invalid_credentials, "E-mail or password is wrong");
  }
  attempt.forgive();
  if (identity.passwords().needs_rehash(*stored))
    if (auto fresh = co_await identity.passwords().hash(std::move(kept))) {
      co_await replace_password_hash(reactor, candidate.region, account->id, *stored, *fresh);
      account->password_hash = std::move(*fresh);
    }
  AccountOwner owner{.user = account->id, .is_operator = !candidate.region};
  auto factor = co_await find_second_factor(reactor, owner);
  if (factor && factor->confirmed_at) {
    // Nobody is signed in yet; the event is that of the second step.
    call.mark_audited();
    co_return fail(challenge_of(reactor.secrets(), owner, *account));
  }
  co_return co_await enter(identity, call, account->id, candidate.region, hash, std::nullopt);
}

Task<Result<access::Principal>> finish_sign_in(Identity& identity, access::Call& call, std::string challenge,
                                               std::string code) {
  auto& reactor = call.reactor();
  GH_CO_TRY(auto opened, open_challenge(reactor.secrets(), challenge, gatehouse::now()));
  auto owner = opened.owner;
  std::optional<Region> region;
  std::optional<Account> account;
  if (owner.is_operator) {
    account = co_await get_operator(reactor, owner.user);
  } else if ((region = co_await home_of(reactor, owner.user))) {
    account = co_await get_account(reactor, *region, owner.user);
  }
  if (!account || !account->is_active || password_mark(*account) != opened.password_mark)
    co_return fail(ErrorCode::invalid_credentials, "The account has changed: begin anew");
  auto hash = tenancy::email_hash(reactor.secrets(), account->email);
  auto taken = co_await take_code(identity, reactor, owner, std::move(code));
  if (!taken) {
    call.audit().payload["second_factor"] = true;
    co_await record_failure(call, region, hash);
    co_return std::unexpected(std::move(taken).error());
  }
  call.audit().payload["second_factor"] = true;
  co_return co_await enter(identity, call, owner.user, region, hash, gatehouse::now());
}

Task<std::optional<Membership>> find_membership(access::Reactor& reactor, UserId user,
                                                OrganizationId organization) {
  for (auto& membership : co_await list_memberships(reactor, user))
    if (membership.organization_id == organization) co_return std::move(membership);
  co_return std::nullopt;
}

Task<access::Principal> open_session(Identity& identity, access::Call& call, UserId user,
                                     const Membership* membership, OpenedBy by,
                                     std::optional<SessionOrigin> origin) {
  if (origin) by.method = SessionMethod::sso;
  auto& reactor = call.reactor();
  SessionAddress at{.id = SessionId::make()};
  if (membership) {
    at.organization = membership->organization_id;
    at.region = membership->region;
  }
  auto token = issue_session_token(reactor.secrets().email_hashes, at);
  auto now = gatehouse::now();
  auto ends_at = by.ends_at.value_or(now + identity.options().session_lifetime);
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
  co_await insert_session(reactor, at, user, token.stored, ends_at, std::move(client), by.method,
                          by.second_factor_at, std::move(origin_rows));
  call.headers().set("set-cookie", set_cookie(identity.options().secure_cookies, token.text,
                                              std::chrono::floor<std::chrono::seconds>(ends_at - now)));
  access::Principal who{.type = audit::ActorType::user,
                        .user = user,
                        .session = at.id,
                        .organization = at.organization,
                        .region = *note.region,
                        .role = membership ? membership->role_code : RoleCode::MS,
                        .is_super_admin = !membership,
                        .by_provider = by_provider,
                        .is_restricted = membership && membership->asks_second_factor &&
                                         !by.second_factor_at && by.method != SessionMethod::sso,
                        .csrf = crypto::sha256(csrf_token(reactor.secrets().email_hashes, at.id))};
  if (membership && membership->my_workspace) who.default_workspace = *membership->my_workspace;
  co_return who;
}

}  // namespace gatehouse::identity
