// What stands behind the opaque TLS types; internal to http/.
#pragma once

#include <memory>

#include <boost/asio/ssl/context.hpp>

#include "http/message.h"
#include "http/tls.h"

namespace gatehouse::http {

class ServerTls {
 public:
  boost::asio::ssl::context context{boost::asio::ssl::context::tls_server};
};

class ClientTls {
 public:
  boost::asio::ssl::context context{boost::asio::ssl::context::tls_client};
};

/// Null if the client sent none.
std::shared_ptr<const ClientCertificate> peer_certificate(SSL*);

}  // namespace gatehouse::http
