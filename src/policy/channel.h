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
  std::size_t held_bytes() const { return raw_.size() - raw_at_; }
  /// Keeps a list of all findings, with offsets in the original text below 4 GiB.
  void record(std::vector<Match>* matches) { matches_ = matches; }

 private:
  void settle(bool complete, std::string& out);
  bool act(std::span<const Finding>, std::string& out);
  void drop_rest_of_token(std::size_t settled);
  std::size_t token_begin(std::size_t symbol) const;
  bool token_goes_on() const;
  void remove_until(std::size_t symbol);
  std::uint32_t settled_end(std::size_t symbol) const;
  void emit_until(std::uint32_t offset, std::string& out);
  void note(const Finding&);
  void trim();

  Ledger* ledger_;
  Normalizer normalizer_;
  Encoding encoding_;
  Symbols symbols_;
  Cursor cursor_;
  bool tail_removed_ = false;
  bool in_token_ = false;  // JSON source: the rest of a number whose beginning was replaced
  std::string raw_;        // original bytes; those before raw_at_ are done with
  std::size_t raw_at_ = 0;
  std::uint32_t raw_begin_ = 0;  // offset in the text of the byte at raw_at_
  std::vector<Match>* matches_ = nullptr;
};

}  // namespace gatehouse::policy
