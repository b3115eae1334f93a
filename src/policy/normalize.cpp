// Bytes to symbols: UTF-8 and JSON escapes, byte by byte, so that a cut may fall anywhere.
#include "policy/normalize.h"

namespace gatehouse::policy {

namespace {

bool is_plain(char c) {
  return static_cast<unsigned char>(c - 0x20) < 0x5F;
}

// Printable ASCII from the beginning, sixteen bytes at a time.
std::size_t plain_run(std::string_view bytes) {
  std::size_t run = 0;
  while (bytes.size() - run >= 16) {
    bool all = true;
    for (std::size_t k = 0; k < 16; ++k) all &= is_plain(bytes[run + k]);
    if (!all) break;
    run += 16;
  }
  while (run < bytes.size() && is_plain(bytes[run])) ++run;
  return run;
}

}  // namespace

void Symbols::erase_front(std::size_t count) {
  const auto n = static_cast<std::ptrdiff_t>(count);
  values.erase(values.begin(), values.begin() + n);
  begins.erase(begins.begin(), begins.begin() + n);
  lengths.erase(lengths.begin(), lengths.begin() + n);
  if (!outside.empty()) outside.erase(outside.begin(), outside.begin() + n);
}

void Symbols::clear() {
  values.clear();
  begins.clear();
  lengths.clear();
  outside.clear();
}

void Normalizer::put(char32_t symbol, std::uint32_t begin, std::uint32_t end, Symbols& out) {
  out.values.push_back(symbol);
  out.begins.push_back(begin);
  out.lengths.push_back(static_cast<std::uint8_t>(end - begin));
  if (encoding_ == Encoding::json_source) out.outside.push_back(!in_string_);
}

void Normalizer::code_point(char32_t c, std::uint32_t begin, std::uint32_t end, Symbols& out) {
  const Folded folded = fold(c);
  if (folded.first == 0) {
    // A text must not grow an unbounded tail of characters that nobody sees: the next one counts as visible.
    if (++invisible_ <= kMaxInvisible) return;
    invisible_ = 0;
    put(kBreak, begin, end, out);
    return;
  }
  invisible_ = 0;
  put(folded.first, begin, end, out);
  for (const char32_t symbol : folded.rest) put(symbol, begin, end, out);
}

void Normalizer::settle_surrogate(Symbols& out) {
  if (surrogate_ == 0) return;
  surrogate_ = 0;
  invisible_ = 0;
  put(kBreak, surrogate_begin_, surrogate_end_, out);
}

// Not an escape after all; its pieces are no text either.
void Normalizer::settle_escape(std::uint32_t end, Symbols& out) {
  settle_surrogate(out);
  if (escape_ == Escape::none) return;
  escape_ = Escape::none;
  invisible_ = 0;
  put(kBreak, escape_begin_, end, out);
}

void Normalizer::escape_symbol(char32_t c, std::uint32_t end, Symbols& out) {
  escape_ = Escape::none;
  if (surrogate_ != 0 && c >= 0xDC00 && c <= 0xDFFF) {
    const char32_t whole = 0x10000 + ((surrogate_ - 0xD800) << 10) + (c - 0xDC00);
    surrogate_ = 0;
    code_point(whole, surrogate_begin_, end, out);
    return;
  }
  settle_surrogate(out);
  if (c >= 0xD800 && c <= 0xDBFF) {
    surrogate_ = c;
    surrogate_begin_ = escape_begin_;
    surrogate_end_ = end;
    return;
  }
  if (c >= 0xDC00 && c <= 0xDFFF) {
    put(kBreak, escape_begin_, end, out);
    return;
  }
  code_point(c, escape_begin_, end, out);
}

void Normalizer::source_symbol(char32_t c, std::uint32_t begin, std::uint32_t end, Symbols& out) {
  if (escape_ == Escape::backslash) {
    switch (c) {
      case 'u':
        escape_ = Escape::hex;
        hex_ = 0;
        hex_digits_ = 0;
        return;
      case 'n':
      case 'r':
      case 't':
      case 'f':
      case 'b':
        return escape_symbol(' ', end, out);
      default:
        return escape_symbol(c, end, out);
    }
  }
  if (escape_ == Escape::hex) {
    const char32_t digit = is_digit(c)              ? c - '0'
                           : (c >= 'a' && c <= 'f') ? c - 'a' + 10
                           : (c >= 'A' && c <= 'F') ? c - 'A' + 10
                                                    : 16;
    if (digit < 16) {
      hex_ = hex_ * 16 + digit;
      if (++hex_digits_ == 4) escape_symbol(hex_, end, out);
      return;
    }
    settle_escape(begin, out);
  }
  if (in_string_ && c == '\\') {
    escape_ = Escape::backslash;
    escape_begin_ = begin;
    return;
  }
  settle_surrogate(out);
  if (c == '"') {
    // The quote itself belongs to no value on either side.
    invisible_ = 0;
    put(kBreak, begin, end, out);
    in_string_ = !in_string_;
    return;
  }
  code_point(c, begin, end, out);
}

void Normalizer::flush_partial(Symbols& out) {
  if (wanted_ == 0) return;
  const std::uint32_t count = seen_;
  wanted_ = 0;
  settle_escape(partial_begin_, out);
  invisible_ = 0;
  for (std::uint32_t i = 0; i < count; ++i) put(kBreak, partial_begin_ + i, partial_begin_ + i + 1, out);
}

void Normalizer::byte(unsigned char b, Symbols& out) {
  const std::uint32_t begin = offset_++;
  if (wanted_ != 0) {
    const bool fits = seen_ == 1 ? (b >= second_low_ && b <= second_high_) : (b >= 0x80 && b <= 0xBF);
    if (fits) {
      partial_ = (partial_ << 6) | (b & 0x3Fu);
      if (++seen_ == wanted_) {
        wanted_ = 0;
        if (encoding_ == Encoding::json_source) {
          source_symbol(partial_, partial_begin_, begin + 1, out);
        } else {
          code_point(partial_, partial_begin_, begin + 1, out);
        }
      }
      return;
    }
    flush_partial(out);
  }
  if (b < 0x80) {
    if (encoding_ == Encoding::json_source) {
      source_symbol(b, begin, begin + 1, out);
    } else {
      code_point(b, begin, begin + 1, out);
    }
    return;
  }
  if (b < 0xC2 || b > 0xF4) {
    settle_escape(begin, out);
    invisible_ = 0;
    put(kBreak, begin, begin + 1, out);
    return;
  }
  partial_begin_ = begin;
  seen_ = 1;
  wanted_ = b < 0xE0 ? 2 : b < 0xF0 ? 3 : 4;
  partial_ = b & (wanted_ == 2 ? 0x1Fu : wanted_ == 3 ? 0x0Fu : 0x07u);
  second_low_ = b == 0xE0 ? 0xA0 : b == 0xF0 ? 0x90 : 0x80;
  second_high_ = b == 0xED ? 0x9F : b == 0xF4 ? 0x8F : 0xBF;
}

void Normalizer::push(std::string_view bytes, Symbols& out) {
  std::size_t i = 0;
  while (i < bytes.size()) {
    if (encoding_ == Encoding::plain && wanted_ == 0) {
      // The common run: printable ASCII stands for itself.
      const std::size_t count = plain_run(bytes.substr(i));
      if (count > 0) {
        const std::size_t old = out.size();
        out.values.resize(old + count);
        out.begins.resize(old + count);
        out.lengths.resize(old + count, 1);
        char32_t* const values = out.values.data() + old;
        std::uint32_t* const begins = out.begins.data() + old;
        const char* const source = bytes.data() + i;
        for (std::size_t k = 0; k < count; ++k) values[k] = static_cast<unsigned char>(source[k]);
        for (std::size_t k = 0; k < count; ++k) begins[k] = offset_ + static_cast<std::uint32_t>(k);
        offset_ += static_cast<std::uint32_t>(count);
        invisible_ = 0;
        i += count;
        continue;
      }
    }
    byte(static_cast<unsigned char>(bytes[i++]), out);
  }
}

void Normalizer::finish(Symbols& out) {
  flush_partial(out);
  settle_escape(offset_, out);
}

void normalize(std::string_view text, Encoding encoding, Symbols& out) {
  out.clear();
  out.values.reserve(text.size());
  out.begins.reserve(text.size());
  out.lengths.reserve(text.size());
  Normalizer normalizer(encoding);
  normalizer.push(text, out);
  normalizer.finish(out);
}

Symbols normalize(std::string_view text, Encoding encoding) {
  Symbols symbols;
  normalize(text, encoding, symbols);
  return symbols;
}

}  // namespace gatehouse::policy
