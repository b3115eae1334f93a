#include "crypto/totp.h"

#include <array>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/error.h"
#include "crypto/digest.h"

namespace gatehouse::crypto {
namespace {

constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

}  // namespace

std::int64_t totp_step(std::chrono::sys_seconds at) {
  return at.time_since_epoch() / kTotpStep;
}

std::string totp_code(const Secret& secret, std::int64_t step, int digits) {
  std::array<std::uint8_t, 8> counter{};
  for (std::size_t i = 0; i < counter.size(); ++i)
    counter[counter.size() - 1 - i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(step) >> (8 * i));
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> mac{};
  unsigned size = 0;
  auto key = secret.reveal_bytes();
  if (!HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), counter.data(), counter.size(), mac.data(),
            &size))
    throw Failure("HMAC-SHA-1 failed");
  // RFC 4226 §5.3: 31 bits from where the last four say.
  std::size_t at = mac[size - 1] & 0x0fU;
  std::uint32_t number = (static_cast<std::uint32_t>(mac[at] & 0x7fU) << 24) |
                         (static_cast<std::uint32_t>(mac[at + 1]) << 16) |
                         (static_cast<std::uint32_t>(mac[at + 2]) << 8) | mac[at + 3];
  std::string code(static_cast<std::size_t>(digits), '0');
  for (auto digit = code.rbegin(); digit != code.rend(); ++digit, number /= 10)
    *digit = static_cast<char>('0' + number % 10);
  return code;
}

std::optional<std::int64_t> totp_match(const Secret& secret, std::string_view code, std::int64_t step,
                                       std::int64_t last_used) {
  std::optional<std::int64_t> matched;
  for (std::int64_t tried = step - 1; tried <= step + 1; ++tried) {
    bool same = equal(totp_code(secret, tried), code);
    if (same && tried > last_used) matched = tried;
  }
  return matched;
}

Secret to_base32(const Secret& secret) {
  auto bytes = secret.reveal_bytes();
  return Secret::filled((bytes.size() * 8 + 4) / 5, [&](std::span<std::uint8_t> out) {
    for (std::size_t i = 0; i < out.size(); ++i) {
      unsigned value = 0;
      for (std::size_t bit = i * 5; bit < i * 5 + 5; ++bit) {
        unsigned set = bit / 8 < bytes.size() ? (bytes[bit / 8] >> (7 - bit % 8)) & 1U : 0U;
        value = (value << 1) | set;
      }
      out[i] = static_cast<std::uint8_t>(kBase32[value]);
    }
  });
}

}  // namespace gatehouse::crypto
