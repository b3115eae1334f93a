// What a detector may see of a text when asked whether something begins at one symbol.
//
// The streaming property rests on this class: a detector that reads past what has arrived starves, and its
// verdict is put off until more arrives; a verdict reached without starving cannot be changed by what
// follows. To the left it may look back kLeftContext symbols, which a stream always keeps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "policy/normalize.h"

namespace gatehouse::policy {

inline constexpr std::size_t kLeftContext = 48;
inline constexpr std::size_t kRightContext = 32;

#ifdef GATEHOUSE_FAILPOINTS
/// How many symbols this thread has read, for tests of how cost grows.
inline thread_local std::uint64_t symbols_read = 0;
#endif

class Probe {
 public:
  /// `fresh`: what stands before `begin` was removed, so it counts as an edge.
  Probe(std::span<const char32_t> text, bool complete, std::size_t begin, bool fresh)
      : text_(text), complete_(complete), begin_(begin), fresh_(fresh) {}

  std::size_t begin() const { return begin_; }
  bool starved() const { return starved_; }

  char32_t at(std::size_t i) {
#ifdef GATEHOUSE_FAILPOINTS
    ++symbols_read;
#endif
    if (i < text_.size()) return text_[i];
    if (!complete_) starved_ = true;
    return kEdge;
  }
  /// before(1) is the symbol just before; `k` up to kLeftContext.
  char32_t before(std::size_t k) const { return fresh_ || k > begin_ ? kEdge : text_[begin_ - k]; }

  /// The last kLeftContext symbols before the start, whether removed or not.
  std::span<const char32_t> left() const {
    const std::size_t count = begin_ < kLeftContext ? begin_ : kLeftContext;
    return text_.subspan(begin_ - count, count);
  }
  bool ends_word(std::size_t end) { return !is_word(at(end)); }
  bool starts_word() const { return !is_word(before(1)); }
  bool reads(std::size_t i, std::string_view expected) {
    for (std::size_t k = 0; k < expected.size(); ++k) {
      if (at(i + k) != static_cast<unsigned char>(expected[k])) return false;
    }
    return true;
  }

 private:
  std::span<const char32_t> text_;
  bool complete_;
  std::size_t begin_;
  bool fresh_;
  bool starved_ = false;
};

}  // namespace gatehouse::policy
