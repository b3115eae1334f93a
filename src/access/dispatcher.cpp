#include "access/dispatcher.h"

#include "access/database_error.h"
#include "access/error_body.h"
#include "access/idempotency.h"
#include "access/view_as.h"
#include "base/log.h"
#include "base/metrics.h"
#include "crypto/digest.h"
#include "http/origin.h"
#include "pg/error.h"
#include "vault/sealed.h"

namespace gatehouse::access {
namespace {

using Clock = std::chrono::steady_clock;

struct RouteMetrics {
  metrics::Histogram& seconds;
  std::array<metrics::Counter*, 6> by_class{};  // 1xx … 5xx

  explicit RouteMetrics(std::string_view operation)
      : seconds(metrics::histogram("gatehouse_request_seconds",
                                   "Time from a request's head to its answer's last byte",
                                   {{"operation", operation}})) {
    for (std::size_t i = 1; i < by_class.size(); ++i)
      by_class[i] =
          &metrics::counter("gatehouse_requests_total", "Requests answered",
                            {{"operation", operation}, {"status", std::string(1, char('0' + i)) + "xx"}});
  }
};

RouteMetrics& metrics_of(std::string_view operation) {
  // Operation ids are literals and few; each thread keeps its references and asks for no lock afterwards.
  thread_local std::unordered_map<const char*, std::unique_ptr<RouteMetrics>> known;
  auto& slot = known[operation.data()];
  if (!slot) slot = std::make_unique<RouteMetrics>(operation);
  return *slot;
}

/// Whether the caller was refused for who it is or what it sent: such an attempt is an event of its own.
bool is_denial(ErrorCode code) {
  return info(code).http_status == 403 && code != ErrorCode::csrf_failed && code != ErrorCode::origin_refused;
}

bool is_mutating(const OperationInfo& info) {
  return info.effect() == Effect::changes;
}

/// What of the request its admission depends on.
Asked asked_by(const http::Request& request, const OperationInfo& info, const RawInput& raw) {
  Asked asked{.address = http::unmapped(request.peer.ip)};
  auto named = request.headers.find("gatehouse-workspace");
  if (!named && http::is_safe(request.method)) named = request.find_query("workspace");
  if (named) asked.workspace = std::string(*named);
  // The console names the organization that it shows; the session may have been switched in another tab.
  if (auto shown = request.headers.find("gatehouse-organization")) asked.organization = std::string(*shown);
  if (info.resource)
    for (const auto& [name, value] : raw.path)
      if (name == info.resource->parameter) asked.resource = Uuid::parse(value);
  return asked;
}

}  // namespace

Dispatcher::Dispatcher(const Operations& operations, Authenticator& authenticator, DispatcherOptions options)
    : operations_(operations),
      authenticator_(authenticator),
      options_(std::move(options)),
      rates_(options_.rates) {}

Result<void> Dispatcher::check_origin(const http::Request& request, const Principal& principal,
                                      const OperationInfo& info) const {
  if (!is_mutating(info)) return {};
  bool by_cookie = principal.csrf.has_value();
  // Sign-in sets a cookie, so another site must not be able to sign a browser in either.
  if ((by_cookie || info.rate == RateClass::sign_in) &&
      !http::origin_allowed(request, options_.allowed_origins))
    return fail(ErrorCode::origin_refused, "Pages of another site may not make this call");
  if (!by_cookie) return {};
  auto sent = request.headers.find("gatehouse-csrf");
  if (!sent || !crypto::equal(crypto::sha256(*sent), *principal.csrf))
    return fail(ErrorCode::csrf_failed, "Send the session's csrf_token in the Gatehouse-Csrf header");
  return {};
}

Task<Result<Answer>> Dispatcher::run(Reactor& reactor, http::Exchange& exchange, const Operation& operation,
                                     RawInput raw, std::optional<Call>& call, CountedRates& counted) {
  const OperationInfo& info = operation.info;
  const http::Request& request = exchange.request();

  Principal principal;
  if (info.permission != Permission::anyone) {
    GH_CO_TRY(principal, co_await authenticator_.authenticate(reactor, request));
    if (principal.is_anonymous()) co_return fail(ErrorCode::unauthenticated, "Sign in, or send an API key");
  }
  auto within_rate = rates_.check_caller(request, principal, info.rate, counted);
  if (!within_rate && info.rate == RateClass::sign_in)
    co_await authenticator_.note_refused_sign_in(reactor, request);
  GH_CO_CHECK(std::move(within_rate));
  GH_CO_CHECK(check_origin(request, principal, info));

  auto asked = asked_by(request, info, raw);
  auto& made = call.emplace(reactor, exchange, info, std::move(principal));
  if (made.principal().new_cookie) made.headers().add("set-cookie", *made.principal().new_cookie);
  if (auto member = request.headers.find("gatehouse-view-as")) {
    GH_CO_TRY(made.principal_, co_await view_as(reactor, made.principal(), *member));
  }
  made.admission_.workspace = made.principal().default_workspace;
  made.standing_.emplace(authenticator_, made.principal(), info, asked);
  GH_CO_TRY(made.admission_, co_await admit(reactor, made.principal(), info, asked));
  GH_CO_CHECK(co_await rates_.check_place(made.admission_.tenant, made.workspace(), counted));
  counted.add_to(made.headers());
  if (!exchange.has_body()) {
    // Answered already if it did not come: too slow, malformed, too large.
    if (!co_await exchange.read_body())
      co_return Answer{.status = exchange.status(), .body = {}, .sent = true};
    GH_CO_TRY(made.principal_, co_await renew(authenticator_, reactor, made.principal_));
    asked.counts_use = false;
    GH_CO_TRY(made.admission_, co_await admit(reactor, made.principal(), info, asked));
  }
  if (const auto& signed_as = made.principal().body_digest;
      signed_as && !crypto::equal(crypto::sha256(request.body), *signed_as))
    co_return fail(ErrorCode::unauthenticated, "The body is not the one that was signed");
  raw.body = info.idempotent ? request.body : exchange.take_body();
  if (info.idempotent && !made.principal().is_anonymous()) {
    GH_CO_TRY(made.idempotency_, idempotency_key(request, info.id,
                                                 {.person = made.user().value,
                                                  .actor = made.principal().actor(),
                                                  .workspace = made.workspace().value},
                                                 reactor.secrets().email_hashes));
    if (made.idempotency_) made.idempotency_->seal = info.shows_secret;
  }
  co_return co_await invoke(made, operation, std::move(raw));
}

Task<Result<Answer>> Dispatcher::invoke(Call& call, const Operation& operation, RawInput raw) {
  std::optional<StoredAnswer> replay;
  try {
    auto answer = co_await operation.invoke(call, std::move(raw));
    if (answer && !answer->sent) co_await call.conclude(*answer);
    co_return answer;
  } catch (Replay& stored) {
    replay = std::move(stored.answer);
  } catch (Refused& refused) {
    co_return std::unexpected(std::move(refused.error));
  }
  call.transaction_.reset();
  if (replay->is_sealed) {
    auto sealed = vault::Sealed::from_bytes({replay->body.begin(), replay->body.end()});
    if (!sealed) throw Failure("a stored answer is not sealed as it says");
    auto opened = co_await call.reactor()
                      .region(call.region())
                      .keyring->open({.organization = call.organization().value,
                                      .table = "idempotency_keys",
                                      .row = call.idempotency_->principal.to_string(),
                                      .field = call.idempotency_->operation},
                                     std::move(*sealed));
    if (!opened) throw Failure("a stored answer does not open");
    replay->body = opened->reveal();
  }
  call.audit().payload["replay"] = true;
  call.headers().set("idempotent-replay", "true");
  Answer answer{.status = replay->status, .body = std::move(replay->body)};
  co_await call.conclude(answer);
  co_return answer;
}

Task<bool> Dispatcher::handle(Reactor& reactor, http::Exchange& exchange) {
  const http::Request& request = exchange.request();
  auto started = Clock::now();
  const auto trace_id = request.trace.trace_id_hex();
  Found found = operations_.find(request.method, request.path);
  if (!found.operation) {
    if (found.allowed.empty()) co_return false;
    auto response =
        error_response(Error{.code = ErrorCode::method_not_allowed}, request.path, request.request_id);
    response.headers.set("allow", found.allowed);
    co_await exchange.respond(std::move(response));
    co_return true;
  }
  const Operation& operation = *found.operation;
  RawInput raw{.path = std::move(found.path), .query = request.query, .body = {}};
  // `workspace` may come as a query parameter where a header cannot be set; it is the dispatcher's, not the
  // handler's.
  std::erase_if(raw.query, [](const auto& parameter) { return parameter.first == "workspace"; });
  std::optional<Call> call;
  CountedRates counted;
  Result<Answer> result = fail(ErrorCode::internal);
  try {
    result = co_await run(reactor, exchange, operation, std::move(raw), call, counted);
  } catch (const pg::Error& error) {
    result = std::unexpected(to_error(error));
    log::write(info(result.error().code).http_status >= 500 ? log::Level::error : log::Level::info,
               "request.database",
               {{"request_id", request.request_id},
                {"trace_id", trace_id},
                {"operation", operation.info.id},
                {"error", error.what()}});
  } catch (const pg::PoolExhausted&) {
    result = fail(Error{.code = ErrorCode::overloaded,
                        .detail = "Too many requests wait for the database",
                        .retry_after = std::chrono::seconds(1)});
  } catch (const std::exception& error) {
    log::error("request.failed", {{"request_id", request.request_id},
                                  {"trace_id", trace_id},
                                  {"operation", operation.info.id},
                                  {"error", error.what()}});
  }
  if (!result && call) {
    call->transaction_.reset();
    try {
      if (is_denial(result.error().code) && !call->principal().is_anonymous())
        co_await call->record(audit::EventOutcome::denied);
    } catch (const std::exception& error) {
      // The refusal stands; that it could not be recorded is the louder failure.
      log::error("audit.denial_lost",
                 {{"request_id", request.request_id}, {"trace_id", trace_id}, {"error", error.what()}});
      result = fail(ErrorCode::internal);
    }
  }
  int status = 0;
  if (result && result->sent) {
    status = exchange.status();
  } else if (!exchange.answered()) {
    http::Response response;
    if (!result) {
      response = error_response(result.error(), operation.info.errors, request.path, request.request_id);
      if (!call || !call->headers().find("ratelimit")) counted.add_to(response.headers);
    } else if (result->status == 204) {
      response.status = 204;
    } else if (!result->location.empty()) {
      response.status = result->status;
      response.headers.set("location", result->location);
      response.headers.set("cache-control", "no-store");
    } else {
      response = http::json_response(result->status, std::move(result->body));
      response.headers.set("content-type", operation.info.answer_type);
      response.headers.set("cache-control", "no-store");
    }
    if (call)
      for (auto [name, value] : call->headers()) response.headers.add(name, value);
    status = response.status;
    co_await exchange.respond(std::move(response));
  }
  auto& measured = metrics_of(operation.info.id);
  std::chrono::duration<double> took = Clock::now() - started;
  measured.seconds.observe(took.count());
  if (status >= 100 && status < 600) measured.by_class[static_cast<std::size_t>(status / 100)]->add();
  log::info("request", {{"request_id", request.request_id},
                        {"trace_id", trace_id},
                        {"operation", operation.info.id},
                        {"status", status},
                        {"code", result ? std::string_view("-") : to_string(result.error().code)},
                        {"region", call ? to_string(call->region()) : std::string_view("-")},
                        {"ms", took.count() * 1000}});
  co_return true;
}

}  // namespace gatehouse::access
