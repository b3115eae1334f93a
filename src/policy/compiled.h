// A rule set as the evaluation uses it: flat condition trees over numbered leaves, automata, subscriptions.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "policy/automaton.h"
#include "policy/detector.h"
#include "policy/engine.h"
#include "policy/prefilter.h"

namespace gatehouse::policy {

/// Findings are numbered by source: detectors first, then patterns.
using Source = std::uint32_t;

/// A part of a condition that depends on the text: it counts findings.
struct Leaf {
  std::uint32_t rule = 0;
  double min_score = 0;
  std::uint64_t min_count = 1;
  bool positive = true;  // not below a `none`: what it counts belongs to the rule
};

struct ConditionNode {
  enum class Kind { all, any, none, leaf, subject, stamps };
  Kind kind = Kind::all;
  std::vector<std::uint32_t> parts;      // all, any, none
  std::uint32_t leaf = 0;                // leaf
  const Condition* condition = nullptr;  // subject, stamps: the lists to compare with
};

struct CompiledRule {
  const Rule* rule = nullptr;
  std::vector<ConditionNode> nodes;  // the last is the root
  std::array<bool, 2> directions{};
  bool shadow = false;
};

struct CompiledRules {
  std::vector<Rule> source;
  Defaults defaults;
  std::string version;
  std::vector<CompiledRule> rules;  // in order, without the disabled ones
  std::vector<Leaf> leaves;
  std::vector<std::vector<std::uint32_t>> subscribers;  // leaves by source, in the order of rules
  std::vector<bool> is_regex;                           // by pattern
  std::vector<Automaton> automata;
  std::array<std::uint8_t, 128>
      starts{};  // Start bits of detectors, kStartPattern where an automaton may begin
  bool patterns_may_start_beyond_ascii = false;
  Prefilter prefilter;

  std::string_view label_of(Source) const;  // in masks
  std::string_view name_of(Source) const;   // in matches
};

inline constexpr std::uint8_t kStartPattern = 0x80;

}  // namespace gatehouse::policy
