// Bits, and a look around digits.
#include "policy/candidates.h"

#include <algorithm>
#include <bit>

namespace gatehouse::policy {
namespace {

constexpr std::size_t kCnpjReach = 26;  // 14 symbols and a gap of three in four places

bool is_digit(char c) {
  return static_cast<unsigned char>(c - '0') < 10;
}
bool is_letter(char c) {
  return static_cast<unsigned char>((c | 0x20) - 'a') < 26;
}
bool is_alnum(char c) {
  return is_digit(c) || is_letter(c);
}

/// A place in a text, moving to its beginning.
struct Backwards {
  std::string_view text;
  std::size_t at;  // after the symbol that is next

  bool take(bool (*test)(char)) {
    if (at == 0 || !test(text[at - 1])) return false;
    --at;
    return true;
  }
  bool take(std::size_t count, bool (*test)(char)) {
    while (count > 0 && take(test)) --count;
    return count == 0;
  }
  void skip(std::size_t most, std::string_view gaps) {
    for (; most > 0 && at > 0 && gaps.find(text[at - 1]) != gaps.npos; --most) --at;
  }
};

// `…345/01DE-35`: its last two are digits, with four and three before that are digits or letters.
void look_for_cnpj(std::string_view text, std::size_t last, Candidates& places) {
  constexpr std::string_view kGaps = " ./_-";
  if (last + 1 < text.size() && is_digit(text[last + 1])) return;
  const bool glued = last + 1 < text.size() && is_letter(text[last + 1]);
  Backwards back{text, last};
  if (!back.take(is_digit)) return;
  const std::size_t check_digits = back.at;
  back.skip(3, kGaps);
  // A letter may follow what is set apart, and nothing else.
  if (glued && back.at == check_digits) return;
  if (!back.take(4, is_alnum)) return;
  back.skip(3, kGaps);
  if (!back.take(3, is_alnum)) return;
  places.add(last + 1 > kCnpjReach ? last + 1 - kCnpjReach : 0, last + 1);
}

// `DE89 …`: two letters that begin a word, two digits, and eleven more.
void look_for_iban(std::string_view text, std::size_t first, Candidates& places) {
  constexpr std::string_view kGaps = " .-";
  Backwards back{text, first};
  back.skip(2, kGaps);
  if (!back.take(2, is_letter) || (back.at > 0 && is_alnum(text[back.at - 1]))) return;
  std::size_t at = first + 1;
  for (int n = 0; n < 12; ++n, ++at) {
    for (int gap = 0; gap < 2 && at < text.size() && kGaps.find(text[at]) != kGaps.npos; ++gap) ++at;
    if (at >= text.size() || !(n == 0 ? is_digit(text[at]) : is_alnum(text[at]))) return;
  }
  places.add(back.at, back.at + 1);
}

}  // namespace

Candidates::Candidates(std::size_t symbols, bool everywhere)
    : symbols_(symbols), bits_((symbols / kBlock + 64) / 64, everywhere ? ~std::uint64_t{0} : 0) {}

void Candidates::add(std::size_t begin, std::size_t end) {
  for (std::size_t block = begin / kBlock; block * kBlock < end; ++block) {
    bits_[block / 64] |= std::uint64_t{1} << block % 64;
  }
}

bool Candidates::empty() const {
  return next(0) == symbols_;
}

std::size_t Candidates::find(std::size_t at, bool clear) const {
  std::size_t block = at / kBlock;
  while (block / 64 < bits_.size()) {
    const std::uint64_t word = (clear ? ~bits_[block / 64] : bits_[block / 64]) >> block % 64;
    if (word != 0) {
      block += static_cast<std::size_t>(std::countr_zero(word));
      break;
    }
    block = (block / 64 + 1) * 64;
  }
  return std::min(symbols_, std::max(at, block * kBlock));
}

void add_lettered_numbers(std::string_view bytes, Candidates& places) {
  for (std::size_t begin = 0; begin < bytes.size(); begin += Candidates::kBlock) {
    const std::string_view block = bytes.substr(begin, Candidates::kBlock);
    // Without a way out in the middle, so that it becomes a few vector instructions.
    bool any = false;
    for (const char c : block) any |= is_digit(c);
    if (!any) continue;
    for (std::size_t k = 0; k < block.size(); ++k) {
      if (!is_digit(block[k])) continue;
      look_for_cnpj(bytes, begin + k, places);
      look_for_iban(bytes, begin + k, places);
    }
  }
}

}  // namespace gatehouse::policy
