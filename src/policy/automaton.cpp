// Thompson's construction, then subsets, with bounds on both.
#include "policy/automaton.h"

#include <algorithm>
#include <map>

namespace gatehouse::policy {
namespace {

constexpr std::size_t kMaxNodes = 200'000;
constexpr std::size_t kMaxCells = 4'000'000;
constexpr std::uint32_t kNone = 0xFFFFFFFF;

struct Node {
  const SymbolSet* set = nullptr;  // null: moves without a symbol
  std::uint32_t to = kNone;
  std::uint32_t also = kNone;
  std::uint32_t accepts = kNone;  // index of the input
};

struct TooLarge {};

class Nodes {
 public:
  std::vector<Node> all;

  std::uint32_t add(Node node) {
    if (all.size() >= kMaxNodes) throw TooLarge{};
    all.push_back(node);
    return static_cast<std::uint32_t>(all.size() - 1);
  }
  /// The first node of `e` followed by `then`.
  std::uint32_t build(const Expression& e, std::uint32_t then) {
    switch (e.kind) {
      case Expression::Kind::set:
        return add({.set = &e.set, .to = then});
      case Expression::Kind::sequence:
        for (auto part = e.parts.rbegin(); part != e.parts.rend(); ++part) then = build(*part, then);
        return then;
      case Expression::Kind::choice: {
        std::uint32_t first = build(e.parts[0], then);
        for (std::size_t i = 1; i < e.parts.size(); ++i)
          first = add({.to = first, .also = build(e.parts[i], then)});
        return first;
      }
      case Expression::Kind::repeat:
        break;
    }
    const Expression& part = e.parts[0];
    if (e.most == 0) {
      const std::uint32_t loop = add({.also = then});
      const std::uint32_t body = build(part, loop);
      all[loop].to = body;
      then = loop;
    } else {
      const std::uint32_t exit = then;
      for (std::uint32_t i = e.least; i < e.most; ++i) then = add({.to = build(part, then), .also = exit});
    }
    for (std::uint32_t i = 0; i < e.least; ++i) then = build(part, then);
    return then;
  }
};

using Subset = std::vector<std::uint32_t>;

class Closure {
 public:
  explicit Closure(const std::vector<Node>& nodes) : nodes_(nodes), mark_(nodes.size(), 0) {}
  void start() { ++round_; }
  void add(std::uint32_t node, Subset& out) {
    stack_.push_back(node);
    while (!stack_.empty()) {
      const std::uint32_t n = stack_.back();
      stack_.pop_back();
      if (n == kNone || mark_[n] == round_) continue;
      mark_[n] = round_;
      if (nodes_[n].set != nullptr || nodes_[n].accepts != kNone) {
        out.push_back(n);
      } else {
        stack_.push_back(nodes_[n].also);
        stack_.push_back(nodes_[n].to);
      }
    }
  }

 private:
  const std::vector<Node>& nodes_;
  std::vector<std::uint32_t> mark_;
  std::uint32_t round_ = 0;
  Subset stack_;
};

bool contains(const SymbolSet& set, char32_t c) {
  const auto after = std::ranges::upper_bound(set, c, {}, &std::pair<char32_t, char32_t>::first);
  return after != set.begin() && std::prev(after)->second >= c;
}

}  // namespace

std::size_t Automaton::class_of(char32_t c) const {
  if (c < 128) return ascii_[c];
  return static_cast<std::size_t>(std::ranges::upper_bound(borders_, c) - borders_.begin());
}

std::optional<Automaton> Automaton::build(std::span<const Input> inputs) try {
  Nodes nodes;
  Subset roots;
  for (std::uint32_t i = 0; i < inputs.size(); ++i) {
    roots.push_back(nodes.build(inputs[i].parsed->expression, nodes.add({.accepts = i})));
  }

  Automaton made;
  for (const Node& node : nodes.all) {
    if (node.set == nullptr) continue;
    for (const auto& [low, high] : *node.set) {
      made.borders_.push_back(low);
      made.borders_.push_back(high + 1);
    }
  }
  std::ranges::sort(made.borders_);
  made.borders_.erase(std::ranges::unique(made.borders_).begin(), made.borders_.end());
  made.classes_ = made.borders_.size() + 1;
  for (char32_t c = 0; c < 128; ++c) {
    made.ascii_[c] =
        static_cast<std::uint16_t>(std::ranges::upper_bound(made.borders_, c) - made.borders_.begin());
  }

  std::map<Subset, std::uint32_t> numbers;
  std::vector<Subset> subsets;
  Closure closure(nodes.all);
  const auto number = [&](Subset subset) {
    std::ranges::sort(subset);
    const auto [place, fresh] = numbers.try_emplace(subset, static_cast<std::uint32_t>(subsets.size()));
    if (fresh) {
      if ((subsets.size() + 1) * made.classes_ > kMaxCells) throw TooLarge{};
      subsets.push_back(std::move(subset));
    }
    return place->second;
  };
  number({});
  Subset first;
  closure.start();
  for (const std::uint32_t root : roots) closure.add(root, first);
  number(first);

  for (std::uint32_t s = 0; s < subsets.size(); ++s) {
    State state{.accepts_begin = static_cast<std::uint32_t>(made.accepts_.size())};
    std::vector<Subset> targets(made.classes_);
    for (std::uint32_t n : Subset(subsets[s])) {
      const Node& node = nodes.all[n];
      if (node.set == nullptr) {
        const Input& input = inputs[node.accepts];
        made.accepts_.push_back({input.pattern, input.parsed->word_start, input.parsed->word_end});
        continue;
      }
      for (std::size_t k = 1; k < made.classes_; ++k) {
        if (contains(*node.set, made.borders_[k - 1])) targets[k].push_back(node.to);
      }
    }
    state.accepts_end = static_cast<std::uint32_t>(made.accepts_.size());
    if (s == kStart && state.accepts_end != state.accepts_begin) return std::nullopt;
    made.table_.resize(made.table_.size() + made.classes_, kDead);
    for (std::size_t k = 0; k < made.classes_; ++k) {
      if (targets[k].empty()) continue;
      Subset reached;
      closure.start();
      for (const std::uint32_t n : targets[k]) closure.add(n, reached);
      made.table_[s * made.classes_ + k] = number(std::move(reached));
      state.is_leaf = false;
    }
    made.states_.push_back(state);
  }
  return made;
} catch (const TooLarge&) {
  return std::nullopt;
}

void Automaton::match(Probe& probe, std::vector<PatternHit>& hits) const {
  const std::size_t own = hits.size();
  const std::size_t begin = probe.begin();
  std::uint32_t state = kStart;
  for (std::size_t i = begin; i - begin < kMaxRegexWidth;) {
    state = next(state, probe.at(i));
    if (state == kDead) return;
    ++i;
    const State& row = states_[state];
    for (std::uint32_t a = row.accepts_begin; a < row.accepts_end; ++a) {
      const Accepted& accepted = accepts_[a];
      if (accepted.word_start && is_word(probe.at(begin)) == is_word(probe.before(1))) continue;
      if (accepted.word_end && is_word(probe.at(i - 1)) == is_word(probe.at(i))) continue;
      const auto mine = std::find_if(hits.begin() + static_cast<std::ptrdiff_t>(own), hits.end(),
                                     [&](const PatternHit& hit) { return hit.pattern == accepted.pattern; });
      if (mine == hits.end()) {
        hits.push_back({accepted.pattern, i});
      } else {
        mine->end = i;
      }
    }
    if (row.is_leaf) return;
  }
}

}  // namespace gatehouse::policy
