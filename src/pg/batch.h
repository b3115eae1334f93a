// Statements that travel together: one round trip, one fate.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pg/params.h"
#include "pg/statement.h"

namespace gatehouse::pg {

/// `Batch batch; batch.add(kSetContext, params(…)).add(kListChats, params(…));`
class Batch {
 public:
  struct Item {
    std::string_view name;
    std::string_view sql;  // of a named statement
    std::string once;      // of an unnamed one
    Params params;

    bool is_named() const { return once.empty(); }
  };

  Batch() = default;
  Batch(const Statement& statement, Params values) { add(statement, std::move(values)); }

  Batch& add(const Statement& statement, Params values = {}) {
    items_.push_back({statement.name, statement.sql, {}, std::move(values)});
    return *this;
  }
  /// A text made at run time, parsed every time, `adhoc` in logs and metrics. For tools and tests; never
  /// build it from input.
  Batch& add_adhoc(std::string sql, Params values = {}) {
    items_.push_back({"adhoc", {}, std::move(sql), std::move(values)});
    return *this;
  }
  Batch& append(Batch other) {
    for (auto& item : other.items_) items_.push_back(std::move(item));
    return *this;
  }

  std::size_t size() const { return items_.size(); }
  bool empty() const { return items_.empty(); }
  const std::vector<Item>& items() const { return items_; }

 private:
  std::vector<Item> items_;
};

}  // namespace gatehouse::pg
