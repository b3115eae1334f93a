// All operations of the process, found by method and path.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "access/operation.h"

namespace gatehouse::access {

struct Found {
  const Operation* operation = nullptr;
  std::vector<std::pair<std::string, std::string>> path;  // parameters by name
  /// When the path exists but not for this method: those it takes, for `allow`.
  std::string allowed;
};

/// Filled at start, immutable and shared by all reactors afterwards.
class Operations {
 public:
  /// Throws Failure for a declaration that is incomplete or clashes: same id, same method and path, an
  /// operation that needs a principal but names no audit action, one that changes something and records
  /// nothing or asks for no more than a principal.
  template <class F>
  void add(OperationInfo info, F handler) {
    add(make_operation(std::move(info), std::move(handler)));
  }
  void add(Operation);

  Found find(http::Method, std::string_view path) const;
  /// 1 MiB for paths that are no operation's.
  std::size_t body_limit(http::Method, std::string_view path) const;
  const std::vector<std::unique_ptr<Operation>>& all() const { return operations_; }

 private:
  struct Node {
    std::unordered_map<std::string, std::unique_ptr<Node>> fixed;
    std::unique_ptr<Node> parameter;
    std::string name;  // of the parameter that leads here
    std::vector<const Operation*> here;
  };
  const Node* walk(std::string_view path, std::vector<std::pair<std::string, std::string>>* parameters) const;

  std::vector<std::unique_ptr<Operation>> operations_;
  Node root_;
};

}  // namespace gatehouse::access
