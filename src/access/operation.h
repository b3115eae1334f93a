// An operation is a declaration: what it is called, what it needs, what it records, what it takes and gives.
// From it come decoding, authorization, rate limiting, the audit event and the OpenAPI document.
//
//   operations.add({.method = http::Method::patch, .path = "/api/chats/{chat_id}", .id = "updateChat",
//                   .summary = "Change a chat", .tag = "chat", .permission = Permission::chats_write,
//                   .audit_action = "chat.update", .rate = RateClass::write},
//                  [](Call& call, Input<ChatPath, None, UpdateChat> in) -> Task<Result<ChatView>> { … });
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <type_traits>

#include <boost/describe/class.hpp>

#include "access/call.h"
#include "access/permission.h"
#include "base/error.h"
#include "base/task.h"
#include "http/message.h"
#include "json/codec.h"
#include "json/schema.h"

namespace gatehouse::access {

enum class RateClass { sign_in, read, write, model };

/// How failures are written: RFC 9457, OpenAI's error object, OAuth's (RFC 6749 5.2), or SCIM's (RFC 7644
/// 3.12).
enum class ErrorStyle { problem, openai, oauth, scim };

/// What the operation does with the version of what it shows: gives it as `ETag`, needs it as `If-Match`, or
/// (an update) both.
enum class Etag { none, gives, needs, updates };

/// A member that a declaration cannot leave out: it has no default.
template <class T>
struct Required {
  T value;
  constexpr Required(T given) : value(given) {}
  constexpr operator T() const { return value; }
};

/// The thing that an operation is about, which grants can open to people whose role does not (access/acl.h).
struct ResourceUse {
  ResourceKind kind;
  AclAction action;
  /// The path's parameter that is its id. None: a list, which also shows what was granted; of ORG the
  /// organization.
  std::string_view parameter = {};

  bool is_list() const { return parameter.empty() && kind != ResourceKind::ORG; }
};

/// What the operation does to data, beyond reading it for the answer.
enum class Effect { reads, changes };

struct OperationInfo {
  http::Method method = http::Method::get;
  std::string_view path;     // `/api/chats/{chat_id}`
  std::string_view id;       // `updateChat`: operationId, idempotency scope, metrics label
  std::string_view summary;  // one sentence for people
  std::string_view tag;      // group in the documentation, and the event's resource type
  Required<Permission> permission;
  /// The event's action. Empty only where nothing private is shown or changed (health, documentation).
  std::string_view audit_action;
  Required<RateClass> rate;
  /// May be made to wait for an approval when an organization chooses so.
  bool critical = false;
  /// A POST that creates: honours `Idempotency-Key`.
  bool idempotent = false;
  /// The handler answers for a suspended or cancelled organization too, and asks pass_gates() itself.
  bool despite_status = false;
  /// The switch of the organization's plan that closes the operation (402). Empty: none does.
  std::string_view feature = {};
  /// The answer shows a secret once: its stored copy is sealed.
  bool shows_secret = false;
  std::optional<ResourceUse> resource = std::nullopt;
  /// Bytes of body.
  std::size_t body_limit = 256 * 1024;
  /// Of a RawBody, for the documentation.
  std::string_view body_type = "application/json";
  /// Of an answer in JSON.
  std::string_view answer_type = "application/json";
  ErrorStyle errors = ErrorStyle::problem;
  Etag etag = Etag::none;
  /// Media types of an answer that the handler writes itself (Streamed), for the documentation.
  std::vector<std::string_view> streams = {};
  /// Codes worth documenting beyond those every operation can give.
  std::vector<ErrorCode> failures = {};

  Effect effect() const { return http::is_safe(method) ? Effect::reads : Effect::changes; }
};

struct None {};
BOOST_DESCRIBE_STRUCT(None, (), ())

/// The parts of a request. A body of type RawBody is handed over as it came, undecoded. With RawQuery the
/// handler reads the request's parameters itself, because others may be among them that it does not know.
template <class Path = None, class Query = None, class Body = None>
struct Input {
  Path path;
  Query query;
  Body body;
};

struct RawBody {
  std::string text;
};
struct RawQuery {};

/// 204.
struct NoContent {};
/// 201.
template <class T>
struct Created {
  T value;
};
/// 302 to another address, for a browser that was sent here by a link.
struct Redirect {
  std::string location;
};
/// The handler wrote the answer itself through Call::exchange().
struct Streamed {};

/// One page of a list; `next_page_token` is opaque (access/page.h).
template <class T>
struct Page {
  std::vector<T> data;
  std::optional<std::string> next_page_token;

  BOOST_DESCRIBE_CLASS(Page, (), (data, next_page_token), (), ())
};
/// A list that is always whole.
template <class T>
struct Whole {
  std::vector<T> data;

  BOOST_DESCRIBE_CLASS(Whole, (), (data), (), ())
};

/// The parts of a request as text, before they are decoded.
struct RawInput {
  std::vector<std::pair<std::string, std::string>> path;
  std::vector<std::pair<std::string, std::string>> query;
  std::string body;
};

/// Schemas of an operation's types, as functions, so that the document is only made when asked for. Null:
/// none.
struct OperationSchemas {
  json::Value (*path)(json::Components&) = nullptr;
  json::Value (*query)(json::Components&) = nullptr;
  json::Value (*body)(json::Components&) = nullptr;
  json::Value (*answer)(json::Components&) = nullptr;
  bool raw_body = false;
  int status = 200;
  bool streamed = false;
};

/// A declared operation with its handler, types erased.
struct Operation {
  OperationInfo info;
  OperationSchemas schemas;
  std::function<Task<Result<Answer>>(Call&, RawInput)> invoke;
};

namespace detail {

template <class F>
struct Handler : Handler<decltype(&F::operator())> {};
template <class F, class R, class P, class Q, class B>
struct Handler<Task<Result<R>> (F::*)(Call&, Input<P, Q, B>) const> {
  using Path = P;
  using Query = Q;
  using Body = B;
  using Response = R;
};

template <class T>
inline constexpr bool kIsCreated = false;
template <class T>
inline constexpr bool kIsCreated<Created<T>> = true;

template <class T>
json::Value schema(json::Components& components) {
  return json::schema_of<T>(components);
}

void add_fields(std::vector<FieldError>& fields, Error error);
/// A value that cannot name anything names nothing: 404, not 422.
Error absent();

template <class P, class Q, class B>
Result<Input<P, Q, B>> decode_input(RawInput raw) {
  Input<P, Q, B> input;
  if constexpr (!std::is_same_v<P, None>) {
    auto path = json::decode_strings<P>(raw.path, "{");
    if (!path) return std::unexpected(absent());
    input.path = std::move(*path);
  }
  std::vector<FieldError> fields;
  if constexpr (!std::is_same_v<Q, RawQuery>) {
    auto query = json::decode_strings<Q>(raw.query, "?");
    if (query)
      input.query = std::move(*query);
    else
      add_fields(fields, std::move(query).error());
  }
  if constexpr (std::is_same_v<B, RawBody>) {
    input.body.text = std::move(raw.body);
  } else if constexpr (!std::is_same_v<B, None>) {
    auto body = json::decode_text<B>(raw.body);
    if (body)
      input.body = std::move(*body);
    else if (body.error().code != ErrorCode::validation_failed)
      return std::unexpected(std::move(body).error());
    else
      add_fields(fields, std::move(body).error());
  }
  if (!fields.empty()) return std::unexpected(invalid(std::move(fields)));
  return input;
}

template <class R>
Answer encode_answer(const R& response) {
  if constexpr (std::is_same_v<R, Streamed>)
    return {.status = 0, .body = {}, .sent = true};
  else if constexpr (std::is_same_v<R, NoContent>)
    return {.status = 204, .body = {}};
  else if constexpr (std::is_same_v<R, Redirect>)
    return {.status = 302, .body = {}, .location = response.location};
  else if constexpr (kIsCreated<R>)
    return {.status = 201, .body = json::encode(response.value)};
  else
    return {.status = 200, .body = json::encode(response)};
}

template <class R>
void describe_answer(OperationSchemas& schemas) {
  if constexpr (std::is_same_v<R, Streamed>) {
    schemas.streamed = true;
  } else if constexpr (std::is_same_v<R, NoContent>) {
    schemas.status = 204;
  } else if constexpr (std::is_same_v<R, Redirect>) {
    schemas.status = 302;
  } else if constexpr (kIsCreated<R>) {
    schemas.status = 201;
    schemas.answer = &schema<decltype(R::value)>;
  } else {
    schemas.answer = &schema<R>;
  }
}

}  // namespace detail

/// Binds a handler `Task<Result<R>>(Call&, Input<P, Q, B>)`. The handler lives as long as the operation.
template <class F>
Operation make_operation(OperationInfo info, F handler) {
  using Types = detail::Handler<F>;
  using P = typename Types::Path;
  using Q = typename Types::Query;
  using B = typename Types::Body;
  using R = typename Types::Response;
  Operation operation{.info = std::move(info), .schemas = {}, .invoke = {}};
  if constexpr (!std::is_same_v<P, None>) operation.schemas.path = &detail::schema<P>;
  if constexpr (!std::is_same_v<Q, None> && !std::is_same_v<Q, RawQuery>)
    operation.schemas.query = &detail::schema<Q>;
  if constexpr (std::is_same_v<B, RawBody>)
    operation.schemas.raw_body = true;
  else if constexpr (!std::is_same_v<B, None>)
    operation.schemas.body = &detail::schema<B>;
  detail::describe_answer<R>(operation.schemas);
  operation.invoke = [handler = std::move(handler)](Call& call, RawInput raw) -> Task<Result<Answer>> {
    auto input = detail::decode_input<P, Q, B>(std::move(raw));
    if (!input) co_return std::unexpected(std::move(input).error());
    Result<R> response = co_await handler(call, std::move(*input));
    if (!response) co_return std::unexpected(std::move(response).error());
    co_return detail::encode_answer(*response);
  };
  return operation;
}

}  // namespace gatehouse::access
