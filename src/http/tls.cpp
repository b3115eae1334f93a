#include "http/tls.h"

#include <array>

#include <openssl/bn.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "base/error.h"
#include "http/tls_context.h"

namespace gatehouse::http {
namespace {

namespace ssl = boost::asio::ssl;

constexpr unsigned char kAlpn[] = "\x08http/1.1";

template <class T, auto Free>
using Owned = std::unique_ptr<T, decltype([](T* p) { Free(p); })>;

int choose_alpn(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in,
                unsigned in_size, void*) {
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, kAlpn, sizeof(kAlpn) - 1, in, in_size) !=
      OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

void harden(ssl::context& context) {
  SSL_CTX* native = context.native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(native,
                      SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  // TLS 1.2 with forward secrecy and authenticated encryption only; TLS 1.3 has nothing else.
  if (SSL_CTX_set_cipher_list(native, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1)
    throw Failure("OpenSSL lacks our ciphers");
  // An idle connection's 34 KiB of OpenSSL buffers go back to the heap.
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
}

std::string take_string(BIO* bio) {
  char* data = nullptr;
  auto size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string subject_of(X509* certificate) {
  Owned<BIO, BIO_free_all> bio(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(bio.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253);
  return take_string(bio.get());
}

std::string serial_of(X509* certificate) {
  Owned<BIGNUM, BN_free> number(ASN1_INTEGER_to_BN(X509_get_serialNumber(certificate), nullptr));
  char* hex = BN_bn2hex(number.get());
  std::string out = hex != nullptr ? hex : "";
  OPENSSL_free(hex);
  return out;
}

std::string fingerprint_of(X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (X509_digest(certificate, EVP_sha256(), digest.data(), &size) != 1) throw Failure("SHA-256 failed");
  std::string out;
  for (unsigned i = 0; i < size; ++i) out += fmt::format("{:02x}", digest[i]);
  return out;
}

void add_names(X509* certificate, ClientCertificate& out) {
  Owned<GENERAL_NAMES, GENERAL_NAMES_free> names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_DNS && name->type != GEN_URI) continue;
    std::string text(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.ia5)),
                     static_cast<std::size_t>(ASN1_STRING_length(name->d.ia5)));
    (name->type == GEN_DNS ? out.dns_names : out.uris).push_back(std::move(text));
  }
}

}  // namespace

std::shared_ptr<ServerTls> load_server_tls(const ServerTlsFiles& files) {
  auto tls = std::make_shared<ServerTls>();
  try {
    harden(tls->context);
    tls->context.use_certificate_chain_file(files.certificate);
    tls->context.use_private_key_file(files.key, ssl::context::pem);
    SSL_CTX* native = tls->context.native_handle();
    if (SSL_CTX_check_private_key(native) != 1) throw Failure("the TLS key does not fit the certificate");
    SSL_CTX_set_alpn_select_cb(native, choose_alpn, nullptr);
    if (!files.client_ca.empty()) {
      tls->context.load_verify_file(files.client_ca);
      SSL_CTX_set_client_CA_list(native, SSL_load_client_CA_file(files.client_ca.c_str()));
      tls->context.set_verify_mode(ssl::verify_peer |
                                   (files.require_client_certificate ? ssl::verify_fail_if_no_peer_cert : 0));
      constexpr unsigned char kSessionContext[] = "gatehouse";
      SSL_CTX_set_session_id_context(native, kSessionContext, sizeof(kSessionContext) - 1);
    }
  } catch (const boost::system::system_error& error) {
    throw Failure(std::string("cannot set up TLS: ") + error.what());
  }
  return tls;
}

std::shared_ptr<ClientTls> load_client_tls(const ClientTlsOptions& options) {
  auto tls = std::make_shared<ClientTls>();
  try {
    harden(tls->context);
    if (options.system_authorities) tls->context.set_default_verify_paths();
    if (!options.authority_file.empty()) tls->context.load_verify_file(options.authority_file);
    tls->context.set_verify_mode(ssl::verify_peer);
    SSL_CTX_set_alpn_protos(tls->context.native_handle(), kAlpn, sizeof(kAlpn) - 1);
  } catch (const boost::system::system_error& error) {
    throw Failure(std::string("cannot set up TLS: ") + error.what());
  }
  return tls;
}

std::shared_ptr<const ClientCertificate> peer_certificate(SSL* session) {
  Owned<X509, X509_free> certificate(SSL_get1_peer_certificate(session));
  if (!certificate) return nullptr;
  auto out = std::make_shared<ClientCertificate>();
  out->subject = subject_of(certificate.get());
  out->serial = serial_of(certificate.get());
  out->fingerprint_sha256 = fingerprint_of(certificate.get());
  add_names(certificate.get(), *out);
  return out;
}

}  // namespace gatehouse::http
