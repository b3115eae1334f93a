#include "crypto/random.h"

#include <cerrno>
#include <cstring>
#include <pthread.h>
#include <sys/random.h>

#include <sodium.h>

#include "base/error.h"
#include "crypto/encoding.h"

namespace gatehouse::crypto {
namespace {

constexpr std::size_t kPoolSize = 1024;
constexpr std::size_t kServedFromPool = 64;

struct Pool {
  std::array<std::uint8_t, kPoolSize> bytes{};
  std::size_t used = kPoolSize;
};
thread_local Pool pool;

void fill_from_kernel(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    ssize_t got = getrandom(out.data(), out.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) throw Failure("getrandom failed");
    out = out.subspan(static_cast<std::size_t>(got));
  }
}

// A forked child must not hand out the bytes its parent will. Only the forking thread lives on in it.
const int kForkHandler = pthread_atfork(nullptr, nullptr, [] {
  sodium_memzero(pool.bytes.data(), pool.bytes.size());
  pool.used = kPoolSize;
});

}  // namespace

void fill_random(std::span<std::uint8_t> out) {
  if (out.size() > kServedFromPool) return fill_from_kernel(out);
  if (kForkHandler != 0) throw Failure("pthread_atfork failed");
  if (pool.used + out.size() > kPoolSize) {
    fill_from_kernel(pool.bytes);
    pool.used = 0;
  }
  std::uint8_t* from = pool.bytes.data() + pool.used;
  std::memcpy(out.data(), from, out.size());
  sodium_memzero(from, out.size());
  pool.used += out.size();
}

std::string random_token(std::size_t bytes) {
  Bytes random(bytes);
  fill_random(random);
  return to_base64url(random);
}

}  // namespace gatehouse::crypto
