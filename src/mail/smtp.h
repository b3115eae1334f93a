// Hands one message to an SMTP server, with libcurl. Blocks: for a thread of its own.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/error.h"
#include "crypto/secret.h"

namespace gatehouse::mail {

struct SmtpOptions {
  std::string url;           // smtp://host:port or smtps://host:port
  bool requires_tls = true;  // of smtp://: by STARTTLS, or nothing is sent
  std::string ca_file;       // PEM; empty: the system's
  std::string username;      // empty: none
  std::shared_ptr<const crypto::Secret> password;
  std::chrono::seconds deadline{30};  // of one message, everything included
};

/// Why a message was not taken; without addresses, for the log.
struct SmtpRefusal {
  std::string reason;
  bool is_final = false;  // a 5xx answer: another try would be refused as well
};

std::expected<void, SmtpRefusal> deliver(const SmtpOptions&, const std::string& from, const std::string& to,
                                         const std::string& message);

}  // namespace gatehouse::mail
