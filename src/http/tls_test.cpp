#include "http/tls.h"

#include <cstdio>
#include <filesystem>

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/error.h"
#include "base/uuid.h"
#include "http/client.h"
#include "http/loopback.h"
#include "http/tls_context.h"

namespace gatehouse::http {
namespace {

/// A self-signed certificate for `name` (`IP:127.0.0.1`, `URI:spiffe://…`), good for an hour, in two files.
struct Throwaway {
  explicit Throwaway(const std::string& name) {
    auto stem = (std::filesystem::path(testing::TempDir()) / Uuid::v7().to_string()).string();
    certificate = stem + ".crt";
    key = stem + ".key";
    EVP_PKEY* pair = EVP_EC_gen("P-256");
    X509* x509 = X509_new();
    X509_set_version(x509, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), 255);
    X509_gmtime_adj(X509_getm_notBefore(x509), -60);
    X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
    X509_set_pubkey(x509, pair);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("throwaway"), -1, -1, 0);
    X509_set_issuer_name(x509, X509_get_subject_name(x509));
    add_extension(x509, NID_subject_alt_name, name);
    add_extension(x509, NID_basic_constraints, "critical,CA:TRUE");
    X509_sign(x509, pair, EVP_sha256());
    write(certificate, [&](FILE* file) { PEM_write_X509(file, x509); });
    write(key, [&](FILE* file) { PEM_write_PrivateKey(file, pair, nullptr, nullptr, 0, nullptr, nullptr); });
    X509_free(x509);
    EVP_PKEY_free(pair);
  }
  ~Throwaway() {
    std::filesystem::remove(certificate);
    std::filesystem::remove(key);
  }
  static void add_extension(X509* x509, int nid, const std::string& value) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str());
    X509_add_ext(x509, extension, -1);
    X509_EXTENSION_free(extension);
  }
  template <class Write>
  static void write(const std::string& path, Write into) {
    FILE* file = std::fopen(path.c_str(), "w");
    into(file);
    std::fclose(file);
  }
  std::string certificate, key;
};

ServerConfig served_with(const Throwaway& identity, const std::string& client_ca = {}) {
  ServerConfig config;
  config.timeouts.tick = std::chrono::milliseconds(5);
  config.tls = load_server_tls({.certificate = identity.certificate,
                                .key = identity.key,
                                .client_ca = client_ca,
                                .require_client_certificate = !client_ca.empty()});
  return config;
}

ClientConfig trusting(const std::string& authority) {
  ClientConfig config;
  config.egress.allowed_networks = {*Cidr::parse("127.0.0.0/8")};
  config.tls = load_client_tls({.system_authorities = false, .authority_file = authority});
  return config;
}

Task<void> answer(Exchange& exchange) {
  if (!co_await exchange.read_body()) co_return;
  co_await exchange.start_stream(200, {}, exchange.request().tls ? "tls " : "plain ");
  co_await exchange.write(exchange.take_body());
  co_await exchange.finish();
}

Task<Result<std::string>> post(Client& client, std::uint16_t port, std::string body) {
  auto response = co_await client.send(
      {.method = Method::post, .endpoint = {true, "127.0.0.1", port, ""}, .body = std::move(body)});
  if (!response) co_return std::unexpected(response.error());
  co_return co_await response->read_all(10 << 20);
}

TEST(Tls, CarriesRequestsBothWaysAndReusesTheConnection) {
  Throwaway identity("IP:127.0.0.1");
  Reactor reactor;
  auto config = served_with(identity);
  config.limits.body_limit = [](Method, std::string_view) { return std::size_t(4) << 20; };
  Server server(reactor.context, config, answer);
  Client client(reactor.context.get_executor(), trusting(identity.certificate));
  EXPECT_EQ(reactor.run(post(client, server.port(), "hello")), "tls hello");
  const std::string large(3 << 20, 'x');
  EXPECT_EQ(reactor.run(post(client, server.port(), large)), "tls " + large);
  EXPECT_EQ(server.connections(), 1U);
}

TEST(Tls, RefusesACertificateFromAnUnknownAuthority) {
  Throwaway identity("IP:127.0.0.1"), other("IP:127.0.0.1");
  Reactor reactor;
  Server server(reactor.context, served_with(identity), answer);
  Client client(reactor.context.get_executor(), trusting(other.certificate));
  auto result = reactor.run(post(client, server.port(), "secret"));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::upstream_failed);
}

TEST(Tls, RefusesACertificateForAnotherName) {
  Throwaway identity("DNS:elsewhere.example");
  Reactor reactor;
  Server server(reactor.context, served_with(identity), answer);
  Client client(reactor.context.get_executor(), trusting(identity.certificate));
  ASSERT_FALSE(reactor.run(post(client, server.port(), "secret")));
}

TEST(Tls, RefusesAClientThatSpeaksPlainText) {
  Throwaway identity("IP:127.0.0.1");
  Reactor reactor;
  bool called = false;
  Server server(reactor.context, served_with(identity), [&](Exchange& exchange) -> Task<void> {
    called = true;
    co_await answer(exchange);
  });
  auto received = reactor.run(talk(server.port(), "GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
  EXPECT_EQ(status_of(received), 0);
  EXPECT_FALSE(called);
}

TEST(Tls, TellsTheHandlerWhoTheClientProvedToBe) {
  Throwaway identity("IP:127.0.0.1"), person("URI:spiffe://gatehouse.test/agent,DNS:agent.test");
  Reactor reactor;
  std::shared_ptr<const ClientCertificate> seen;
  Server server(reactor.context, served_with(identity, person.certificate),
                [&](Exchange& exchange) -> Task<void> {
                  seen = exchange.request().client_certificate;
                  co_await exchange.respond({.body = "ok"});
                });
  // The client of this folder has no certificates of its own; the test lends it one.
  auto config = trusting(identity.certificate);
  config.tls->context.use_certificate_chain_file(person.certificate);
  config.tls->context.use_private_key_file(person.key, asio::ssl::context::pem);
  Client client(reactor.context.get_executor(), config);
  EXPECT_EQ(reactor.run(post(client, server.port(), "")), "ok");
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->subject, "CN=throwaway");
  EXPECT_EQ(seen->serial, "FF");
  EXPECT_EQ(seen->fingerprint_sha256.size(), 64U);
  EXPECT_EQ(seen->uris, std::vector<std::string>{"spiffe://gatehouse.test/agent"});
  EXPECT_EQ(seen->dns_names, std::vector<std::string>{"agent.test"});
  Client nobody(reactor.context.get_executor(), trusting(identity.certificate));
  EXPECT_FALSE(reactor.run(post(nobody, server.port(), "")));
}

TEST(Tls, RefusesAKeyThatDoesNotFit) {
  Throwaway one("IP:127.0.0.1"), two("IP:127.0.0.1");
  EXPECT_THROW(load_server_tls({.certificate = one.certificate, .key = two.key}), Failure);
  EXPECT_THROW(load_server_tls({.certificate = "/nonexistent", .key = one.key}), Failure);
}

}  // namespace
}  // namespace gatehouse::http
