#include "identity/sign_up.h"

#include <algorithm>

#include "audit/outbox.h"
#include "base/log.h"
#include "crypto/aead.h"
#include "crypto/encoding.h"
#include "crypto/random.h"
#include "domain/password_policy.h"
#include "identity/attempts.h"
#include "identity/letters.h"
#include "identity/sign_in.h"
#include "identity/sign_up_store.h"
#include "mail/outbox.h"
#include "tenancy/email_directory.h"
#include "tenancy/plans.h"

namespace gatehouse::identity {
namespace {

using namespace std::chrono_literals;
using access::Call;
using access::Reactor;

/// What travels with the person. The password as its hash, sealed with the rest.
struct Travelling {
  Uuid id;
  std::string email;
  std::string name;
  std::string password_hash;
  std::string language;
  Region region = Region::us;
  std::optional<std::string> organization;
  std::string code_hash;
  bool confirmed = false;
  Timestamp expires_at;
};
BOOST_DESCRIBE_STRUCT(Travelling, (),
                      (id, email, name, password_hash, language, region, organization, code_hash, confirmed,
                       expires_at))

crypto::Bytes context() {
  return crypto::aad({"sign-up"});
}

std::string seal(const access::NodeSecrets& secrets, const Travelling& what) {
  return crypto::to_base64url(crypto::seal_xaes(secrets.accounts, context(), json::encode(what)));
}

Result<Travelling> open(const access::NodeSecrets& secrets, std::string_view text, bool confirmed) {
  auto over = [] { return fail(ErrorCode::invalid_link, "The sign-up took too long: begin anew"); };
  auto bytes = crypto::from_base64url(text);
  auto opened = bytes ? crypto::open_xaes(secrets.accounts, context(), *bytes) : std::nullopt;
  if (!opened) return over();
  auto what = json::decode_text<Travelling>(opened->reveal());
  if (!what || what->expires_at <= gatehouse::now() || what->confirmed != confirmed) return over();
  return what;
}

std::string code_hash(const access::NodeSecrets& secrets, const Uuid& id, std::string_view code) {
  return crypto::to_hex(
      crypto::hmac_sha256(secrets.accounts, crypto::aad({"sign-up code", id.to_string(), code})));
}

/// Six digits, each as likely as any.
std::string make_code() {
  constexpr std::uint32_t kCodes = 1'000'000, kFair = 0xffffffffU - 0xffffffffU % kCodes;
  for (;;) {
    auto bytes = crypto::random_bytes<4>();
    std::uint32_t number = static_cast<std::uint32_t>(bytes[0]) << 24 |
                           static_cast<std::uint32_t>(bytes[1]) << 16 |
                           static_cast<std::uint32_t>(bytes[2]) << 8 | bytes[3];
    if (number < kFair) return fmt::format("{:06}", number % kCodes);
  }
}

std::unexpected<Error> closed() {
  return fail(ErrorCode::sign_up_closed);
}

/// In any region, also such that this node does not serve, or an operator's.
Task<bool> has_account(Reactor& reactor, std::string email) {
  bool is_known = co_await tenancy::is_known(reactor, email);
  auto operator_account = co_await find_operator(reactor, std::move(email));
  co_return is_known || operator_account;
}

std::uint64_t tries_of(const access::NodeSecrets& secrets, const Uuid& id) {
  return limiter_key(crypto::hmac_sha256(secrets.accounts, crypto::aad({"sign-up tries", id.to_string()})));
}

/// Beside the event of the session.
audit::Event make_arrival(const Call& call, std::string action, std::string type) {
  auto event = audit::make_event(std::move(action));
  event.actor_type = audit::ActorType::anonymous;
  event.resource_type = std::move(type);
  event.request_id = call.request().request_id;
  event.payload = json::Object{{"signed_up", true}};
  return event;
}

/// Holds the address while an account is made for it.
class Claim {
 public:
  Claim(Reactor& reactor, crypto::Digest email) : reactor_(reactor), email_(email) {}
  Task<Result<void>> take(std::string email) {
    if (!co_await claim_sign_up(reactor_, email_))
      co_return fail(ErrorCode::conflict, "This account is being made at this moment");
    if (!co_await has_account(reactor_, std::move(email))) co_return Result<void>{};
    co_await release_sign_up(reactor_, email_);
    co_return fail(ErrorCode::already_exists, "This address has an account: sign in");
  }
  Task<void> release() { co_await release_sign_up(reactor_, email_); }

 private:
  Reactor& reactor_;
  crypto::Digest email_;
};

/// Without it there would be no limits at all.
Task<Result<PlanId>> free_plan(Reactor& reactor) {
  auto plan = co_await tenancy::find_plan(reactor, "free");
  if (plan) co_return plan->id;
  log::error("sign_up.no_plan", {{"plan", "free"}});
  co_return fail(ErrorCode::conflict, "Nobody can found an organization here at the moment");
}

/// A code that was mailed proves the address; one that the demo shows does not.
tenancy::NewPerson person_of(const Identity& identity, const Travelling& what) {
  return {.email = what.email,
          .name = what.name,
          .password_hash = what.password_hash,
          .is_confirmed = identity.options().mail};
}

Task<Result<access::Principal>> enter(Identity& identity, Call& call, UserId user,
                                      OrganizationId organization) {
  auto memberships = co_await list_memberships(call.reactor(), user);
  auto found = std::ranges::find(memberships, organization, &Membership::organization_id);
  if (found == memberships.end()) throw Failure("a new member is none");
  auto who = co_await open_session(identity, call, user, &*found, {.method = SessionMethod::password});
  co_return who;
}

}  // namespace

Task<Result<OpenOrganization>> find_open_organization(Identity& identity, Reactor& reactor,
                                                      std::string slug) {
  if (identity.options().sign_up == SignUpMode::closed) co_return closed();
  auto place = co_await find_slug(reactor, std::move(slug));
  if (!place) co_return fail(ErrorCode::not_found);
  if (!reactor.serves(place->region)) co_return fail(identity.wrong_region(place->region));
  auto rules = co_await find_sign_up_rules(reactor, place->region, place->organization_id);
  // One that takes nobody is as good as none.
  if (!rules || !rules->allows_sign_up || !rules->takes_passwords) co_return fail(ErrorCode::not_found);
  co_return OpenOrganization{place->organization_id, std::move(rules->name), place->region};
}

Task<Result<SignUpStarted>> start_sign_up(Identity& identity, Call& call, NewSignUp wanted) {
  auto& reactor = call.reactor();
  const auto& secrets = reactor.secrets();
  const auto& options = identity.options();
  if (options.sign_up == SignUpMode::closed || (!wanted.organization && options.sign_up != SignUpMode::found))
    co_return closed();
  if (wanted.organization) {
    GH_CO_TRY(auto open_one, co_await find_open_organization(identity, reactor, *wanted.organization));
    wanted.region = open_one.region;
  }
  if (!reactor.serves(wanted.region)) co_return fail(identity.wrong_region(wanted.region));
  GH_CO_CHECK(check_new_password(wanted.password.reveal(), {.email = wanted.email, .name = wanted.name}));
  auto hash = tenancy::email_hash(secrets, wanted.email);
  if (auto wait = identity.sign_ups().take(limiter_key(hash), options.sign_ups))
    co_return fail(Error{.code = ErrorCode::rate_limited,
                         .detail = "Too many sign-ups were begun for this address",
                         .retry_after = *wait});
  GH_CO_TRY(auto password_hash, co_await identity.passwords().hash(std::move(wanted.password)));

  bool is_known = co_await has_account(reactor, wanted.email);
  auto code = make_code();
  Travelling what{.id = Uuid::v7(),
                  .email = std::move(wanted.email),
                  .name = std::move(wanted.name),
                  .password_hash = std::move(password_hash),
                  .language = std::move(wanted.language),
                  .region = wanted.region,
                  .organization = std::move(wanted.organization),
                  .expires_at = gatehouse::now() + kSignUpLifetime};
  // Of a code that nobody has, for who has an account.
  what.code_hash = code_hash(secrets, what.id, is_known ? make_code() + "-" : code);
  call.audit().payload["email_hash"] = crypto::to_hex(hash);
  call.audit().region = what.region;
  if (options.mail) {
    auto letter = is_known ? known_address_letter(what.email, what.language, options.issuer + "/sign-in")
                           : sign_up_letter(what.email, what.language, code);
    co_await call.record_now();
    co_await reactor.region(what.region)
        .platform->run(mail::to_outbox(secrets, "sign_up", letter), pg::within(10s));
  }
  co_return SignUpStarted{.sign_up = seal(secrets, what),
                          .expires_at = what.expires_at,
                          .demo_code = !options.mail && options.demo ? std::optional(code) : std::nullopt};
}

Task<Result<std::string>> confirm_sign_up(Identity& identity, Call& call, std::string sign_up,
                                          std::string code) {
  auto& reactor = call.reactor();
  const auto& secrets = reactor.secrets();
  GH_CO_TRY(auto what, open(secrets, sign_up, false));
  auto key = tries_of(secrets, what.id);
  if (auto wait = identity.sign_up_codes().take(key, identity.options().sign_up_codes))
    co_return fail(
        Error{.code = ErrorCode::rate_limited, .detail = "Too many codes were wrong", .retry_after = *wait});
  std::erase(code, ' ');
  if (!crypto::equal(code_hash(secrets, what.id, code), what.code_hash))
    co_return fail(ErrorCode::invalid_code);
  identity.sign_up_codes().give_back(key, identity.options().sign_up_codes);
  what.confirmed = true;
  what.expires_at = gatehouse::now() + kSignUpLifetime;
  call.audit().payload["email_hash"] = crypto::to_hex(tenancy::email_hash(secrets, what.email));
  call.audit().region = reactor.serves(what.region) ? what.region : reactor.regions().front().region;
  co_return seal(secrets, what);
}

Task<Result<access::Principal>> found_organization(Identity& identity, Call& call, std::string sign_up,
                                                   FoundOrganization wanted) {
  auto& reactor = call.reactor();
  if (identity.options().sign_up != SignUpMode::found) co_return closed();
  GH_CO_TRY(auto what, open(reactor.secrets(), sign_up, true));
  if (what.organization) co_return fail(ErrorCode::invalid_link, "This sign-up joins an organization");
  if (!reactor.serves(what.region)) co_return fail(identity.wrong_region(what.region));
  auto slug_taken = [] {
    return fail(Error{.code = ErrorCode::already_exists,
                      .detail = "Another organization has this short name",
                      .fields = {{"/slug", "already_exists", "is taken"}}});
  };
  if (co_await find_slug(reactor, wanted.slug)) co_return slug_taken();
  GH_CO_TRY(auto plan, co_await free_plan(reactor));
  Claim claim(reactor, tenancy::email_hash(reactor.secrets(), what.email));
  GH_CO_CHECK(co_await claim.take(what.email));
  std::exception_ptr failure;
  Result<tenancy::ProvisionedOrganization> made = fail(ErrorCode::internal);
  try {
    json::Object attributes = std::move(wanted.profile);
    attributes["metadata"] = json::Object{{"schema_name", "organization"}, {"schema_version", "1.0"}};
    tenancy::ProvisionOrganization order{.name = std::move(wanted.name),
                                         .slug = wanted.slug,
                                         .region = what.region,
                                         .data_mode = wanted.data_mode,
                                         .plan = plan,
                                         .owner = person_of(identity, what),
                                         .parts = identity.options().founding};
    order.may_exist = false;
    order.event = make_arrival(call, "organization.create", "organization");
    order.parts.emplace_back(
        [&attributes](pg::Batch& batch, OrganizationId id) { add_profile(batch, id, attributes); });
    made = co_await tenancy::provision_organization(reactor, std::move(order));
  } catch (...) {
    failure = std::current_exception();
  }
  co_await claim.release();
  if (failure) std::rethrow_exception(failure);
  if (!made)
    co_return made.error().code == ErrorCode::already_exists ? slug_taken() : fail(std::move(made).error());
  co_await update_account(reactor, what.region, made->owner, {.language = what.language});
  co_return co_await enter(identity, call, made->owner, made->id);
}

Task<Result<access::Principal>> join_organization(Identity& identity, Call& call, std::string sign_up) {
  auto& reactor = call.reactor();
  GH_CO_TRY(auto what, open(reactor.secrets(), sign_up, true));
  if (!what.organization) co_return fail(ErrorCode::invalid_link, "This sign-up founds an organization");
  GH_CO_TRY(auto target, co_await find_open_organization(identity, reactor, *what.organization));
  auto domain = what.email.substr(what.email.find('@') + 1);
  if (!co_await may_join_by_domain(reactor, target.region, target.id, domain))
    co_return fail(ErrorCode::forbidden, "This organization takes addresses of its own domains alone");
  Claim claim(reactor, tenancy::email_hash(reactor.secrets(), what.email));
  GH_CO_CHECK(co_await claim.take(what.email));
  auto event = make_arrival(call, "member.join", "user");
  event.organization = target.id;
  std::exception_ptr failure;
  Result<tenancy::AddedMember> made = fail(ErrorCode::internal);
  try {
    made =
        co_await tenancy::add_member(reactor, {.organization = target.id,
                                               .region = target.region,
                                               .person = person_of(identity, what),
                                               .role = RoleCode::UR,
                                               .joins_org_workspace = false,
                                               .also = [&event](pg::Batch& batch, UserId id, bool) {
                                                 event.resource_id = id.to_string();
                                                 batch.add(audit::kInsertOutbox, audit::outbox_params(event));
                                               }});
  } catch (...) {
    failure = std::current_exception();
  }
  co_await claim.release();
  if (failure) std::rethrow_exception(failure);
  if (!made) co_return fail(std::move(made).error());
  co_await update_account(reactor, target.region, made->user, {.language = what.language});
  co_return co_await enter(identity, call, made->user, target.id);
}

}  // namespace gatehouse::identity
