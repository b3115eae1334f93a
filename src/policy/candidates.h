// Where in one text findings may begin.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace gatehouse::policy {

/// In blocks of kBlock symbols.
class Candidates {
 public:
  static constexpr std::size_t kBlock = 16;

  /// Every place of a text of that many symbols, or none.
  Candidates(std::size_t symbols, bool everywhere);

  void add(std::size_t begin, std::size_t end);
  bool empty() const;
  /// The first symbol of a candidate block, `at` or later; the length of the text if there is none.
  std::size_t next(std::size_t at) const { return find(at, false); }
  /// The end of the candidate blocks in a row from `at` on; `at` itself outside of them.
  std::size_t end_of(std::size_t at) const { return find(at, true); }

 private:
  std::size_t find(std::size_t at, bool clear) const;

  std::size_t symbols_;
  std::vector<std::uint64_t> bits_;  // one a block
};

/// Where a CNPJ with letters or an IBAN may begin: both are seen from their digits, which are rare in prose,
/// while hyperscan would follow every letter. `bytes` as hyperscan sees them: anything from 0x80 up may be a
/// letter or not.
void add_lettered_numbers(std::string_view bytes, Candidates&);

}  // namespace gatehouse::policy
