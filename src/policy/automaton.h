// Anchored deterministic automata over symbols: is there a match that begins here, and where does it end?
// Built once, immutable, one table look-up a symbol; reads not one symbol more than the verdict needs.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "policy/probe.h"
#include "policy/regex.h"

namespace gatehouse::policy {

struct PatternHit {
  std::uint32_t pattern = 0;
  std::size_t end = 0;
  bool operator==(const PatternHit&) const = default;
};

class Automaton {
 public:
  struct Input {
    std::uint32_t pattern;  // the number that hits carry
    const ParsedPattern* parsed;
  };
  /// Nothing if an expression matches the empty text or the tables would be too large.
  static std::optional<Automaton> build(std::span<const Input>);

  /// Appends the longest match of each pattern that begins at the probe's place.
  void match(Probe&, std::vector<PatternHit>&) const;
  bool may_start_with(char32_t c) const { return next(kStart, c) != kDead; }
  std::size_t cells() const { return table_.size(); }

 private:
  static constexpr std::uint32_t kDead = 0;
  static constexpr std::uint32_t kStart = 1;
  struct Accepted {
    std::uint32_t pattern;
    bool word_start;
    bool word_end;
  };
  struct State {
    std::uint32_t accepts_begin = 0;
    std::uint32_t accepts_end = 0;
    bool is_leaf = true;
  };

  std::size_t class_of(char32_t) const;
  std::uint32_t next(std::uint32_t state, char32_t c) const { return table_[state * classes_ + class_of(c)]; }

  std::array<std::uint16_t, 128> ascii_{};
  std::vector<char32_t> borders_;  // first symbol of each class but the first
  std::size_t classes_ = 1;
  std::vector<std::uint32_t> table_;
  std::vector<State> states_;
  std::vector<Accepted> accepts_;
};

}  // namespace gatehouse::policy
