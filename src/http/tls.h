// TLS for server and client: contexts from files, TLS 1.2 or later, verified by default.
#pragma once

#include <memory>
#include <optional>
#include <string>

namespace gatehouse::http {

struct ServerTlsFiles {
  std::string certificate;  // PEM, chain, leaf first
  std::string key;          // PEM, not encrypted
  /// CA bundle (PEM) for client certificates. Empty: none are asked for.
  std::string client_ca;
  /// Refuse clients without a certificate. False: it is optional, and one that does not verify is refused.
  bool require_client_certificate = false;
};

/// An OpenSSL context, opaque here. Immutable once made; share it between reactors.
class ServerTls;
class ClientTls;

/// Throws Failure if a file cannot be read or key and certificate do not match.
std::shared_ptr<ServerTls> load_server_tls(const ServerTlsFiles&);

struct ClientTlsOptions {
  bool system_authorities = true;
  std::string authority_file;  // PEM, in addition
};
/// Verifies the chain and the host name, always. Throws Failure if the file cannot be read.
std::shared_ptr<ClientTls> load_client_tls(const ClientTlsOptions&);

}  // namespace gatehouse::http
