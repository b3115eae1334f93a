// Emission: everything before the first unsettled symbol, but for what was removed.
#include "policy/channel.h"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

#include "base/failpoint.h"

namespace gatehouse::policy {
namespace {

constexpr std::size_t kTrimAt = 8;  // symbols beyond the context that must stay

// Numbers that JSON readers understand are shorter; what is replaced within a longer one blocks.
constexpr std::size_t kMaxToken = 40;
static_assert(kMaxToken < kLeftContext);

std::string in_json(const std::string& text, bool outside) {
  std::string quoted = boost::json::serialize(boost::json::string(text));
  return outside ? quoted : quoted.substr(1, quoted.size() - 2);
}

}  // namespace

/// Bytes before are settled: not those of a ligature whose last symbol is not.
std::uint32_t Channel::settled_end(std::size_t symbol) const {
  const std::uint32_t end = symbols_.end(symbol - 1);
  const bool is_cut = symbol < symbols_.size() && symbols_.begins[symbol] == symbols_.begins[symbol - 1];
  return is_cut ? symbols_.begins[symbol] : end;
}

void Channel::emit_until(std::uint32_t offset, std::string& out) {
  // The rest of a ligature that went with a value.
  if (static_cast<std::int32_t>(offset - raw_begin_) <= 0) return;
  const std::uint32_t count = offset - raw_begin_;
  out.append(raw_, raw_at_, count);
  raw_at_ += count;
  raw_begin_ = offset;
}

void Channel::remove_until(std::size_t symbol) {
  cursor_.removed_until = symbol;
  const std::uint32_t end = symbols_.end(symbol - 1);
  if (static_cast<std::int32_t>(end - raw_begin_) <= 0) return;
  raw_at_ += end - raw_begin_;
  raw_begin_ = end;
}

/// Where the number begins that `symbol` goes on with, as far as it was not removed; looks back no further
/// than kMaxToken + 1.
std::size_t Channel::token_begin(std::size_t symbol) const {
  std::size_t begin = symbol;
  while (begin > cursor_.removed_until && symbol - begin <= kMaxToken && is_bare(symbols_, begin - 1))
    --begin;
  return begin;
}

bool Channel::token_goes_on() const {
  return encoding_ == Encoding::json_source &&
         (cursor_.next == symbols_.size() || is_bare(symbols_, cursor_.next));
}

void Channel::note(const Finding& finding) {
  const auto& rules = ledger_->rules();
  Match match{.source = std::string(rules.name_of(finding.source)),
              .begin = symbols_.begins[finding.begin],
              .end = symbols_.end(finding.end - 1),
              .score = finding.score};
  if (finding.source < kDetectors) match.stamp = detectors()[finding.source].stamp;
  if (const auto* rule = ledger_->strongest(finding)) {
    match.rule_id = rule->rule->id;
    match.rule_version = rule->rule->version;
    match.rule_name = rule->rule->name;
    match.outcome = rule->rule->outcome;
  }
  matches_->push_back(std::move(match));
}

bool Channel::act(std::span<const Finding> found, std::string& out) {
  for (const Finding& finding : found) ledger_->count(finding);
  ledger_->evaluate();
  if (matches_ != nullptr) {
    for (const Finding& finding : found) note(finding);
  }
  const std::size_t begin = found.front().begin;
  drop_rest_of_token(begin);
  if (ledger_->blocks()) {
    if (begin >= cursor_.removed_until) emit_until(symbols_.begins[begin], out);
    return false;
  }
  for (const Finding& finding : found) {
    const CompiledRule* rule = ledger_->redactor(finding);
    if (rule != nullptr || finding.end <= cursor_.removed_until) ledger_->count_redacted(finding);
    if (rule == nullptr) continue;
    if (finding.tail != Tail::none) tail_removed_ = true;
    if (finding.end <= cursor_.removed_until) continue;
    // What begins within a removed value belongs to it: its rest vanishes too, without a mask of its own.
    if (begin >= cursor_.removed_until && !(in_token_ && is_bare(symbols_, begin))) {
      const bool outside = encoding_ == Encoding::json_source && symbols_.outside[begin];
      const std::size_t from = outside ? token_begin(begin) : begin;
      if (begin - from > kMaxToken) {
        ledger_->block_because("cannot be made clean");
        emit_until(symbols_.begins[begin], out);
        return false;
      }
      emit_until(symbols_.begins[from], out);
      const auto value =
          std::span<const char32_t>(symbols_.values).subspan(begin, finding.end - finding.begin);
      const std::string text = ledger_->replacement(*rule, finding, value);
      out += encoding_ == Encoding::json_source ? in_json(text, outside) : text;
      in_token_ = outside;
    }
    remove_until(finding.end);
  }
  return true;
}

// `52998224725.0` outside of a JSON string was one number; `"[CPF_1]".0` would be no JSON.
void Channel::drop_rest_of_token(std::size_t settled) {
  while (in_token_ && cursor_.removed_until < settled) {
    in_token_ = is_bare(symbols_, cursor_.removed_until);
    if (in_token_) remove_until(cursor_.removed_until + 1);
  }
}

void Channel::settle(bool complete, std::string& out) {
  GH_FAILPOINT("policy.scan");
  Scanner scanner(ledger_->rules());
  const std::span<const char32_t> text(symbols_.values);
  while (true) {
    const auto step = scanner.next(text, complete, cursor_);
    if (step == Scanner::Step::found) {
      if (cursor_.tail != Tail::none && cursor_.tail_at == scanner.found().front().end) tail_removed_ = false;
      if (!act(scanner.found(), out)) return;
    } else if (step == Scanner::Step::tail) {
      if (tail_removed_ && cursor_.tail_at > cursor_.removed_until) remove_until(cursor_.tail_at);
    } else {
      break;
    }
  }
  drop_rest_of_token(cursor_.next);
  // `-` and `1.` are not let go before it is known that nothing in the number they begin is replaced.
  std::size_t until = cursor_.next;
  if (!complete && token_goes_on() && until - token_begin(until) <= kMaxToken) until = token_begin(until);
  if (until > cursor_.removed_until) emit_until(settled_end(until), out);
  trim();
}

void Channel::trim() {
  raw_.erase(0, raw_at_);
  raw_at_ = 0;
  const std::size_t settled = std::min(cursor_.next, symbols_.size());
  if (settled < kLeftContext + kTrimAt) return;
  const std::size_t count = settled - kLeftContext;
  symbols_.erase_front(count);
  cursor_.shift(count);
}

std::string Channel::push(std::string_view chunk) {
  std::string out;
  if (ledger_->blocks()) return out;
  raw_.append(chunk);
  normalizer_.push(chunk, symbols_);
  settle(false, out);
  return out;
}

std::string Channel::finish() {
  std::string out;
  if (ledger_->blocks()) return out;
  normalizer_.finish(symbols_);
  settle(true, out);
  if (!ledger_->blocks()) emit_until(raw_begin_ + static_cast<std::uint32_t>(raw_.size() - raw_at_), out);
  return out;
}

}  // namespace gatehouse::policy
