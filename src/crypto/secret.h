// A secret in memory: it cannot be logged, formatted, streamed, serialised or copied by accident, and it is
// wiped when it dies.
//
// Every way out is called `reveal…`, so that a search for that word finds each place where a secret is used.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/core.h>

namespace gatehouse::crypto {

/// Owned bytes of a fixed length, move-only. The bytes stand in one allocation of their own (no small-string
/// buffer that a move would leave behind) and are zeroed before it is freed. A moved-from Secret is empty.
class Secret {
 public:
  Secret() = default;
  ~Secret() { wipe(); }
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;

  /// The caller still has to wipe its own copy; see `wipe_text`.
  static Secret copy_of(std::string_view);
  static Secret copy_of(std::span<const std::uint8_t>);
  /// Copies, then zeroes and empties the source (its spare capacity too).
  static Secret take(std::string&& source);
  static Secret take(std::vector<std::uint8_t>&& source);
  /// Fresh bytes from the operating system's generator.
  static Secret random(std::size_t size);
  /// `size` bytes written in place by `fill(std::span<std::uint8_t>)`.
  template <class Fill>
  static Secret filled(std::size_t size, Fill&& fill) {
    Secret secret(size);
    fill(std::span<std::uint8_t>(secret.bytes_.get(), size));
    return secret;
  }

  /// Never a null pointer, also when empty: C libraries do not take one.
  std::string_view reveal() const {
    return {bytes_ ? reinterpret_cast<const char*>(bytes_.get()) : "", size_};
  }
  std::span<const std::uint8_t> reveal_bytes() const {
    return {reinterpret_cast<const std::uint8_t*>(reveal().data()), size_};
  }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  /// A second, explicit copy.
  Secret clone() const { return copy_of(reveal_bytes()); }

  /// What a screen may show. Empty for secrets under 12 bytes, of which four would be too much.
  std::string last_four() const;

 private:
  explicit Secret(std::size_t size);
  void wipe() noexcept;

  std::unique_ptr<std::uint8_t[]> bytes_;
  std::size_t size_ = 0;
};

/// Constant time in the content; the lengths are not secret.
bool equal(const Secret&, const Secret&);

/// Zeroes and empties text that held a secret.
void wipe_text(std::string&) noexcept;

std::ostream& operator<<(std::ostream&, const Secret&) = delete;

}  // namespace gatehouse::crypto

// Formatting a Secret is a compile error, whatever the format string.
template <>
struct fmt::formatter<gatehouse::crypto::Secret> {
  formatter() = delete;
};
