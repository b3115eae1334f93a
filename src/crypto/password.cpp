#include "crypto/password.h"

#include <atomic>
#include <chrono>
#include <exception>

#include <sodium.h>

#include "base/beside.h"
#include "base/metrics.h"
#include "crypto/encoding.h"
#include "crypto/random.h"

namespace gatehouse::crypto {
namespace {

void start_sodium() {
  static const int started = sodium_init();
  if (started < 0) throw Failure("libsodium failed to start");
}

std::string unpadded_base64(std::size_t size) {
  Bytes random(size);
  fill_random(random);
  std::string text = to_base64(random);
  text.erase(text.find_last_not_of('=') + 1);
  return text;
}

// Salt and hash are random, so no password fits, and making it costs nothing.
std::string hash_of_nothing(const PasswordCost& cost) {
  return "$argon2id$v=19$m=" + std::to_string(cost.memory_kib) + ",t=" + std::to_string(cost.passes) +
         ",p=1$" + unpadded_base64(16) + "$" + unpadded_base64(32);
}

}  // namespace

std::string hash_password(const Secret& password, PasswordCost cost) {
  start_sodium();
  std::string hash(crypto_pwhash_STRBYTES, '\0');
  if (crypto_pwhash_str_alg(hash.data(), password.reveal().data(), password.size(), cost.passes,
                            cost.memory_kib * 1024, crypto_pwhash_ALG_ARGON2ID13) != 0)
    throw Failure("Argon2id failed: too little memory, or a cost it does not accept");
  hash.resize(hash.find('\0'));
  return hash;
}

bool verify_password(const std::string& hash, const Secret& password) {
  start_sodium();
  return crypto_pwhash_str_verify(hash.c_str(), password.reveal().data(), password.size()) == 0;
}

bool needs_rehash(const std::string& hash, PasswordCost cost) {
  return crypto_pwhash_str_needs_rehash(hash.c_str(), cost.passes, cost.memory_kib * 1024) != 0;
}

struct PasswordHasher::Pool {
  explicit Pool(Options chosen)
      : options(chosen), unknown(hash_of_nothing(chosen.cost)), threads(chosen.threads) {}

  bool admit() {
    if (pending.fetch_add(1, std::memory_order_relaxed) < options.threads + options.queue) {
      waiting.add(1);
      return true;
    }
    pending.fetch_sub(1, std::memory_order_relaxed);
    refused.add();
    return false;
  }
  void leave() {
    pending.fetch_sub(1, std::memory_order_relaxed);
    waiting.add(-1);
  }

  const Options options;
  const std::string unknown;
  std::atomic<std::size_t> pending{0};
  std::atomic<bool> stopping{false};
  metrics::Gauge& waiting =
      metrics::gauge("gatehouse_password_pending", "Password hashes being computed or waiting for a thread");
  metrics::Counter& refused = metrics::counter("gatehouse_password_refused_total",
                                               "Password hashes refused because the queue was full");
  metrics::Histogram& seconds =
      metrics::histogram("gatehouse_password_seconds", "Time one password hash takes on its thread");
  asio::thread_pool threads;
};

PasswordHasher::PasswordHasher() : PasswordHasher(Options{}) {}

PasswordHasher::PasswordHasher(Options options) {
  start_sodium();
  pool_ = std::make_unique<Pool>(options);
}

PasswordHasher::~PasswordHasher() {
  pool_->stopping = true;
  pool_->threads.join();
}

template <class T, class Work>
Task<Result<T>> PasswordHasher::run(Work work) {
  Pool* pool = pool_.get();
  if (!pool->admit())
    co_return fail(Error{.code = ErrorCode::overloaded,
                         .detail = "too many sign-ins at once",
                         .retry_after = std::chrono::seconds(1)});
  co_return co_await run_on(pool->threads, [pool, job = std::move(work)]() mutable -> Result<T> {
    auto left = [](Pool* from) { from->leave(); };
    std::unique_ptr<Pool, decltype(left)> place(pool, left);
    if (pool->stopping) return fail(ErrorCode::shutting_down);
    auto began = std::chrono::steady_clock::now();
    auto result = job();
    pool->seconds.observe(std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
    return result;
  });
}

Task<Result<bool>> PasswordHasher::verify(std::string hash, Secret password) {
  return run<bool>(
      [hash = std::move(hash), password = std::move(password)] { return verify_password(hash, password); });
}

Task<Result<bool>> PasswordHasher::verify_unknown(Secret password) {
  return run<bool>([pool = pool_.get(), password = std::move(password)] {
    verify_password(pool->unknown, password);
    return false;
  });
}

Task<Result<std::string>> PasswordHasher::hash(Secret password) {
  return run<std::string>(
      [cost = pool_->options.cost, password = std::move(password)] { return hash_password(password, cost); });
}

bool PasswordHasher::needs_rehash(const std::string& hash) const {
  return crypto::needs_rehash(hash, pool_->options.cost);
}

}  // namespace gatehouse::crypto
