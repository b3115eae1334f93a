#include "identity/second_factor.h"

#include <algorithm>

#include "crypto/aead.h"
#include "crypto/encoding.h"
#include "crypto/random.h"
#include "crypto/totp.h"
#include "identity/attempts.h"
#include "json/codec.h"

namespace gatehouse::identity {
namespace {

// Without characters that look like others (Crockford).
constexpr std::string_view kRecoveryAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::size_t kRecoveryLength = 10;  // characters: 50 bits

struct Challenge {
  UserId user;
  bool is_operator = false;
  std::string password_mark;
  Timestamp expires_at;
};
BOOST_DESCRIBE_STRUCT(Challenge, (), (user, is_operator, password_mark, expires_at))

crypto::Bytes secret_context(AccountOwner owner) {
  return crypto::aad({"second factor", owner.user.to_string()});
}

crypto::Bytes challenge_context() {
  return crypto::aad({"sign-in challenge"});
}

std::string recovery_hash(const access::NodeSecrets& secrets, AccountOwner owner, std::string_view code) {
  return crypto::to_hex(
      crypto::hmac_sha256(secrets.accounts, crypto::aad({"recovery code", owner.user.to_string(), code})));
}

std::string make_recovery_code() {
  auto bytes = crypto::random_bytes<kRecoveryLength>();
  std::string code;
  for (auto byte : bytes) code += kRecoveryAlphabet[byte % kRecoveryAlphabet.size()];
  return code;
}

/// As shown: two groups of five.
std::string grouped(const std::string& code) {
  return code.substr(0, kRecoveryLength / 2) + "-" + code.substr(kRecoveryLength / 2);
}

/// What a person typed: without spaces and hyphens, in small letters.
std::string typed(std::string_view text) {
  std::string out;
  for (char c : text)
    if (c != ' ' && c != '-') out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

bool is_totp(std::string_view code) {
  return code.size() == 6 && std::ranges::all_of(code, [](char c) { return c >= '0' && c <= '9'; });
}

struct NewCodes {
  std::vector<std::string> shown, hashes;
};
NewCodes make_codes(const access::NodeSecrets& secrets, AccountOwner owner) {
  NewCodes codes;
  for (std::size_t i = 0; i < kRecoveryCodes; ++i) {
    auto code = make_recovery_code();
    codes.shown.push_back(grouped(code));
    codes.hashes.push_back(recovery_hash(secrets, owner, code));
  }
  return codes;
}

std::int64_t step_now() {
  return crypto::totp_step(std::chrono::floor<std::chrono::seconds>(gatehouse::now()));
}

std::uint64_t failures_of(const access::NodeSecrets& secrets, AccountOwner owner) {
  return limiter_key(
      crypto::hmac_sha256(secrets.accounts, crypto::aad({"second factor failures", owner.user.to_string()})));
}

std::unexpected<Error> wrong_code() {
  return fail(ErrorCode::invalid_code);
}

/// The step of the code, if it is one of the secret's and newer than the last.
std::optional<std::int64_t> match(const access::NodeSecrets& secrets, AccountOwner owner,
                                  const SecondFactorRow& row, std::string_view code) {
  if (!is_totp(code)) return std::nullopt;
  auto secret = crypto::open_xaes(secrets.accounts, secret_context(owner), row.sealed_secret);
  if (!secret) throw Failure("a second factor's secret does not open");
  return crypto::totp_match(*secret, code, step_now(), row.last_step);
}

Error too_many(std::chrono::seconds wait) {
  return {.code = ErrorCode::rate_limited,
          .detail = "Too many wrong codes for this account",
          .retry_after = wait};
}

}  // namespace

AccountOwner owner_of(const access::Principal& who) {
  return {.user = who.user, .is_operator = !who.has_organization()};
}

Task<Result<crypto::Secret>> begin_enrolment(access::Call& call) {
  auto& reactor = call.reactor();
  auto owner = owner_of(call.principal());
  auto found = co_await find_second_factor(reactor, owner);
  auto in_force = [] { return fail(ErrorCode::already_exists, "A second factor is in force already"); };
  if (found && found->confirmed_at) co_return in_force();
  auto secret = crypto::Secret::random(crypto::kTotpSecretSize);
  auto sealed = crypto::seal_xaes(reactor.secrets().accounts, secret_context(owner), secret.reveal());
  co_await call.record_now();
  if (!co_await insert_second_factor(reactor, owner, std::move(sealed))) co_return in_force();
  co_return crypto::to_base32(secret);
}

crypto::Secret enrolment_uri(const crypto::Secret& base32, std::string_view email, std::string_view issuer) {
  auto escaped = [](std::string_view text) {
    std::string out;
    for (char c : text) {
      bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                   c == '.' || c == '_';
      out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
  };
  return crypto::Secret::take(
      fmt::format("otpauth://totp/{}:{}?secret={}&issuer={}&algorithm=SHA1&digits=6&period=30",
                  escaped(issuer), escaped(email), base32.reveal(), escaped(issuer)));
}

Task<Result<std::vector<std::string>>> confirm_enrolment(Identity& identity, access::Call& call,
                                                         std::string code) {
  auto& reactor = call.reactor();
  auto owner = owner_of(call.principal());
  auto row = co_await find_second_factor(reactor, owner);
  if (!row || row->confirmed_at)
    co_return fail(ErrorCode::conflict, "No second factor is waiting to be confirmed");
  auto key = failures_of(reactor.secrets(), owner);
  if (auto wait = identity.second_factor_failures().take(key, identity.options().second_factor_failures))
    co_return fail(too_many(*wait));
  auto step = match(reactor.secrets(), owner, *row, typed(code));
  if (!step) co_return wrong_code();
  identity.second_factor_failures().give_back(key, identity.options().second_factor_failures);
  auto codes = make_codes(reactor.secrets(), owner);
  co_await call.record_now();
  co_await confirm_second_factor(reactor, owner, std::move(*row), *step, std::move(codes.hashes));
  co_return std::move(codes.shown);
}

Task<std::vector<std::string>> renew_recovery_codes(access::Reactor& reactor, AccountOwner owner) {
  auto codes = make_codes(reactor.secrets(), owner);
  co_await replace_recovery_codes(reactor, owner, std::move(codes.hashes));
  co_return std::move(codes.shown);
}

Task<Result<void>> take_code(Identity& identity, access::Reactor& reactor, AccountOwner owner,
                             std::string code) {
  auto row = co_await find_second_factor(reactor, owner);
  if (!row || !row->confirmed_at) co_return wrong_code();
  auto key = failures_of(reactor.secrets(), owner);
  auto& failures = identity.second_factor_failures();
  const auto& rate = identity.options().second_factor_failures;
  if (auto wait = failures.take(key, rate)) co_return fail(too_many(*wait));
  auto text = typed(code);
  bool taken = false;
  if (auto step = match(reactor.secrets(), owner, *row, text))
    taken = co_await take_step(reactor, owner, row->region, *step);
  else if (text.size() == kRecoveryLength)
    taken = co_await take_recovery_code(reactor, owner, row->region,
                                        recovery_hash(reactor.secrets(), owner, text));
  if (!taken) co_return wrong_code();
  failures.give_back(key, rate);
  co_return Result<void>{};
}

std::string password_mark(const Account& account) {
  auto digest = crypto::sha256(account.password_hash.value_or(""));
  return crypto::to_hex(crypto::ByteView(digest).first(8));
}

std::string issue_challenge(const access::NodeSecrets& secrets, AccountOwner owner, const Account& account,
                            Timestamp now) {
  Challenge challenge{owner.user, owner.is_operator, password_mark(account), now + kChallengeLifetime};
  return crypto::to_base64url(
      crypto::seal_xaes(secrets.accounts, challenge_context(), json::encode(challenge)));
}

Result<OpenedChallenge> open_challenge(const access::NodeSecrets& secrets, std::string_view text,
                                       Timestamp now) {
  auto over = [] { return fail(ErrorCode::invalid_credentials, "The sign-in took too long: begin anew"); };
  auto bytes = crypto::from_base64url(text);
  auto opened = bytes ? crypto::open_xaes(secrets.accounts, challenge_context(), *bytes) : std::nullopt;
  if (!opened) return over();
  auto challenge = json::decode_text<Challenge>(opened->reveal());
  if (!challenge || challenge->expires_at <= now) return over();
  return OpenedChallenge{{challenge->user, challenge->is_operator}, std::move(challenge->password_mark)};
}

}  // namespace gatehouse::identity
