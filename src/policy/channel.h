// One text of an answer on its way through: bytes in, settled and redacted bytes out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/ledger.h"
#include "policy/normalize.h"
#include "policy/scanner.h"
#include "policy/stream.h"

namespace gatehouse::policy {

class Channel {
 public:
  Channel(Ledger& ledger, Encoding encoding) : ledger_(&ledger), normalizer_(encoding), encoding_(encoding) {}

  std::string push(std::string_view chunk);
  std::string finish();
  bool holds_nothing() const { return raw_.empty(); }
  /// Keeps a list of all findings, with offsets in the original text below 4 GiB.
  void record(std::vector<Match>* matches) { matches_ = matches; }

 private:
  void settle(bool complete, std::string& out);
  bool act(std::span<const Finding>, std::string& out);
  void drop_rest_of_number(std::size_t settled);
  void remove_until(std::size_t symbol);
  void emit_until(std::uint32_t offset, std::string& out);
  void note(const Finding&);
  void trim();

  Ledger* ledger_;
  Normalizer normalizer_;
  Encoding encoding_;
  Symbols symbols_;
  Cursor cursor_;
  bool tail_removed_ = false;
  bool in_number_ = false;  // JSON source: the rest of a number whose beginning was replaced
  std::string raw_;         // original bytes from raw_begin_ on
  std::uint32_t raw_begin_ = 0;
  std::vector<Match>* matches_ = nullptr;
};

}  // namespace gatehouse::policy
