#include "identity/passwords.h"

#include <atomic>
#include <memory>

#include "base/log.h"
#include "crypto/encoding.h"
#include "crypto/token.h"
#include "domain/password_policy.h"
#include "identity/attempts.h"
#include "identity/letters.h"
#include "identity/passwords_store.h"
#include "mail/outbox.h"
#include "tenancy/email_directory.h"

namespace gatehouse::identity {
namespace {

using namespace std::chrono_literals;
using access::Call;
using access::Reactor;

constexpr int kMostLetters = 64;

std::string url_of(const Identity& identity, const crypto::Secret& token) {
  // Behind the hash, so that no server's log, proxy or referrer has it.
  return identity.options().issuer + "/reset-password#" + std::string(token.reveal());
}

struct MadeLink {
  NewReset reset;
  std::string url;
};
MadeLink make_link(const Identity& identity, Reactor& reactor, Region region, const Account& account,
                   std::optional<Issuer> issuer) {
  auto id = Uuid::v7();
  auto token = crypto::issue_sealed_token({.kind = crypto::TokenKind::password_reset,
                                           .region = std::string(to_string(region)),
                                           .organization = {},
                                           .id = id},
                                          reactor.secrets().accounts);
  return {{.id = id,
           .user = account.id,
           .email = account.email,
           .token = token.stored,
           .issuer = issuer,
           .is_mailed = identity.options().mail,
           .expires_at = gatehouse::now() + kResetLifetime},
          url_of(identity, token.text)};
}

/// One of the letters that may be under way at once, until it goes.
class Place {
 public:
  static std::optional<Place> take(Identity& identity) {
    Place place(identity.letters_under_way());
    if (place.under_way_->fetch_add(1, std::memory_order_relaxed) >= kMostLetters) return std::nullopt;
    return place;
  }

 private:
  struct GiveBack {
    void operator()(std::atomic<int>* under_way) const { under_way->fetch_sub(1, std::memory_order_relaxed); }
  };
  explicit Place(std::atomic<int>& under_way) : under_way_(&under_way) {}

  std::unique_ptr<std::atomic<int>, GiveBack> under_way_;
};

Task<void> send_link(Identity& identity, Reactor& reactor, std::string email) {
  auto regions = co_await tenancy::regions_of_email(reactor, tenancy::email_hash(reactor.secrets(), email));
  for (Region region : regions) {
    if (!reactor.serves(region)) continue;
    auto account = co_await find_account(reactor, region, email);
    if (!account || !account->is_active) continue;
    auto link = make_link(identity, reactor, region, *account, std::nullopt);
    auto letter = mail::to_outbox(reactor.secrets(), "password_reset",
                                  reset_letter(account->email, account->language.value_or("en"), link.url));
    co_await insert_reset(reactor, region, std::move(link.reset), std::move(letter));
    co_return;
  }
}

Task<void> send_beside(Identity& identity, Reactor& reactor, std::string email, Place) {
  try {
    co_await send_link(identity, reactor, std::move(email));
  } catch (const std::exception& failure) {
    log::warn("identity.reset_not_sent", {{"error", failure.what()}});
  }
}

std::unexpected<Error> bad_link() {
  return fail(ErrorCode::invalid_link, "Ask for a new link");
}

/// One for the chain of each of the person's organizations there: their sessions in it end.
Task<std::vector<audit::Event>> reset_events(Call& call, Region region, UserId user) {
  std::vector<audit::Event> events;
  auto organizations = co_await organizations_of(call.reactor(), region, user);
  auto& note = call.audit();
  note.resource_type = "user";
  note.resource_id = user.to_string();
  note.user = user;
  note.region = region;
  for (auto organization : organizations) {
    note.organization = organization;
    auto event = co_await call.make_event(audit::EventOutcome::success);
    event.id = AuditEventId::make();
    event.personal.clear();  // sealed for the id that the event had
    event.person.reset();
    events.push_back(std::move(event));
  }
  co_return events;
}

/// Whether who made a link is an administrator of that organization.
Task<bool> is_administrator(Reactor& reactor, Region region, Issuer issuer) {
  auto account = co_await get_account(reactor, region, issuer.user);
  if (!account || !account->is_active) co_return false;
  auto memberships = co_await list_memberships(reactor, issuer.user);
  auto there = std::ranges::find(memberships, issuer.organization, &Membership::organization_id);
  co_return there != memberships.end() && there->role_code == RoleCode::OA;
}

/// Whether an administrator's link may set the password: when it is made, and again when it is used.
Task<Result<void>> check_issuer(Reactor& reactor, Region region, Issuer issuer, Account account) {
  if (!co_await is_administrator(reactor, region, issuer)) co_return fail(ErrorCode::forbidden);
  auto organizations = co_await organizations_of(reactor, region, account.id);
  if (std::ranges::find(organizations, issuer.organization) == organizations.end())
    co_return fail(ErrorCode::not_found);
  auto memberships = co_await list_memberships(reactor, account.id);
  auto here = std::ranges::find(memberships, issuer.organization, &Membership::organization_id);
  if (here == memberships.end() || !account.is_active)
    co_return fail(ErrorCode::conflict, "The person is not active");
  if (here->is_owner && account.id != issuer.user)
    co_return fail(ErrorCode::forbidden, "The owner's password is the owner's own");
  bool is_elsewhere = organizations.size() > 1;
  for (Region known : co_await tenancy::regions_of_account(reactor, account.email))
    if (known != region) is_elsewhere = true;
  if (is_elsewhere)
    co_return fail(
        ErrorCode::conflict,
        "The person belongs to another organization as well: only they can ask for a new password");
  co_return Result<void>{};
}

void forget(Identity& identity, const std::vector<SessionId>& ended) {
  for (auto id : ended) identity.revocations().add(id.value);
}

}  // namespace

Result<void> check_speaks_for_person(const access::Principal& who) {
  if (!who.by_provider) return {};
  return fail(
      ErrorCode::forbidden,
      "A session of the organization's provider neither shows nor changes how its person signs in elsewhere");
}

Task<Result<void>> change_password(Identity& identity, Call& call, crypto::Secret current,
                                   crypto::Secret wanted) {
  const auto who = call.principal();
  GH_CO_CHECK(check_speaks_for_person(who));
  auto& reactor = call.reactor();
  auto account = who.has_organization() ? co_await get_account(reactor, who.region, who.user)
                                        : co_await get_operator(reactor, who.user);
  if (!account) co_return fail(ErrorCode::unauthenticated, "The account does not exist any more");
  GH_CO_CHECK(
      check_new_password(wanted.reveal(), {.email = account->email, .name = account->name}, "/new_password"));
  GH_CO_CHECK(co_await check_own_password(identity, call, *account, std::move(current)));
  GH_CO_TRY(auto hash, co_await identity.passwords().hash(std::move(wanted)));
  call.audit().resource_type = "user";
  call.audit().resource_id = who.user.to_string();
  co_await call.record_now();
  if (!who.has_organization()) {
    forget(identity, co_await set_password(reactor, std::nullopt, who.user, hash, who.session));
    co_return Result<void>{};
  }
  for (auto& served : reactor.regions())
    forget(identity, co_await set_password(reactor, served.region, who.user, hash, who.session));
  co_return Result<void>{};
}

Task<Result<void>> request_reset(Identity& identity, Call& call, std::string email) {
  auto& reactor = call.reactor();
  auto hash = tenancy::email_hash(reactor.secrets(), email);
  if (auto wait = identity.password_requests().take(limiter_key(hash), identity.options().password_requests))
    co_return fail(Error{.code = ErrorCode::rate_limited,
                         .detail = "Too many links were asked for this address",
                         .retry_after = *wait});
  call.audit().payload["email_hash"] = crypto::to_hex(hash);
  if (!identity.options().mail) co_return Result<void>{};
  auto place = Place::take(identity);
  if (!place) co_return fail(Error{.code = ErrorCode::overloaded, .retry_after = 1s});
  co_await call.record_now();
  asio::co_spawn(reactor.executor(), send_beside(identity, reactor, std::move(email), std::move(*place)),
                 asio::detached);
  co_return Result<void>{};
}

Task<Result<ResetLink>> make_reset_link(Identity& identity, Call& call, UserId user) {
  auto& reactor = call.reactor();
  auto region = call.region();
  call.audit().resource_type = "user";
  call.audit().resource_id = user.to_string();
  auto account = co_await get_account(reactor, region, user);
  if (!account) co_return fail(ErrorCode::not_found);
  Issuer issuer{call.organization(), call.principal().person()};
  GH_CO_CHECK(co_await check_issuer(reactor, region, issuer, *account));
  auto link = make_link(identity, reactor, region, *account, issuer);
  pg::Batch letter;
  ResetLink made{.expires_at = link.reset.expires_at};
  if (identity.options().mail)
    letter = mail::to_outbox(reactor.secrets(), "password_reset",
                             reset_letter_from(account->email, account->language.value_or("en"), link.url,
                                               call.tenant().tenant().name));
  else
    made.url = std::move(link.url);
  call.audit().payload["sent"] = identity.options().mail;
  co_await call.record_now();
  if (!co_await insert_reset(reactor, region, std::move(link.reset), std::move(letter)))
    co_return fail(ErrorCode::conflict, "Another change got in between; try again");
  co_return made;
}

Task<Result<void>> reset_password(Identity& identity, Call& call, std::string token,
                                  crypto::Secret password) {
  auto& reactor = call.reactor();
  auto presented = crypto::parse_token(crypto::TokenKind::password_reset, token);
  if (!presented || !crypto::carries_seal(token, reactor.secrets().accounts)) co_return bad_link();
  auto region = parse_region(presented->address.region);
  if (!region) co_return bad_link();
  if (!reactor.serves(*region)) co_return fail(identity.wrong_region(*region));
  auto id = presented->address.id;
  auto reset = co_await find_reset(reactor, *region, id, presented->digest);
  auto account = reset ? co_await get_account(reactor, *region, reset->user) : std::nullopt;
  if (!account) co_return bad_link();
  if (reset->issuer && !co_await check_issuer(reactor, *region, *reset->issuer, *account))
    co_return bad_link();
  GH_CO_CHECK(check_new_password(password.reveal(), {.email = account->email, .name = account->name}));
  GH_CO_TRY(auto hash, co_await identity.passwords().hash(std::move(password)));
  auto events = co_await reset_events(call, *region, account->id);
  // Of who belongs to no organization there, the event is the platform's: no transaction holds it.
  if (events.empty()) co_await call.record_now();
  auto ended = co_await use_reset(reactor, *region, id, presented->digest, hash, std::move(events));
  if (!ended) co_return bad_link();
  forget(identity, *ended);
  for (auto& served : reactor.regions())
    if (served.region != *region)
      forget(identity, co_await spread_reset(reactor, served.region, *reset, hash));
  call.mark_audited();
  co_return Result<void>{};
}

}  // namespace gatehouse::identity
