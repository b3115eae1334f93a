// Settling symbols.
#include "policy/scanner.h"

#include <algorithm>
#include <tuple>

#include "base/failpoint.h"

namespace gatehouse::policy {

void Cursor::shift(std::size_t count) {
  const auto back = [&](std::size_t& place) { place = place > count ? place - count : 0; };
  back(next);
  back(removed_until);
  back(tail_at);
  for (std::size_t& end : last_end) back(end);
  for (auto& [source, end] : pattern_ends) back(end);
  std::erase_if(pattern_ends, [](const auto& entry) { return entry.second == 0; });
}

bool Scanner::settle_tail(std::span<const char32_t> text, bool complete, Cursor& cursor) {
  Probe probe(text, complete, cursor.tail_at, false);
  const char32_t c = probe.at(cursor.tail_at);
  bool belongs = false;
  if (cursor.tail == Tail::pem) {
    belongs = is_alnum(c) || c == ' ' || c == '+' || c == '/' || c == '=' || c == '-' || c == ':' ||
              c == ',' || c == '\\';
    cursor.dashes = c == '-' ? static_cast<std::uint8_t>(cursor.dashes + 1) : std::uint8_t{0};
    if (cursor.dashes == 5) {
      // The first five open the END line, the next five close it and the value.
      cursor.dashes = 0;
      if (cursor.in_end_line) cursor.tail = Tail::none;
      cursor.in_end_line = !cursor.in_end_line;
    }
  } else {
    belongs = is_alnum(c) || c == '_' || c == '-' || c == '+' || c == '/' || c == '=' ||
              (c == '.' && is_alnum(probe.at(cursor.tail_at + 1)));
  }
  if (probe.starved()) return false;
  if (belongs) {
    cursor.next = ++cursor.tail_at;
  } else {
    cursor.tail = Tail::none;
  }
  if (cursor.tail == Tail::none) {
    cursor.dashes = 0;
    cursor.in_end_line = false;
  }
  return true;
}

bool Scanner::look(std::span<const char32_t> text, bool complete, Cursor& cursor, std::uint8_t starts) {
  found_.clear();
  const std::size_t at = cursor.next;
  Probe probe(text, complete, at, at > 0 && cursor.removed_until == at);
  for (const Detector& row : detectors()) {
    if ((row.starts & starts) == 0) continue;
    const auto hit = detect(row, probe);
    if (probe.starved()) return false;
    // `joao.silva@…` is found from its first letter; that `silva@…` is one too adds nothing.
    if (!hit || hit->end <= cursor.last_end[static_cast<std::size_t>(row.id)]) continue;
    found_.push_back({static_cast<Source>(row.id), at, hit->end, hit->score, hit->tail});
  }
  if ((starts & kStartPattern) != 0) {
    hits_.clear();
    for (const Automaton& automaton : rules_.automata) automaton.match(probe, hits_);
    if (probe.starved()) return false;
  }
  // Nothing is remembered before all have spoken: a symbol that starves is looked at again.
  for (const Finding& finding : found_) cursor.last_end[finding.source] = finding.end;
  if ((starts & kStartPattern) != 0) {
    for (const PatternHit& hit : hits_) {
      const Source source = static_cast<Source>(kDetectors) + hit.pattern;
      auto last = std::ranges::find(cursor.pattern_ends, source, &std::pair<Source, std::size_t>::first);
      const bool inside = last != cursor.pattern_ends.end() && at < last->second;
      if (inside && hit.end <= last->second) continue;
      if (last == cursor.pattern_ends.end()) {
        cursor.pattern_ends.emplace_back(source, hit.end);
      } else {
        last->second = hit.end;
      }
      found_.push_back({source, at, hit.end, 1.0, Tail::none});
    }
  }
  if (found_.size() > 1) {
    const auto is_weak = [&](const Finding& f) {
      return f.source < kDetectors && detectors()[f.source].yields &&
             std::ranges::any_of(
                 found_,
                 [&](const Finding& other) {
                   return other.source < kDetectors && other.source != f.source && other.end >= f.end;
                 });
    };
    const auto weak = std::ranges::find_if(found_, is_weak);
    if (weak != found_.end()) found_.erase(weak);
    std::ranges::sort(found_, [](const Finding& a, const Finding& b) {
      return std::tuple(b.end, b.score, a.source) < std::tuple(a.end, a.score, b.source);
    });
  }
  return true;
}

Scanner::Step Scanner::next(std::span<const char32_t> text, bool complete, Cursor& cursor,
                            std::size_t limit) {
  limit = std::min(limit, text.size());
  while (cursor.next < limit) {
    const std::size_t at = cursor.next;
    if (cursor.tail != Tail::none && at >= cursor.tail_at) {
      while (cursor.tail != Tail::none && cursor.tail_at < text.size() &&
             settle_tail(text, complete, cursor)) {
      }
      if (cursor.next > at) return Step::tail;
      if (cursor.tail != Tail::none) return Step::done;
      continue;
    }
    const char32_t c = text[at];
    std::uint8_t starts = 0;
    if (c < 128) {
      starts = rules_.starts[c];
    } else {
      starts = static_cast<std::uint8_t>((is_word(c) ? kStartOther : 0) |
                                         (rules_.patterns_may_start_beyond_ascii ? kStartPattern : 0));
    }
    if (starts != 0 && at > 0 && cursor.removed_until != at) {
      const char32_t before = text[at - 1];
      // No detector begins within a word; digits and signs may follow letters (`CPF52998224725`, `tel+55 …`).
      const bool is_sign = c == '+' || c == '(';
      const bool within = is_sign || is_digit(c) ? is_digit(before) : is_word(before);
      if (within) starts &= kStartPattern;
    }
    if (starts != 0) {
      if (!look(text, complete, cursor, starts)) return Step::done;
      ++cursor.next;
      if (found_.empty()) continue;
      const auto tail = std::ranges::find_if(found_, [](const Finding& f) { return f.tail != Tail::none; });
      if (tail != found_.end()) {
        cursor.tail = tail->tail;
        cursor.tail_at = tail->end;
      }
      return Step::found;
    }
    ++cursor.next;
  }
  return Step::done;
}

std::vector<Finding> find_all(const CompiledRules& rules, std::span<const char32_t> text, std::size_t begin) {
  GH_FAILPOINT("policy.scan");
  std::vector<Finding> all;
  const Candidates places = rules.prefilter.candidates(text);
  Scanner scanner(rules);
  Cursor cursor{.next = begin};
  std::size_t with_tail = 0;
  while (true) {
    std::size_t from = places.next(cursor.next);
    // A tail is followed wherever it leads.
    if (cursor.tail != Tail::none) from = std::min(from, std::max(cursor.next, cursor.tail_at));
    if (from >= text.size()) return all;
    cursor.next = from;
    const auto step = scanner.next(text, true, cursor, std::max(from + 1, places.end_of(from)));
    if (step == Scanner::Step::tail) {
      all[with_tail].end = cursor.tail_at;
    } else if (step == Scanner::Step::found) {
      for (const Finding& finding : scanner.found()) {
        if (finding.tail != Tail::none) with_tail = all.size();
        all.push_back(finding);
      }
    }
  }
}

}  // namespace gatehouse::policy
