#include "access/session_context.h"

#include "pg/params.h"

namespace gatehouse::access {
namespace {

constexpr pg::Statement kReadContext{
    "context.read",
    "select set_config('app.organization_id', $1, true), set_config('app.workspace_id', $2, true),"
    " set_config('app.user_id', $3, true), set_config('app.role_code', $4, true),"
    " set_config('app.reach', $5, true), set_config('app.grants', $6, true),"
    " set_config('transaction_read_only', 'on', true)"};
constexpr pg::Statement kWriteContext{
    "context.write",
    "select set_config('app.organization_id', $1, true), set_config('app.workspace_id', $2, true),"
    " set_config('app.user_id', $3, true), set_config('app.role_code', $4, true),"
    " set_config('app.reach', $5, true), set_config('app.grants', $6, true),"
    " set_config('app.audited', $7, true)"};

/// A uuid[] as the settings hold it.
std::string array_or_empty(const std::vector<Uuid>& ids) {
  if (ids.empty()) return {};
  std::string text;
  for (const auto& id : ids) text += (text.empty() ? '{' : ',') + id.to_string();
  return text + '}';
}

template <class Id>
std::string text_or_empty(const Id& id) {
  return id.is_nil() ? std::string() : id.to_string();
}

}  // namespace

void add_context(pg::Batch& batch, const SessionContext& context, bool read_only) {
  auto params = pg::params(text_or_empty(context.organization), text_or_empty(context.workspace),
                           text_or_empty(context.user), to_string(context.role), to_string(context.reach),
                           array_or_empty(context.grants));
  if (!read_only) params.add(array_or_empty(context.audited));
  batch.add(read_only ? kReadContext : kWriteContext, std::move(params));
}

}  // namespace gatehouse::access
