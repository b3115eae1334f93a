// SQL with a name. The name reaches logs and metrics and is the name of the prepared statement.
#pragma once

#include <cstddef>
#include <string_view>

namespace gatehouse::pg {

/// `constexpr Statement kListChats{"chats.list", "select … where organization_id = $1"};`
/// Both parts are literals, so the set of names is bounded and the text lives as long as the process.
/// One name, one text: a connection refuses the same name with another text.
struct Statement {
  std::string_view name;  // `capability.verb`, of a-z 0-9 _ and dots, at most 60 characters
  std::string_view sql;

  template <std::size_t N, std::size_t M>
  consteval Statement(const char (&statement_name)[N], const char (&text)[M])
      : name(statement_name, N - 1), sql(text, M - 1) {
    if (N < 2 || N > 61 || M < 2) throw "a statement needs a short name and a text";
    for (char c : name)
      if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.'))
        throw "a statement's name is lower case, digits, _ and dots";
  }
};

}  // namespace gatehouse::pg
