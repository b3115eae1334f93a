// What of a streamed answer is no running text: names of members, numbers, ids, envelope fields. It comes at
// once or in few pieces, so it is judged as a document is, and once: the same again is only compared.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "json/value.h"
#include "policy/cleared.h"

namespace gatehouse::models {

/// Of one call. Every function says false, or nothing, if the answer must not go on: it is blocked, a value
/// cannot be made clean, is longer than its kind ever is, or there is more to remember than kMostRemembered
/// bytes.
class WholeValues {
 public:
  static constexpr std::size_t kMostRemembered = 1 << 20;

  /// Makes a member's value fit to go out.
  bool clear(policy::ClearedStream&, std::string_view key, json::Value&);
  /// Likewise for a member that comes again and again, mostly the same.
  bool clear_repeated(policy::ClearedStream&, std::string_view key, json::Value&);
  /// Renames the members whose names may not go out.
  bool clear_names(policy::ClearedStream&, json::Object&);
  /// A name or an id, `place` says whose. What its pieces make together is judged with each.
  std::optional<std::string> clear_piece(policy::ClearedStream&, std::string_view key,
                                         const std::string& place, std::string_view piece);

 private:
  struct Repeated {
    json::Value came, cleared;
  };
  struct Pieces {
    std::string so_far, last, cleared;
  };
  bool remember(std::size_t bytes);

  std::map<std::string, Repeated, std::less<>> repeated_;
  std::set<std::string, std::less<>> names_;  // that may go out
  std::map<std::string, Pieces> pieces_;
  std::size_t remembered_ = 0;
};

}  // namespace gatehouse::models
