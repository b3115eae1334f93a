// Values made of digits: CPF, phone numbers, payment cards.
#include <algorithm>
#include <array>

#include "policy/detector.h"
#include "policy/digits.h"

namespace gatehouse::policy {
namespace {

bool all_equal(std::span<const std::uint8_t> digits) {
  return std::ranges::all_of(digits, [&](std::uint8_t d) { return d == digits[0]; });
}

bool cpf_is_valid(std::span<const std::uint8_t> d) {
  if (all_equal(d.first(11))) return false;
  for (const std::size_t length : {9U, 10U}) {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < length; ++i) sum += d[i] * (length + 1 - i);
    const std::size_t check = sum * 10 % 11 % 10;
    if (d[length] != check) return false;
  }
  return true;
}

bool luhn_is_valid(std::span<const std::uint8_t> digits) {
  unsigned sum = 0;
  bool twice = false;
  for (std::size_t i = digits.size(); i-- > 0; twice = !twice) {
    const unsigned d = digits[i] * (twice ? 2U : 1U);
    sum += d > 9 ? d - 9 : d;
  }
  return sum % 10 == 0;
}

struct Issuer {
  unsigned first;  // range of the first six digits
  unsigned last;
  std::uint32_t lengths;  // bit n: n digits
};
constexpr std::uint32_t lengths(std::initializer_list<unsigned> list) {
  std::uint32_t bits = 0;
  for (const unsigned n : list) bits |= 1U << n;
  return bits;
}
constexpr std::uint32_t kSixteenUp = lengths({16, 17, 18, 19});
// Issuer ranges as the networks publish them: Visa, Mastercard, American Express, Discover, Diners, JCB,
// UnionPay, Elo, Hipercard, Maestro's own prefixes.
constexpr Issuer kIssuers[] = {
    {400000, 499999, lengths({13, 16, 19})},
    {510000, 559999, lengths({16})},
    {222100, 272099, lengths({16})},
    {340000, 349999, lengths({15})},
    {370000, 379999, lengths({15})},
    {601100, 601199, kSixteenUp},
    {644000, 659999, kSixteenUp},
    {300000, 305999, lengths({14, 16, 19})},
    {309500, 309599, lengths({14, 16, 19})},
    {360000, 369999, lengths({14, 16, 19})},
    {380000, 399999, lengths({14, 16, 19})},
    {352800, 358999, kSixteenUp},
    {620000, 629999, kSixteenUp},
    {504100, 504199, lengths({16})},
    {506600, 506799, lengths({16})},
    {509000, 509999, lengths({16})},
    {627700, 627799, lengths({16})},
    {636200, 636399, lengths({16})},
    {606282, 606282, lengths({16})},
    {501800, 501899, kSixteenUp},
    {502000, 502099, kSixteenUp},
    {503800, 503899, kSixteenUp},
    {589300, 589399, kSixteenUp},
    {630400, 630499, kSixteenUp},
    {675900, 675999, kSixteenUp},
    {676100, 676399, kSixteenUp},
};

bool issuer_knows(std::span<const std::uint8_t> digits) {
  unsigned prefix = 0;
  for (std::size_t i = 0; i < 6; ++i) prefix = prefix * 10 + digits[i];
  return std::ranges::any_of(kIssuers, [&](const Issuer& issuer) {
    return prefix >= issuer.first && prefix <= issuer.last && (issuer.lengths >> digits.size() & 1U) != 0;
  });
}

// Brazilian area codes in use.
bool area_code_exists(unsigned code) {
  constexpr std::string_view kAreas =
      "11 12 13 14 15 16 17 18 19 21 22 24 27 28 31 32 33 34 35 37 38 41 42 43 44 45 46 47 48 49 51 53 54 55 "
      "61 62 "
      "63 64 65 66 67 68 69 71 73 74 75 77 79 81 82 83 84 85 86 87 88 89 91 92 93 94 95 96 97 98 99";
  const char text[] = {static_cast<char>('0' + code / 10), static_cast<char>('0' + code % 10)};
  const auto place = kAreas.find(std::string_view(text, 2));
  return place != kAreas.npos && place % 3 == 0;
}

// `skip` digits of country code or trunk zero come before the area code.
bool is_brazilian(const DigitRun& run, std::size_t skip, std::size_t count) {
  const std::size_t local = count - skip - 2;
  if (count < skip + 2 || (local != 8 && local != 9)) return false;
  if (!area_code_exists(run.digits[skip] * 10U + run.digits[skip + 1])) return false;
  const unsigned first = run.digits[skip + 2];
  return local == 9 ? first == 9 : first >= 2 && first <= 5;
}

std::optional<Hit> international(Probe& probe) {
  if (is_digit(probe.before(1))) return std::nullopt;
  const DigitRun run = read_digits(probe, probe.begin() + 1, Gaps::phone, 16);
  if (run.count < 8 || run.digits[0] == 0) return std::nullopt;
  if (run.digits[0] == 5 && run.digits[1] == 5) {
    for (const std::size_t count : {13U, 12U}) {
      if (run.count < count || !is_brazilian(run, 2, count)) continue;
      if (run.is_set_apart(count, {2, 4, count - 4}) && count == run.count)
        return Hit{run.ends[count - 1], 0.9};
      if (probe.starts_word() && run.ends_at(probe, count)) {
        return Hit{run.ends[count - 1], 0.9};
      }
    }
  }
  if (run.count > 15 || !probe.starts_word() || !probe.ends_word(run.ends[run.count - 1]))
    return std::nullopt;
  return Hit{run.ends[run.count - 1], 0.65};
}

}  // namespace

std::optional<Hit> match_phone(Probe& probe) {
  const char32_t first = probe.at(probe.begin());
  if (first == '+') return international(probe);
  const bool parenthesis = first == '(';
  const bool glued = !probe.starts_word();
  if (parenthesis ? is_digit(probe.before(1)) : glued) return std::nullopt;
  const DigitRun run = read_digits(probe, probe.begin() + (parenthesis ? 1 : 0), Gaps::phone, 13);
  for (const std::size_t count : {13U, 12U, 11U, 10U}) {
    if (run.count < count) continue;
    // `tel(11) 98765-4321e`: letters beside what is written out in full do not matter.
    const bool written_out = parenthesis && run.gaps[count - 4] > 0;
    if (written_out ? count != run.count && run.gaps[count] == 0 : glued || !run.ends_at(probe, count))
      continue;
    const bool country = run.digits[0] == 5 && run.digits[1] == 5;
    for (const std::size_t skip : {2U, 1U, 0U}) {
      if ((skip == 2 && !country) || (skip == 1 && run.digits[0] != 0)) continue;
      if (count < skip + 10 || !is_brazilian(run, skip, count)) continue;
      const bool mobile = count - skip == 11;
      const std::size_t prefix_end = count - 4;
      // The area code set apart and the last four set apart is how people write it.
      const bool area_apart = run.gaps[skip + 2] > 0;
      const bool tail_apart = run.gaps[prefix_end] > 0;
      double score = 0.3;
      if (parenthesis && run.closed_at != skip + 2) continue;
      if (run.closed_at == skip + 2) {
        score = 0.75;
      } else if (area_apart && (mobile || skip != 0)) {
        score = tail_apart ? 0.6 : 0.5;
      } else if (skip == 2 && mobile) {
        score = 0.4;
      }
      return Hit{run.ends[count - 1], score};
    }
  }
  return std::nullopt;
}

std::optional<Hit> match_cpf(Probe& probe) {
  const DigitRun run = read_digits(probe, probe.begin(), Gaps::document, 12);
  if (run.count < 11 || !run.stands_alone(probe, 11, "cpf", {3, 6, 9}) || !cpf_is_valid(run.digits))
    return std::nullopt;
  double score = 0.2;
  switch (run.grouping(probe, 11, {3, 6, 9})) {
    case Grouping::usual:
      score = 0.95;
      break;
    case Grouping::bare:
      score = 0.85;
      break;
    case Grouping::spaced:
      score = 0.7;
      break;
    case Grouping::odd:
      break;
  }
  if (follows_decimal_point(probe)) score -= 0.5;
  return Hit{run.ends[10], score};
}

std::optional<Hit> match_credit_card(Probe& probe) {
  const DigitRun run = read_digits(probe, probe.begin(), Gaps::document, 20);
  if (run.count < 13) return std::nullopt;
  for (std::size_t count = std::min<std::size_t>(run.count, 19); count >= 13; --count) {
    const std::span<const std::uint8_t> digits(run.digits.data(), count);
    const bool alone = run.stands_alone(probe, count, "card", {4, 8, 12, 16}) ||
                       run.stands_alone(probe, count, "card", {4, 10});
    if (!alone || !issuer_knows(digits) || all_equal(digits) || !luhn_is_valid(digits)) continue;
    double score = 0.2;
    auto grouping = run.grouping(probe, count, {4, 8, 12, 16});
    if (grouping == Grouping::odd) grouping = run.grouping(probe, count, {4, 10});
    switch (grouping) {
      case Grouping::usual:
        score = 0.95;
        break;
      case Grouping::bare:
        score = 0.85;
        break;
      case Grouping::spaced:
        score = 0.7;
        break;
      case Grouping::odd:
        break;
    }
    if (follows_decimal_point(probe)) score -= 0.5;
    return Hit{run.ends[count - 1], score};
  }
  return std::nullopt;
}

}  // namespace gatehouse::policy
