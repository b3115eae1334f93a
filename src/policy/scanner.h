// The one matcher, for whole texts and for streams: from left to right, symbol by symbol, it settles what
// begins at each. A symbol is settled when no detector and no pattern needed more than has arrived.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "policy/compiled.h"

namespace gatehouse::policy {

struct Finding {
  Source source = 0;
  std::size_t begin = 0;  // symbols
  std::size_t end = 0;
  double score = 0;
  Tail tail = Tail::none;
};

/// Where a scan stands. Indices are into the symbols at hand; shift() follows their removal at the front.
struct Cursor {
  std::size_t next = 0;           // the first symbol that is not settled
  std::size_t removed_until = 0;  // symbols before were removed from the text (streams)
  std::array<std::size_t, kDetectors> last_end{};
  std::vector<std::pair<Source, std::size_t>> pattern_ends;  // of the patterns found lately
  Tail tail = Tail::none;                                    // a value that goes on at tail_at
  std::size_t tail_at = 0;
  std::uint8_t dashes = 0;
  bool in_end_line = false;

  void shift(std::size_t count);
};

class Scanner {
 public:
  explicit Scanner(const CompiledRules& rules) : rules_(rules) {}

  enum class Step {
    found,  // found() begin at the symbol before cursor.next
    tail,   // the value with a tail reaches to cursor.tail_at by now
    done,   // all is settled, or more text is needed
  };
  /// Settles symbols until there is something to tell, or those before `limit` are settled.
  Step next(std::span<const char32_t> text, bool complete, Cursor&, std::size_t limit = SIZE_MAX);
  /// The longest first.
  std::span<const Finding> found() const { return found_; }

 private:
  /// Whether symbol tail_at belongs to the tail; advances the cursor or ends the tail. False: more text is
  /// needed.
  static bool settle_tail(std::span<const char32_t> text, bool complete, Cursor&);

  bool look(std::span<const char32_t> text, bool complete, Cursor&, std::uint8_t starts);

  const CompiledRules& rules_;
  std::vector<Finding> found_;
  std::vector<PatternHit> hits_;
};

/// Everything that begins at symbol `begin` or later of a whole text (what is before is context only), in the
/// order of beginnings.
std::vector<Finding> find_all(const CompiledRules&, std::span<const char32_t> text, std::size_t begin = 0);

}  // namespace gatehouse::policy
