// Mail on its way: a row written by the transaction that causes it, sealed; sent by whichever node comes
// first.
//
// At least once: a node that dies after the server took a message and before the row was deleted lets another
// send it again. A letter that nobody takes is tried for about a day, then given up; it shows in metrics and
// logs, never by address.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/thread_pool.hpp>

#include "access/reactor.h"
#include "base/task.h"
#include "mail/letter.h"
#include "mail/smtp.h"
#include "pg/batch.h"

namespace gatehouse::mail {

/// The statement that puts a letter there, for a transaction as gatehouse_app or gatehouse_platform. `kind`
/// is a fixed word of at most 32 characters (`password_reset`). Only where mail is sent at all: without a
/// server rows would wait for ever.
pg::Batch to_outbox(const access::NodeSecrets&, std::string_view kind, const Letter&);

struct MailOptions {
  SmtpOptions smtp;
  Sender from;
};

/// Sends what the outboxes of all regions hold. One per process; outlives the reactor that runs its loops.
class Postman {
 public:
  explicit Postman(MailOptions);

  /// Never returns. A region whose database fails is asked again.
  Task<void> run(access::Reactor&, Region);
  /// Takes up what is due at most, sends it, and gives how many were taken. For run() and tests.
  Task<std::size_t> send_due(access::Reactor&, Region);

 private:
  MailOptions options_;
  asio::thread_pool threads_{2};
};

/// How long after the `tries`th failure the next try is: from half a minute to four hours.
std::chrono::seconds wait_after(int tries);
inline constexpr int kMostTries = 12;

}  // namespace gatehouse::mail
