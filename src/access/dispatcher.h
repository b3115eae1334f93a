// The way of a request, from the HTTP server to a handler and back. One list, each step for a reason:
//
//   1 find the operation         404 or 405 before anything else is spent
//   2 who calls                  identity's authenticator; region check before any database read
//   3 how often                  rate class, per caller; refusals count too, since each leaves an event
//   4 cross-site checks          only sessions in cookies can be ridden
//   5 may they                   roles × permission, scope, grants (access/admission.h); 403 before any row
//   6 the tenant's status        suspended and cancelled organizations do nothing
//   7 in which workspace         header or default; a program stays in its own. And how often its
//                                organization and workspace are called
//   8 the body                   read only now that all above is settled, from the head alone; if it had to
//                                be waited for, who calls and steps 5 to 7 are settled anew
//   9 decode                     every bad field at once
//  10 the handler                reads and writes in the call's context
//  11 conclude                   commit with the audit event, or append the event of a read
//  12 answer                     the last byte goes out after the record is durable
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/authenticator.h"
#include "access/operations.h"
#include "access/rates.h"
#include "access/reactor.h"
#include "http/exchange.h"

namespace gatehouse::access {

struct DispatcherOptions {
  /// Other sites whose pages may call (`https://console.example.org`).
  std::vector<std::string> allowed_origins;
  RateOptions rates = {};
};

/// One per process, immutable but for its counters; used by all reactors.
class Dispatcher {
 public:
  Dispatcher(const Operations&, Authenticator&, DispatcherOptions);

  /// Answers the request if its path is an operation's; false: it is not, and nothing was answered.
  Task<bool> handle(Reactor&, http::Exchange&);

 private:
  Task<Result<Answer>> run(Reactor&, http::Exchange&, const Operation&, RawInput, std::optional<Call>&,
                           CountedRates&);
  Task<Result<Answer>> invoke(Call&, const Operation&, RawInput);
  Result<void> check_origin(const http::Request&, const Principal&, const OperationInfo&) const;

  const Operations& operations_;
  Authenticator& authenticator_;
  DispatcherOptions options_;
  Rates rates_;
};

}  // namespace gatehouse::access
