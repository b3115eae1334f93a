// Hyperscan in block mode: compile once, scan with the thread's scratch.
#include "policy/prefilter.h"

#include <atomic>
#include <cstdint>

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

int stop_at_first(unsigned, unsigned long long, unsigned long long, unsigned, void*) {
  return 1;
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
    flags.push_back(HS_FLAG_SINGLEMATCH | HS_FLAG_PREFILTER | HS_FLAG_ALLOWEMPTY | HS_FLAG_DOTALL |
                    (expression.case_sensitive ? 0U : HS_FLAG_CASELESS));
    ids.push_back(static_cast<unsigned>(ids.size()));
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

bool Prefilter::may_match(std::string_view folded) const {
  if (!database_) return true;
  thread_local Scratch scratch;
  hs_scratch_t* space = scratch.fit(database_.get());
  if (space == nullptr) return true;
  const auto verdict = hs_scan(database_.get(), folded.data(), static_cast<unsigned>(folded.size()), 0, space,
                               stop_at_first, nullptr);
  return verdict != HS_SUCCESS;
}

std::vector<Prefilter::Expression> Prefilter::detectors() {
  return {
      {R"(@[^@]{0,64}\.)"},
      {R"(\d(?:[ ./_()-]{0,3}\d){7})"},
      // CNPJ with letters, set in groups or not at all.
      {R"([a-z0-9]{2}[ ./_-]{0,3}[a-z0-9]{3}[ ./_-]{0,3}[a-z0-9]{3}[ ./_-]{0,3}[a-z0-9]{4}[ ./_-]{0,3}\d\d)"},
      {R"([a-z]{2}(?:[ .-]{0,2}\d){2}(?:[ .-]{0,2}[a-z0-9]){11})"},
      {R"(sk-[a-z0-9_-]{20})"},
      {R"((?:AKIA|ASIA)[A-Z0-9]{16})", true},
      {R"(gh[pousr]_[a-z0-9]{36})"},
      {R"(github_pat_)"},
      {R"(gh_(?:us|eu)_)"},
      {R"(xox[a-z][.-])"},
      {R"(xapp-)"},
      {R"(AIza)", true},
      {R"([sr]k_(?:live|test)_)"},
      {R"(whsec_)"},
      {R"(eyJ[a-z0-9_-]{7})"},
      {R"(-----BEGIN )"},
  };
}

Prefilter::Expression Prefilter::phrase(std::string_view text) {
  const Symbols symbols = normalize(text);
  std::string pattern;
  bool gap = false;
  for (const char32_t c : symbols.values) {
    if (c == ' ' || c == '-' || c == '_') {
      gap = true;
      continue;
    }
    if (gap && !pattern.empty()) pattern += "[ _-]{0,17}";
    gap = false;
    // Beyond ASCII the exact matcher looks in any case; a text with such characters is not prefiltered.
    pattern += is_alnum(c) ? std::string(1, static_cast<char>(c))
               : c < 0x80  ? std::string{'\\', static_cast<char>(c)}
                           : std::string(".");
  }
  return {pattern.empty() ? std::string(".") : pattern};
}

}  // namespace gatehouse::policy
