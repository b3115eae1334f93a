#include "access/operations.h"

#include <algorithm>

namespace gatehouse::access {
namespace {

template <class Step>
void for_each_segment(std::string_view path, Step step) {
  while (!path.empty()) {
    path.remove_prefix(1);
    auto segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    if (!step(segment)) return;
  }
}

void check(const OperationInfo& info) {
  auto refuse = [&](std::string_view why) {
    throw Failure("operation " + std::string(info.id) + ": " + std::string(why));
  };
  if (info.id.empty() || info.summary.empty() || info.tag.empty()) refuse("needs an id, a summary and a tag");
  if (!info.path.starts_with('/')) refuse("needs a path that starts with a slash");
  if (info.permission != Permission::anyone && info.audit_action.empty()) refuse("needs an audit action");
  if (info.effect() == Effect::changes && info.audit_action.empty())
    refuse("changes something and records nothing");
  if (info.effect() == Effect::changes && info.permission == Permission::signed_in)
    refuse("changes something, for which being signed in is not enough: account_manage, or a capability's");
  if (info.shows_secret && !info.idempotent)
    refuse("shows a secret, so a repeat must give the stored answer");
}

}  // namespace

namespace detail {

void add_fields(std::vector<FieldError>& fields, Error error) {
  std::ranges::move(error.fields, std::back_inserter(fields));
}

Error absent() {
  return Error{.code = ErrorCode::not_found};
}

}  // namespace detail

void Operations::add(Operation operation) {
  check(operation.info);
  if (!operation.info.feature.empty()) operation.info.failures.push_back(ErrorCode::plan_limit_reached);
  if (operation.schemas.streamed == operation.info.streams.empty())
    throw Failure("operation " + std::string(operation.info.id) +
                  ": streams name what it streams, if it does");
  for (const auto& other : operations_)
    if (other->info.id == operation.info.id)
      throw Failure("two operations " + std::string(operation.info.id));
  Node* node = &root_;
  for_each_segment(operation.info.path, [&](std::string_view segment) {
    if (segment.starts_with('{') && segment.ends_with('}')) {
      auto name = segment.substr(1, segment.size() - 2);
      if (!node->parameter) {
        node->parameter = std::make_unique<Node>();
        node->parameter->name = name;
      }
      if (node->parameter->name != name)
        throw Failure("two names for one path parameter: " + std::string(operation.info.path));
      node = node->parameter.get();
    } else {
      auto& next = node->fixed[std::string(segment)];
      if (!next) next = std::make_unique<Node>();
      node = next.get();
    }
    return true;
  });
  for (const Operation* other : node->here)
    if (other->info.method == operation.info.method)
      throw Failure("two operations for one method and path: " + std::string(operation.info.path));
  operations_.push_back(std::make_unique<Operation>(std::move(operation)));
  node->here.push_back(operations_.back().get());
}

const Operations::Node* Operations::walk(std::string_view path,
                                         std::vector<std::pair<std::string, std::string>>* parameters) const {
  const Node* node = &root_;
  for_each_segment(path, [&](std::string_view segment) {
    if (auto fixed = node->fixed.find(std::string(segment)); fixed != node->fixed.end()) {
      node = fixed->second.get();
    } else if (node->parameter && !segment.empty()) {
      node = node->parameter.get();
      if (parameters) parameters->emplace_back(node->name, http::decode_segment(segment));
    } else {
      node = nullptr;
    }
    return node != nullptr;
  });
  return node;
}

Found Operations::find(http::Method method, std::string_view path) const {
  Found found;
  const Node* node = walk(path, &found.path);
  if (!node) return found;
  for (const Operation* operation : node->here) {
    if (operation->info.method == method ||
        (method == http::Method::head && operation->info.method == http::Method::get))
      found.operation = operation;
    if (!found.allowed.empty()) found.allowed += ", ";
    found.allowed += http::to_string(operation->info.method);
  }
  return found;
}

std::size_t Operations::body_limit(http::Method method, std::string_view path) const {
  constexpr std::size_t kElsewhere = 1 << 20;
  const Node* node = walk(path, nullptr);
  if (!node) return kElsewhere;
  for (const Operation* operation : node->here)
    if (operation->info.method == method) return operation->info.body_limit;
  return kElsewhere;
}

}  // namespace gatehouse::access
