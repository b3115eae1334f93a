// Masks, partial masks, replacements and keyed hashes.
#include "policy/replace.h"

#include <algorithm>
#include <stdexcept>

#include "crypto/digest.h"
#include "policy/normalize.h"

namespace gatehouse::policy {
namespace {

// Two spellings of one value are one value: only letters and digits count, in small letters.
std::string canonical(std::span<const char32_t> value) {
  std::u32string kept;
  for (const char32_t c : value) {
    if (is_word(c) || c == '@') kept.push_back(to_lower(c));
  }
  return to_utf8(kept);
}

std::string partial(std::span<const char32_t> value, std::int64_t keep) {
  const auto total = static_cast<std::size_t>(std::ranges::count_if(value, is_word));
  const std::size_t kept = std::min(static_cast<std::size_t>(keep), total / 3);
  std::u32string out;
  std::size_t left = total;
  for (const char32_t c : value) {
    out.push_back(is_word(c) && left-- > kept ? U'*' : c == kBreak ? U' ' : c);
  }
  return to_utf8(out);
}

}  // namespace

std::string to_utf8(std::span<const char32_t> symbols) {
  std::string out;
  const auto put = [&](char32_t byte) { out.push_back(static_cast<char>(static_cast<unsigned char>(byte))); };
  for (const char32_t c : symbols) {
    if (c < 0x80) {
      put(c);
    } else if (c < 0x800) {
      put(0xC0 | (c >> 6));
      put(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
      put(0xE0 | (c >> 12));
      put(0x80 | ((c >> 6) & 0x3F));
      put(0x80 | (c & 0x3F));
    } else if (c < kBreak) {
      put(0xF0 | (c >> 18));
      put(0x80 | ((c >> 12) & 0x3F));
      put(0x80 | ((c >> 6) & 0x3F));
      put(0x80 | (c & 0x3F));
    }
  }
  return out;
}

std::uint32_t Numbering::number_of(std::string_view label, std::string_view canonical_value) {
  const auto [place, fresh] = numbers_.try_emplace({std::string(label), std::string(canonical_value)}, 0U);
  if (fresh && numbers_.size() > kMaxNumbered) throw std::length_error("too many values to number");
  if (fresh) place->second = ++last_[std::string(label)];
  return place->second;
}

std::string replace(const Redaction& redaction, std::string_view label, std::span<const char32_t> value,
                    const crypto::Secret& hash_key, Numbering& numbering) {
  switch (redaction.operation) {
    case RedactionOperator::mask:
      break;
    case RedactionOperator::partial:
      return partial(value, redaction.keep);
    case RedactionOperator::replace:
      return redaction.replacement;
    case RedactionOperator::hash: {
      const auto digest = crypto::hmac_sha256(hash_key, std::string(label) + '\0' + canonical(value));
      // In letters: sixteen hexadecimal digits could pass for a card number.
      std::string text = "[" + std::string(label) + ":";
      for (std::size_t i = 0; i < 8; ++i) {
        text.push_back(static_cast<char>('a' + (digest[i] >> 4)));
        text.push_back(static_cast<char>('a' + (digest[i] & 15)));
      }
      return text + "]";
    }
  }
  return "[" + std::string(label) + "_" + std::to_string(numbering.number_of(label, canonical(value))) + "]";
}

}  // namespace gatehouse::policy
