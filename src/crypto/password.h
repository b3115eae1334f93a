// Passwords: Argon2id on a small thread pool behind a bounded queue.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/error.h"
#include "base/task.h"
#include "crypto/secret.h"

namespace gatehouse::crypto {

/// OWASP's first recommendation (Password Storage Cheat Sheet): 19 MiB, two passes, one lane.
struct PasswordCost {
  std::size_t memory_kib = 19456;
  unsigned passes = 2;
};

/// Argon2id hash as a PHC string (`$argon2id$v=19$m=…,t=…,p=1$salt$hash`). Blocks for about 20 ms.
std::string hash_password(const Secret& password, PasswordCost cost = {});
/// False also for text that is no Argon2 hash. Blocks.
bool verify_password(const std::string& hash, const Secret& password);
/// True if the hash was made at another cost: hash anew after the next successful verification.
bool needs_rehash(const std::string& hash, PasswordCost cost = {});

/// Runs the above off the reactors. Thread-safe. A task that waits resumes on its own reactor.
///
/// Errors: overloaded (with retry_after) at once when the queue is full, so that a flood of sign-ins costs
/// neither memory nor other requests' time; shutting_down for what is still queued at destruction.
/// Cancelling a waiting task does not take its work back: the queue bounds the wait.
/// Destroy it after the reactors have stopped running and before their io_contexts are destroyed.
class PasswordHasher {
 public:
  struct Options {
    std::size_t threads = 2;
    std::size_t queue = 64;  // waiting beyond those being computed
    PasswordCost cost = {};
  };

  PasswordHasher();
  explicit PasswordHasher(Options options);
  ~PasswordHasher();
  PasswordHasher(const PasswordHasher&) = delete;
  PasswordHasher& operator=(const PasswordHasher&) = delete;

  Task<Result<bool>> verify(std::string hash, Secret password);
  /// For an account that does not exist: the same work and the same errors as `verify`, always false.
  Task<Result<bool>> verify_unknown(Secret password);
  Task<Result<std::string>> hash(Secret password);
  bool needs_rehash(const std::string& hash) const;

 private:
  struct Pool;
  template <class T, class Work>
  Task<Result<T>> run(Work work);

  std::unique_ptr<Pool> pool_;
};

}  // namespace gatehouse::crypto
