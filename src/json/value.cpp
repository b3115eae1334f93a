#include "json/value.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <span>
#include <vector>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>
#include <fmt/format.h>

namespace gatehouse::json {
namespace {

namespace bj = boost::json;
using bj::error_code;

// Boost's parser is given the whole text at once, so that a key without escapes and every number arrive in
// one piece, as views into the text.
class Handler {
 public:
  static constexpr std::size_t max_array_size = SIZE_MAX;
  static constexpr std::size_t max_object_size = bj::object::max_size();
  static constexpr std::size_t max_string_size = bj::string::max_size();
  static constexpr std::size_t max_key_size = bj::string::max_size();

  Handler(std::string_view text, const Limits& limits, bj::storage_ptr storage)
      : text_(text), limits_(limits), stack_({}, scratch_, sizeof scratch_) {
    stack_.reset(std::move(storage));
  }

  Value release() { return stack_.release(); }
  const char* refusal = nullptr;
  std::size_t refused_at = SIZE_MAX;  // SIZE_MAX: where the parser stopped

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_array_begin(error_code& ec) { return count(ec); }
  bool on_array_end(std::size_t n, error_code&) {
    stack_.push_array(n);
    return true;
  }
  bool on_object_begin(error_code& ec) { return count(ec); }
  bool on_object_end(std::size_t n, error_code& ec) {
    if (!limits_.allow_duplicate_keys) {
      if (const Key* twice = duplicate_of_last(n))
        return refuse("a key occurs twice in one object", ec, twice->at);
      keys_.resize(keys_.size() - n);
    }
    stack_.push_object(n);
    return true;
  }
  bool on_string_part(bj::string_view s, std::size_t, error_code&) {
    stack_.push_chars(s);
    return true;
  }
  bool on_string(bj::string_view s, std::size_t, error_code& ec) {
    stack_.push_string(s);
    return count(ec);
  }
  bool on_key_part(bj::string_view s, std::size_t, error_code&) {
    stack_.push_chars(s);
    if (!limits_.allow_duplicate_keys) key_parts_.append(s.data(), s.size());
    return true;
  }
  bool on_key(bj::string_view s, std::size_t, error_code&) {
    stack_.push_key(s);
    if (!limits_.allow_duplicate_keys) remember(s);
    return true;
  }
  bool on_number_part(bj::string_view, error_code&) { return true; }
  bool on_int64(std::int64_t number, bj::string_view s, error_code& ec) {
    // An integer has no negative zero.
    if (number == 0 && s.front() == '-')
      stack_.push_double(-0.0);
    else
      stack_.push_int64(number);
    return count(ec);
  }
  bool on_uint64(std::uint64_t number, bj::string_view, error_code& ec) {
    stack_.push_uint64(number);
    return count(ec);
  }
  // The parser's own double may be off by units in the last place, and differently in each of its versions.
  bool on_double(double, bj::string_view s, error_code& ec) {
    if (s.find_first_of(".eE") == bj::string_view::npos)
      return refuse("an integer is out of range", ec, at(s.data()));
    double number;
    auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), number);
    if (error != std::errc{} || !std::isfinite(number))
      return refuse("a number is out of range", ec, at(s.data()));
    stack_.push_double(number);
    return count(ec);
  }
  bool on_bool(bool b, error_code& ec) {
    stack_.push_bool(b);
    return count(ec);
  }
  bool on_null(error_code& ec) {
    stack_.push_null();
    return count(ec);
  }
  bool on_comment_part(bj::string_view, error_code&) { return true; }
  bool on_comment(bj::string_view, error_code&) { return true; }

 private:
  struct Key {
    std::string_view text;
    std::size_t at;
    std::size_t index;
  };

  std::size_t at(const char* p) const { return static_cast<std::size_t>(p - text_.data()); }
  bool refuse(const char* reason, error_code& ec, std::size_t where = SIZE_MAX) {
    refusal = reason;
    refused_at = where;
    ec = bj::error::syntax;
    return false;
  }
  bool count(error_code& ec) {
    return ++elements_ <= limits_.max_elements || refuse("it has too many values", ec);
  }

  void remember(bj::string_view last_part) {
    if (key_parts_.empty()) {
      // A key that begins with an escape comes from the parser's own buffer.
      std::less_equal<const char*> before;
      if (before(text_.data(), last_part.data()) && before(last_part.data(), text_.data() + text_.size())) {
        keys_.push_back({{last_part.data(), last_part.size()}, at(last_part.data()), keys_.size()});
        return;
      }
    }
    key_parts_.append(last_part.data(), last_part.size());
    char* copy = static_cast<char*>(unescaped_.allocate(key_parts_.size() + 1, 1));
    std::copy(key_parts_.begin(), key_parts_.end(), copy);
    keys_.push_back({{copy, key_parts_.size()}, SIZE_MAX, keys_.size()});
    key_parts_.clear();
  }

  // The keys of the object that just ended are the last n. Few are compared pairwise, many are sorted.
  const Key* duplicate_of_last(std::size_t n) {
    auto keys = std::span(keys_).last(n);
    if (n <= 12) {
      for (std::size_t i = 1; i < n; ++i)
        for (std::size_t j = 0; j < i; ++j)
          if (keys[i].text == keys[j].text) return &keys[i];
      return nullptr;
    }
    std::ranges::sort(keys, [](const Key& a, const Key& b) {
      return a.text.size() != b.text.size() ? a.text.size() < b.text.size()
             : a.text != b.text             ? a.text < b.text
                                            : a.index < b.index;
    });
    auto twice = std::ranges::adjacent_find(keys, {}, &Key::text);
    return twice == keys.end() ? nullptr : &*std::next(twice);
  }

  std::string_view text_;
  const Limits& limits_;
  std::size_t elements_ = 0;
  std::vector<Key> keys_;
  std::string key_parts_;
  bj::monotonic_resource unescaped_;
  unsigned char scratch_[4096];
  bj::value_stack stack_;
};

std::string_view reason(error_code ec) {
  using enum bj::error;
  if (ec == incomplete) return "it ends too early";
  if (ec == extra_data) return "something follows the value";
  if (ec == too_deep) return "it is nested too deeply";
  if (ec == illegal_leading_surrogate || ec == illegal_trailing_surrogate || ec == expected_utf16_escape)
    return "a surrogate stands alone";
  if (ec == expected_hex_digit) return "an escape is not valid";
  if (ec == exponent_overflow) return "a number is out of range";
  if (ec == object_too_large || ec == array_too_large || ec == key_too_large || ec == string_too_large)
    return "it is too large";
  return "the syntax is not valid";
}

// The parser calls bad UTF-8 a syntax error; say what it is.
bool bad_utf8_at(std::string_view text, std::size_t at) {
  return at < text.size() && static_cast<unsigned char>(text[at]) >= 0x80;
}

// After the first half of a pair the parser wants a backslash, and calls anything else a syntax error.
bool half_a_pair_before(std::string_view text, std::size_t at) {
  if (at < 6 || at > text.size()) return false;
  auto half = text.substr(at - 6, 4);
  return half.starts_with("\\u") && (half[2] == 'd' || half[2] == 'D') &&
         std::string_view("89abAB").contains(half[3]);
}

std::unexpected<Error> malformed(std::string_view text, std::size_t at, std::string_view why) {
  at = std::min(at, text.size());
  auto before = text.substr(0, at);
  auto line = std::ranges::count(before, '\n') + 1;
  auto column = at - (before.rfind('\n') + 1) + 1;
  return fail(ErrorCode::malformed_json,
              fmt::format("line {}, column {} (byte {}): {}", line, column, at, why));
}

Result<Value> parse_into(std::string_view text, const Limits& limits, bj::storage_ptr storage) {
  if (text.size() > limits.max_bytes)
    return fail(ErrorCode::malformed_json, fmt::format("it is longer than {} bytes", limits.max_bytes));
  bj::parse_options options;
  options.max_depth = static_cast<std::size_t>(limits.max_depth);
  bj::basic_parser<Handler> parser(options, text, limits, std::move(storage));
  error_code ec;
  std::size_t used = parser.write_some(false, text.data(), text.size(), ec);
  const Handler& handler = parser.handler();
  if (handler.refusal) return malformed(text, std::min(handler.refused_at, used), handler.refusal);
  if (!ec && used < text.size()) ec = bj::error::extra_data;
  if (ec) {
    if (ec == bj::error::syntax && bad_utf8_at(text, used))
      return malformed(text, used, "it is not valid UTF-8");
    if (ec == bj::error::syntax && half_a_pair_before(text, used)) ec = bj::error::illegal_leading_surrogate;
    return malformed(text, used, reason(ec));
  }
  return parser.handler().release();
}

}  // namespace

Result<Value> parse(std::string_view text, Limits limits) {
  return parse_into(text, limits, {});
}

struct Document::Parsed {
  std::unique_ptr<bj::monotonic_resource> arena;
  Value* root;
};

Document::Document(Parsed parsed) : arena_(std::move(parsed.arena)), root_(parsed.root) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
// The root is not destroyed: nothing that it owns lies outside the arena.
Document::~Document() = default;

Result<Document> Document::parse(std::string_view text, Limits limits) {
  // Values are about as large as their text; the arena doubles when that is not enough.
  auto arena =
      std::make_unique<bj::monotonic_resource>(std::clamp<std::size_t>(text.size() * 2, 1024, 256 * 1024));
  GH_TRY(Value parsed, parse_into(text, limits, arena.get()));
  auto* root = new (arena->allocate(sizeof(Value), alignof(Value))) Value(std::move(parsed));
  return Document(Parsed{std::move(arena), root});
}

}  // namespace gatehouse::json
