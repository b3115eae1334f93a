// Hyperscan in block mode: compile once, scan with the thread's scratch, mark what the matches' ends reach
// back to.
#include "policy/prefilter.h"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <utility>

#include <fmt/format.h>
#include <hs/hs.h>

#include "policy/normalize.h"

namespace gatehouse::policy {
namespace {

// A new database may stand where a freed one stood, so an address alone does not tell that the scratch fits.
std::atomic<std::uint64_t> freed_databases = 0;

// Scratch grows to fit every database that the thread has used; it is allocated for a database at its first
// use.
class Scratch {
 public:
  ~Scratch() { hs_free_scratch(scratch_); }
  hs_scratch_t* fit(const hs_database_t* database) {
    const std::uint64_t freed = freed_databases.load(std::memory_order_acquire);
    if (database == last_ && freed == freed_) return scratch_;
    last_ = nullptr;
    if (hs_alloc_scratch(database, &scratch_) != HS_SUCCESS) return nullptr;
    last_ = database;
    freed_ = freed;
    return scratch_;
  }

 private:
  hs_scratch_t* scratch_ = nullptr;
  const hs_database_t* last_ = nullptr;
  std::uint64_t freed_ = 0;
};

// Symbols beyond ASCII are one byte to hyperscan; what matches nothing is a byte that no set has.
constexpr char kBeyondAscii = '\x80';
constexpr char kNothing = '\0';

std::string to_bytes(std::span<const char32_t> text) {
  std::string bytes;
  // What the string offers may be more than was asked for.
  bytes.resize_and_overwrite(text.size(), [&](char* out, std::size_t) {
    const char32_t* const symbols = text.data();
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char32_t c = symbols[i];
      const char other = c >= kBreak ? kNothing : kBeyondAscii;
      out[i] = c < 0x80 ? static_cast<char>(c) : other;
    }
    return text.size();
  });
  return bytes;
}

struct Reports {
  Candidates& places;
  const std::vector<std::size_t>& reaches;
  std::size_t left;
};

// An expression that matches at every other place would cost more than it saves: then all is looked at.
int report(unsigned expression, unsigned long long, unsigned long long to, unsigned, void* context) {
  auto& reports = *static_cast<Reports*>(context);
  if (reports.left-- == 0) return 1;
  const std::size_t reach = reports.reaches[expression];
  reports.places.add(to > reach ? to - reach : 0, to);
  return 0;
}

void render(const Expression& e, std::string& out) {
  switch (e.kind) {
    case Expression::Kind::set: {
      out += '[';
      bool beyond = e.set.empty();  // hyperscan takes no empty class
      for (const auto& [low, high] : e.set) {
        if (low < 0x80) {
          fmt::format_to(std::back_inserter(out), "\\x{:02x}-\\x{:02x}", static_cast<unsigned>(low),
                         static_cast<unsigned>(std::min(high, U'\x7F')));
        }
        beyond = beyond || high >= 0x80;
      }
      out += beyond ? "\\x80-\\xff]" : "]";
      return;
    }
    case Expression::Kind::sequence:
    case Expression::Kind::choice: {
      out += "(?:";
      bool first = true;
      for (const Expression& part : e.parts) {
        if (!std::exchange(first, false) && e.kind == Expression::Kind::choice) out += '|';
        render(part, out);
      }
      out += ')';
      return;
    }
    case Expression::Kind::repeat:
      out += "(?:";
      render(e.parts[0], out);
      fmt::format_to(std::back_inserter(out), "){{{},", e.least);
      if (e.most != 0) fmt::format_to(std::back_inserter(out), "{}", e.most);
      out += '}';
  }
}

/// Symbols of the longest match, at most kMaxRegexWidth.
std::size_t width(const Expression& e) {
  std::size_t result = e.kind == Expression::Kind::set ? 1 : 0;
  for (const Expression& part : e.parts) {
    const std::size_t inner = width(part);
    result = e.kind == Expression::Kind::choice ? std::max(result, inner) : result + inner;
  }
  if (e.kind == Expression::Kind::repeat) result = e.most == 0 ? kMaxRegexWidth : result * e.most;
  return std::min(result, kMaxRegexWidth);
}

}  // namespace

void Prefilter::Free::operator()(hs_database* database) const noexcept {
  hs_free_database(database);
}

Prefilter::Prefilter(std::span<const Expression> expressions) {
  std::vector<const char*> patterns;
  std::vector<unsigned> flags;
  std::vector<unsigned> ids;
  for (const Expression& expression : expressions) {
    patterns.push_back(expression.pattern.c_str());
    flags.push_back(HS_FLAG_PREFILTER | (expression.case_sensitive ? 0U : HS_FLAG_CASELESS));
    ids.push_back(static_cast<unsigned>(ids.size()));
    reaches_.push_back(expression.reach);
  }
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  if (hs_compile_multi(patterns.data(), flags.data(), ids.data(), static_cast<unsigned>(patterns.size()),
                       HS_MODE_BLOCK, nullptr, &database, &error) != HS_SUCCESS) {
    hs_free_compile_error(error);
    return;
  }
  database_.reset(database);
}

Candidates Prefilter::candidates(std::span<const char32_t> text) const {
  if (!database_) return {text.size(), true};
  thread_local Scratch scratch;
  hs_scratch_t* space = scratch.fit(database_.get());
  if (space == nullptr) return {text.size(), true};
  Candidates places(text.size(), false);
  const std::string bytes = to_bytes(text);
  Reports reports{places, reaches_, 64 + text.size() / 16};
  const auto verdict =
      hs_scan(database_.get(), bytes.data(), static_cast<unsigned>(bytes.size()), 0, space, report, &reports);
  if (verdict != HS_SUCCESS) return {text.size(), true};
  add_lettered_numbers(bytes, places);
  return places;
}

// The reach of each is the longest way from the beginning of a value to the end of a match that there must
// be.
std::vector<Prefilter::Expression> Prefilter::detectors() {
  return {
      // 64 symbols, the @, a label of 63, the dot.
      {R"(@[a-z0-9\x80-\xff-]{1,63}\.)", 129},
      // A plus or parenthesis may come before the first digit.
      {R"(\d(?:[ ./_()-]{0,3}\d){7})", 30},
      {R"(sk-[A-Za-z0-9_-]{20})", 23, true},
      {R"((?:AKIA|ASIA)[A-Z0-9]{16})", 20, true},
      {R"(gh[pousr]_[A-Za-z0-9]{36})", 40, true},
      {R"(github_pat_)", 11, true},
      {R"(gh_(?:us|eu)_)", 6, true},
      {R"(xox[a-z][.-])", 5, true},
      {R"(xapp-)", 5, true},
      {R"(AIza)", 4, true},
      {R"([sr]k_(?:live|test)_)", 8, true},
      {R"(whsec_)", 6, true},
      {R"(eyJ[A-Za-z0-9_-]{7})", 10, true},
      {R"(-----BEGIN )", 11, true},
  };
}

Prefilter::Expression Prefilter::of(const ParsedPattern& parsed) {
  Expression made{.reach = width(parsed.expression), .case_sensitive = true};
  render(parsed.expression, made.pattern);
  return made;
}

}  // namespace gatehouse::policy
