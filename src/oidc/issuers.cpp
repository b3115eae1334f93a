#include "oidc/issuers.h"

#include "oidc/claims.h"

namespace gatehouse::oidc {
namespace {

using namespace std::chrono_literals;

constexpr http::Deadlines kDeadlines{.connect = 3s, .first_byte = 5s, .idle = 5s, .total = 10s};

Task<Checked<std::string>> get(http::Client& client, Url url) {
  http::ClientRequest request{.method = http::Method::get, .endpoint = url.endpoint, .target = url.target};
  request.headers.set("accept", "application/json");
  auto answer = co_await ask(client, std::move(request));
  if (!answer) co_return refuse(answer.error());
  if (answer->status != 200) co_return refuse(Refusal::provider_unavailable);
  co_return std::move(answer->body);
}

}  // namespace

Task<Checked<ProviderAnswer>> ask(http::Client& client, http::ClientRequest request) {
  auto response = co_await client.send(std::move(request), kDeadlines);
  if (!response)
    co_return refuse(response.error().code == ErrorCode::egress_refused ? Refusal::provider_not_allowed
                                                                        : Refusal::provider_unavailable);
  auto body = co_await response->read_all(kMaxDocument);
  if (!body) co_return refuse(Refusal::provider_unavailable);
  co_return ProviderAnswer{.status = response->status(), .body = std::move(*body)};
}

std::shared_ptr<Issuers::Entry> Issuers::entry(const std::string& issuer) {
  if (auto found = entries_.find(issuer); found != entries_.end()) {
    by_use_.splice(by_use_.begin(), by_use_, found->second->place);
    return found->second;
  }
  if (entries_.size() == kMost) {
    entries_.erase(by_use_.back());
    by_use_.pop_back();
  }
  auto made = std::make_shared<Entry>();
  by_use_.push_front(issuer);
  made->place = by_use_.begin();
  entries_.emplace(issuer, made);
  return made;
}

void Issuers::forget(const std::string& issuer) {
  auto found = entries_.find(issuer);
  if (found == entries_.end()) return;
  by_use_.erase(found->second->place);
  entries_.erase(found);
}

Task<Checked<std::shared_ptr<const Metadata>>> Issuers::metadata(http::Client& client, std::string issuer) {
  auto known = entry(issuer);
  auto answer = [&]() -> std::optional<Checked<std::shared_ptr<const Metadata>>> {
    auto now = Clock::now();
    if (known->metadata && now - known->metadata_at < kKeptFor) return known->metadata;
    if (known->failure && now - known->failed_at < kFailureKeptFor) return refuse(*known->failure);
    return std::nullopt;
  };
  if (auto ready = answer()) co_return *ready;
  auto turn = co_await turns_.enter(issuer);
  if (auto ready = answer()) co_return *ready;
  auto url = discovery_url(issuer);
  if (!url) co_return refuse(Refusal::discovery_invalid);
  Checked<Metadata> parsed = refuse(Refusal::provider_unavailable);
  if (auto text = co_await get(client, std::move(*url)))
    parsed = parse_metadata(*text, issuer);
  else
    parsed = refuse(text.error());
  if (!parsed) {
    known->failure = parsed.error();
    known->failed_at = Clock::now();
    co_return refuse(parsed.error());
  }
  known->failure.reset();
  known->metadata = std::make_shared<const Metadata>(std::move(*parsed));
  known->metadata_at = Clock::now();
  co_return known->metadata;
}

Task<Checked<std::shared_ptr<const KeySet>>> Issuers::fetch_keys(http::Client& client,
                                                                 std::shared_ptr<const Metadata> metadata) {
  auto known = entry(metadata->issuer);
  Checked<KeySet> parsed = refuse(Refusal::provider_unavailable);
  if (auto text = co_await get(client, metadata->keys))
    parsed = KeySet::parse(*text);
  else
    parsed = refuse(text.error());
  if (!parsed) {
    known->failure = parsed.error();
    known->failed_at = Clock::now();
    co_return refuse(parsed.error());
  }
  known->failure.reset();
  known->keys = std::make_shared<const KeySet>(std::move(*parsed));
  known->keys_at = Clock::now();
  co_return known->keys;
}

Task<Checked<std::shared_ptr<const KeySet>>> Issuers::keys(http::Client& client,
                                                           std::shared_ptr<const Metadata> metadata) {
  auto known = entry(metadata->issuer);
  auto answer = [&]() -> std::optional<Checked<std::shared_ptr<const KeySet>>> {
    auto now = Clock::now();
    if (known->keys && now - known->keys_at < kKeptFor) return known->keys;
    if (known->failure && now - known->failed_at < kFailureKeptFor) return refuse(*known->failure);
    return std::nullopt;
  };
  if (auto ready = answer()) co_return *ready;
  auto turn = co_await turns_.enter(metadata->issuer);
  if (auto ready = answer()) co_return *ready;
  co_return co_await fetch_keys(client, metadata);
}

/// Others than `known`, which lacked the key. Those come that somebody else has asked for meanwhile; else
/// they are asked for, if that was not done too often.
Task<Checked<std::shared_ptr<const KeySet>>> Issuers::fresh_keys(http::Client& client,
                                                                 std::shared_ptr<const Metadata> metadata,
                                                                 std::shared_ptr<const KeySet> known) {
  auto turn = co_await turns_.enter(metadata->issuer);
  auto at = entry(metadata->issuer);
  if (at->keys && at->keys != known) co_return at->keys;
  auto now = Clock::now();
  if (at->refetches < kMostRefetches && now - at->refetches_at >= kRefetchEvery) {
    ++at->refetches;
    at->refetches_at = now;
  }
  if (at->refetches == 0) co_return refuse(Refusal::unknown_key);
  if (at->refetches-- == kMostRefetches) at->refetches_at = now;
  co_return co_await fetch_keys(client, metadata);
}

Task<Checked<json::Object>> Issuers::check(http::Client& client, std::shared_ptr<const Metadata> metadata,
                                           std::string token, IdTokenExpectation expected) {
  auto known = co_await keys(client, metadata);
  if (!known) co_return refuse(known.error());
  auto checked = check_id_token(**known, token, expected);
  if (checked || checked.error() != Refusal::unknown_key) co_return checked;
  auto fresh = co_await fresh_keys(client, metadata, *known);
  if (!fresh) co_return refuse(fresh.error());
  co_return check_id_token(**fresh, token, expected);
}

Task<Checked<LogoutToken>> Issuers::check(http::Client& client, std::shared_ptr<const Metadata> metadata,
                                          std::string token, LogoutExpectation expected) {
  auto known = co_await keys(client, metadata);
  if (!known) co_return refuse(known.error());
  auto checked = check_logout_token(**known, token, expected);
  if (checked || checked.error() != Refusal::unknown_key) co_return checked;
  auto fresh = co_await fresh_keys(client, metadata, *known);
  if (!fresh) co_return refuse(fresh.error());
  co_return check_logout_token(**fresh, token, expected);
}

}  // namespace gatehouse::oidc
