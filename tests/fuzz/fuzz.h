// What the fuzz programs share: a claim that must hold, and bytes taken apart.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace gatehouse::fuzz {

inline void require(bool holds, const char* claim) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", claim);
  std::abort();
}

/// The input's first byte says how the rest is cut: pieces of 1 to 16 bytes, sizes walking from there.
class Cuts {
 public:
  Cuts(const std::uint8_t* data, std::size_t size)
      : step_(size ? data[0] : std::uint8_t{0}),
        text_(reinterpret_cast<const char*>(data) + (size ? 1 : 0), size ? size - 1 : 0) {}

  std::string_view whole() const { return text_; }
  void each_piece(auto use) const {
    std::size_t step = step_;
    for (std::size_t at = 0; at < text_.size();) {
      std::size_t size = 1 + step % 16;
      use(text_.substr(at, size));
      at += size;
      step = step * 5 + 3;
    }
  }

 private:
  std::uint8_t step_;
  std::string_view text_;
};

}  // namespace gatehouse::fuzz
