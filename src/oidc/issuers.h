// What a reactor knows of the providers: their discovery documents and keys, asked for when needed and kept
// for a while. The same for all who use an issuer: what it publishes, it publishes to everybody.
#pragma once

#include <chrono>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>

#include "base/one_at_a_time.h"
#include "base/task.h"
#include "http/client.h"
#include "oidc/discovery.h"
#include "oidc/flow.h"
#include "oidc/id_token.h"
#include "oidc/key_set.h"

namespace gatehouse::oidc {

/// One reactor's; not thread-safe. Bounded: the issuer that was used least recently is forgotten.
///
/// Every call has deadlines and bounds, goes through the egress guard and follows no redirect: a document is
/// what the issuer's own address answers with. A failure is remembered for a few seconds, so that those who
/// waited for it do not each wait again.
class Issuers {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::size_t kMost = 1'000;
  static constexpr std::chrono::minutes kKeptFor{10};
  static constexpr std::chrono::seconds kFailureKeptFor{5};
  /// Keys are asked for again because of an unknown `kid` this often: three times, and again once a minute.
  static constexpr int kMostRefetches = 3;
  static constexpr std::chrono::seconds kRefetchEvery{60};

  Task<Checked<std::shared_ptr<const Metadata>>> metadata(http::Client&, std::string issuer);
  Task<Checked<std::shared_ptr<const KeySet>>> keys(http::Client&, std::shared_ptr<const Metadata>);

  /// As check_id_token with the issuer's keys; asks for those once more if the token's is unknown.
  Task<Checked<json::Object>> check(http::Client&, std::shared_ptr<const Metadata>, std::string token,
                                    IdTokenExpectation);
  Task<Checked<LogoutToken>> check(http::Client&, std::shared_ptr<const Metadata>, std::string token,
                                   LogoutExpectation);

  /// Forgets the issuer's document and keys: for a test of its configuration.
  void forget(const std::string& issuer);

 private:
  struct Entry {
    std::shared_ptr<const Metadata> metadata;
    std::shared_ptr<const KeySet> keys;
    Clock::time_point metadata_at, keys_at;
    std::optional<Refusal> failure;  // of the last request, whichever it was
    Clock::time_point failed_at;
    int refetches = kMostRefetches;
    Clock::time_point refetches_at;
    std::list<std::string>::iterator place;
  };
  std::shared_ptr<Entry> entry(const std::string& issuer);
  Task<Checked<std::shared_ptr<const KeySet>>> fresh_keys(http::Client&, std::shared_ptr<const Metadata>,
                                                          std::shared_ptr<const KeySet> known);
  Task<Checked<std::shared_ptr<const KeySet>>> fetch_keys(http::Client&, std::shared_ptr<const Metadata>);

  std::unordered_map<std::string, std::shared_ptr<Entry>> entries_;
  std::list<std::string> by_use_;  // the latest first
  OneAtATime<std::string> turns_;
};

/// The answer to one of the requests of flow.h. Refusals: provider_unavailable, provider_not_allowed.
struct ProviderAnswer {
  int status = 0;
  std::string body;
};
Task<Checked<ProviderAnswer>> ask(http::Client&, http::ClientRequest);

}  // namespace gatehouse::oidc
