#include "base/uuid.h"

#include <chrono>
#include <cstring>
#include <stdexcept>
#include <sys/random.h>

namespace gatehouse {
namespace {

constexpr char kHex[] = "0123456789abcdef";

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The system call is paid once per 64 ids.
void random_tail(std::uint8_t* out, std::size_t size) {
  thread_local std::array<std::uint8_t, 512> pool;
  thread_local std::size_t used = pool.size();
  if (used + size > pool.size()) {
    if (getrandom(pool.data(), pool.size(), 0) != static_cast<ssize_t>(pool.size()))
      throw std::runtime_error("getrandom failed");
    used = 0;
  }
  std::memcpy(out, pool.data() + used, size);
  used += size;
}

}  // namespace

std::string Uuid::to_string() const {
  std::string text(36, '-');
  std::size_t at = 0;
  for (std::size_t i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) ++at;
    text[at++] = kHex[bytes[i] >> 4];
    text[at++] = kHex[bytes[i] & 15];
  }
  return text;
}

std::optional<Uuid> Uuid::parse(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  Uuid uuid;
  std::size_t at = 0;
  for (std::size_t i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) {
      if (text[at++] != '-') return std::nullopt;
    }
    int high = hex_value(text[at]), low = hex_value(text[at + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    uuid.bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
    at += 2;
  }
  return uuid;
}

Uuid Uuid::v7() {
  // 48 bits of milliseconds, then 12 bits of sub-millisecond fraction (RFC 9562, method 3), so ids made by
  // one thread sort by creation; a per-thread floor keeps them monotonic when the clock stands or steps back.
  thread_local std::uint64_t last = 0;
  auto now = std::chrono::system_clock::now().time_since_epoch();
  auto nanos = static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
  std::uint64_t stamp = (nanos / 1'000'000) << 12 | (nanos % 1'000'000) * 4096 / 1'000'000;
  if (stamp <= last) stamp = last + 1;
  last = stamp;
  Uuid uuid;
  std::uint64_t millis = stamp >> 12;
  for (int i = 0; i < 6; ++i)
    uuid.bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(millis >> (40 - 8 * i));
  uuid.bytes[6] = static_cast<std::uint8_t>(0x70 | (stamp >> 8 & 0x0f));
  uuid.bytes[7] = static_cast<std::uint8_t>(stamp);
  random_tail(uuid.bytes.data() + 8, 8);
  uuid.bytes[8] = static_cast<std::uint8_t>(0x80 | (uuid.bytes[8] & 0x3f));
  return uuid;
}

}  // namespace gatehouse

std::size_t std::hash<gatehouse::Uuid>::operator()(const gatehouse::Uuid& uuid) const noexcept {
  // The tail is random, the head is time: mix both.
  std::uint64_t head, tail;
  std::memcpy(&head, uuid.bytes.data(), 8);
  std::memcpy(&tail, uuid.bytes.data() + 8, 8);
  return static_cast<std::size_t>(tail ^ (head * 0x9e3779b97f4a7c15ULL));
}
