// Runs of digits as people write them: with dots, dashes, slashes and spaces between.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "policy/probe.h"

namespace gatehouse::policy {

/// What may stand between two digits of one value: up to three of ` .-/_`, in phone numbers also parentheses.
enum class Gaps { document, phone };

/// How the digits of a value are set.
///  bare    without gaps          usual   gaps only where the form has them
///  spaced  one gap after every digit, and the value is the whole of such a row
///  odd     anything else
enum class Grouping { bare, usual, spaced, odd };

inline constexpr std::size_t kMaxDigits = 20;

struct DigitRun {
  std::array<std::uint8_t, kMaxDigits> digits{};
  std::array<std::size_t, kMaxDigits> ends{};       // symbol after the digit
  std::array<std::uint8_t, kMaxDigits + 1> gaps{};  // symbols between the digit and the one before
  std::size_t count = 0;
  std::size_t closed_at = 0;  // the digit before which a closing parenthesis stands

  /// A value of the first `length` digits is not glued to what follows.
  bool ends_at(Probe& probe, std::size_t length) const {
    return length < count ? gaps[length] > 0 : probe.ends_word(ends[length - 1]);
  }
  /// The first `length` digits are written out in full: set apart at each of the places that are below
  /// `length`, and nowhere else.
  bool is_set_apart(std::size_t length, std::initializer_list<std::size_t> places) const;
  /// A value of the first `length` digits stands by itself, or after `word` alone. If it is set apart at
  /// `places`, only digits may not be glued to it: `nº529.982.247-25e`.
  bool stands_alone(Probe&, std::size_t length, std::string_view word,
                    std::initializer_list<std::size_t> places) const;
  Grouping grouping(const Probe&, std::size_t length, std::initializer_list<std::size_t> usual_places) const;
};

/// Reads up to `limit` (at most kMaxDigits) digits from symbol `begin`.
DigitRun read_digits(Probe&, std::size_t begin, Gaps, std::size_t limit);

/// Whether digits at the probe's place begin a number; letters may be glued before them only if they spell
/// `word`.
bool digits_may_start(const Probe&, std::string_view word);
/// `0.52998224725`: more likely a fraction than a document.
bool follows_decimal_point(const Probe&);

}  // namespace gatehouse::policy
