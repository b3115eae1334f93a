// Who is calling: sessions in cookies, short-lived signed tokens, API keys and SCIM tokens, resolved to a
// Principal.
//
// A credential's own text says where it belongs, so a wrong region is refused before any look-up, and the
// look-up itself happens in the tenant's context. What was looked up stays in the tenant's snapshot
// (known_credentials.h): the hot path asks no database, and a revocation, which moves the tenant's version,
// is in force everywhere within two seconds; on the node that revoked, at once.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "access/authenticator.h"
#include "access/principal.h"
#include "access/rate_limit.h"
#include "access/reactor.h"
#include "base/error.h"
#include "base/task.h"
#include "crypto/es256.h"
#include "crypto/password.h"
#include "http/message.h"
#include "identity/recent_revocations.h"
#include "identity/session.h"
#include "tenancy/provisioning.h"

namespace gatehouse::identity {

/// Who may come without being asked: nobody; people of organizations that allow it; founders of new ones as
/// well.
enum class SignUpMode { closed, join, found };
BOOST_DESCRIBE_ENUM(SignUpMode, closed, join, found)

struct IdentityOptions {
  /// Signs access tokens.
  std::shared_ptr<const crypto::SigningKey> signing_key;
  /// What verifies them and is published; null: the signing key's public half alone.
  std::shared_ptr<const crypto::KeySet> keys;
  /// `iss` of access tokens; the installation's base address.
  std::string issuer;
  /// True if browsers reach us by https: cookies are then `__Host-` and Secure.
  bool secure_cookies = false;
  /// Told to the console, which then offers the demo accounts.
  bool demo = false;
  /// Where regions that other nodes serve are reached; named in 421 answers. May lack some.
  std::map<Region, std::string> base_urls;
  crypto::PasswordHasher::Options passwords;
  /// Whether mail is sent. Without it links are shown to who may hand them on, and nobody can ask for one.
  bool mail = false;
  SignUpMode sign_up = SignUpMode::closed;
  /// What each organization that a person founds begins with, besides what tenancy gives it.
  std::vector<tenancy::ProvisioningPart> founding = {};
  /// Failed sign-ins an account may have from one client's address, whether or not it exists; and from all of
  /// them together, looser, so that guessing from elsewhere does not keep its owner out.
  access::Rate account_failures{0.1, 10};
  access::Rate account_failures_in_all{0.5, 200};
  /// Wrong codes of one account's second factor, whoever sends them: who gets that far has the password.
  access::Rate second_factor_failures{1.0 / 60, 10};
  /// Links for a new password that one address may be asked for, whether or not it has an account.
  access::Rate password_requests{1.0 / 300, 3};
  /// Sign-ups that one address may begin, and codes that may be tried at each.
  access::Rate sign_ups{1.0 / 300, 5};
  access::Rate sign_up_codes{1.0 / 3600, 5};
  /// Events that tell of one account's or address's refused sign-ins.
  access::Rate lockout_events{1.0 / 600, 1};
  /// API keys that no database knew, by client's address. Beyond: known ones are still answered from memory.
  access::Rate unknown_keys{0.5, 60};
  std::chrono::seconds session_lifetime = std::chrono::days(7);
  /// A session's token is replaced when it is older than this.
  std::chrono::seconds rotate_after = std::chrono::minutes(15);
  /// How long the token before is still accepted after its successor was first seen: requests under way.
  std::chrono::seconds rotation_grace{60};
  /// At most ten minutes.
  std::chrono::seconds access_token_lifetime = std::chrono::minutes(10);
};

/// One per process, thread-safe. Outlives the reactors' running, dies before their io_contexts (it owns the
/// password hasher).
class Identity final : public access::Authenticator {
 public:
  explicit Identity(IdentityOptions);
  Identity(const Identity&) = delete;
  Identity& operator=(const Identity&) = delete;

  /// Finds out who calls; anonymous if the request carries no credential. Of several, `Authorization` counts
  /// before `x-api-key` and `api-key`, and those before the cookie; a bad one is refused, never skipped.
  /// Errors: unauthenticated, session_expired, wrong_region, rate_limited (made-up API keys). Throws if a
  /// database fails. A session's token that was replaced before revokes the session and records
  /// `session.replay`. Made-up session tokens cost no look-up, made-up keys a limited number.
  Task<Result<access::Principal>> authenticate(access::Reactor&, const http::Request&) override;
  /// By id, never by the token that came: it may have been replaced since.
  Task<Result<access::Principal>> renew(access::Reactor&, access::Principal) override;
  Task<void> note_refused_sign_in(access::Reactor&, const http::Request&) override;

  const IdentityOptions& options() const { return options_; }
  const crypto::KeySet& keys() const { return *options_.keys; }
  crypto::PasswordHasher& passwords() { return passwords_; }
  access::RateLimiter& account_failures() { return account_failures_; }
  access::RateLimiter& lockout_events() { return lockout_events_; }
  /// Credentials of programs that no database knew, by client's address.
  access::RateLimiter& unknown_keys() { return unknown_keys_; }
  access::RateLimiter& second_factor_failures() { return second_factor_failures_; }
  access::RateLimiter& password_requests() { return password_requests_; }
  access::RateLimiter& sign_ups() { return sign_ups_; }
  access::RateLimiter& sign_up_codes() { return sign_up_codes_; }
  /// Letters being written beside the calls that asked for them.
  std::atomic<int>& letters_under_way() { return letters_under_way_; }
  RecentRevocations& revocations() { return revocations_; }
  /// The error that names where `region` is served.
  Error wrong_region(Region) const;

 private:
  Task<Result<access::Principal>> from_session(access::Reactor&, const http::Request&, std::string token);
  Task<Error> revoke_replayed(access::Reactor&, const http::Request&, SessionAddress, UserId);
  Task<Result<access::Principal>> from_api_key(access::Reactor&, const http::Request&, std::string key);
  Task<Result<access::Principal>> from_access_token(access::Reactor&, std::string token);

  IdentityOptions options_;
  crypto::PasswordHasher passwords_;
  access::RateLimiter account_failures_;
  access::RateLimiter lockout_events_;
  access::RateLimiter unknown_keys_;
  access::RateLimiter second_factor_failures_;
  access::RateLimiter password_requests_;
  access::RateLimiter sign_ups_;
  access::RateLimiter sign_up_codes_;
  std::atomic<int> letters_under_way_{0};
  RecentRevocations revocations_;
};

}  // namespace gatehouse::identity
