#include "crypto/es256.h"

#include <boost/json.hpp>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sodium.h>

#include "crypto/cjose_key.h"
#include "crypto/digest.h"
#include "crypto/encoding.h"

namespace gatehouse::crypto {
namespace {

constexpr std::size_t kCoordinate = 32;
using Pkey = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;

std::unexpected<Error> invalid(std::string detail) {
  // What is left in OpenSSL's per-thread queue would be taken for an error of the next TLS call.
  ERR_clear_error();
  return fail(ErrorCode::validation_failed, std::move(detail));
}

std::shared_ptr<const cjose_jwk_t> import_key(Bytes x, Bytes y, Secret d, const std::string& kid) {
  cjose_err error{};
  cjose_jwk_ec_keyspec spec{};
  spec.crv = CJOSE_JWK_EC_P_256;
  spec.x = x.data();
  spec.xlen = x.size();
  spec.y = y.data();
  spec.ylen = y.size();
  if (!d.empty()) {
    // cjose only reads it, through a pointer that is not const.
    spec.d = const_cast<std::uint8_t*>(d.reveal_bytes().data());
    spec.dlen = d.size();
  }
  cjose_jwk_t* key = cjose_jwk_create_EC_spec(&spec, &error);
  if (!key) return nullptr;
  std::shared_ptr<const cjose_jwk_t> owned(
      key, [](const cjose_jwk_t* k) { cjose_jwk_release(const_cast<cjose_jwk_t*>(k)); });
  if (!cjose_jwk_set_kid(key, kid.data(), kid.size(), &error)) return nullptr;
  return owned;
}

// cjose takes any coordinates; a point off the curve would make verification an oracle for nobody, but
// accepting one as a key is a mistake to show at once.
bool on_curve(const Bytes& x, const Bytes& y) {
  static const std::unique_ptr<EC_GROUP, decltype(&EC_GROUP_free)> group(
      EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1), &EC_GROUP_free);
  Bytes point{0x04};
  point.insert(point.end(), x.begin(), x.end());
  point.insert(point.end(), y.begin(), y.end());
  std::unique_ptr<EC_POINT, decltype(&EC_POINT_free)> decoded(EC_POINT_new(group.get()), &EC_POINT_free);
  return EC_POINT_oct2point(group.get(), decoded.get(), point.data(), point.size(), nullptr) == 1;
}

std::string thumbprint(const std::string& x, const std::string& y) {
  // RFC 7638: the required members in lexical order, without white space.
  return to_base64url(sha256({R"({"crv":"P-256","kty":"EC","x":")", x, R"(","y":")", y, R"("})"}));
}

std::string public_jwk(const std::string& kid, const std::string& x, const std::string& y) {
  return boost::json::serialize(boost::json::object{
      {"kty", "EC"}, {"crv", "P-256"}, {"x", x}, {"y", y}, {"kid", kid}, {"use", "sig"}, {"alg", "ES256"}});
}

bool is_p256(EVP_PKEY* key) {
  char group[64] = {};
  return EVP_PKEY_is_a(key, "EC") && EVP_PKEY_get_group_name(key, group, sizeof group, nullptr) == 1 &&
         std::string_view(group) == "prime256v1";
}

// A PEM file can pair a private key with somebody else's public one.
bool halves_fit(EVP_PKEY* key) {
  std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(EVP_PKEY_CTX_new(key, nullptr),
                                                                      &EVP_PKEY_CTX_free);
  return context && EVP_PKEY_pairwise_check(context.get()) == 1;
}

Secret number(EVP_PKEY* key, const char* name) {
  BIGNUM* value = nullptr;
  EVP_PKEY_get_bn_param(key, name, &value);
  Secret bytes = Secret::filled(kCoordinate, [&](std::span<std::uint8_t> out) {
    if (!value || BN_bn2binpad(value, out.data(), static_cast<int>(out.size())) < 0)
      throw Failure("a P-256 key could not be read");
  });
  BN_clear_free(value);
  return bytes;
}

Bytes public_number(EVP_PKEY* key, const char* name) {
  Secret bytes = number(key, name);
  return {bytes.reveal_bytes().begin(), bytes.reveal_bytes().end()};
}

Secret write_pem(EVP_PKEY* key) {
  Bio bio(BIO_new(BIO_s_secmem()), &BIO_free);
  char* data = nullptr;
  if (!bio || PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1)
    throw Failure("a P-256 key could not be written");
  long size = BIO_get_mem_data(bio.get(), &data);
  return Secret::copy_of(std::string_view(data, static_cast<std::size_t>(size)));
}

}  // namespace

Result<VerifyingKey> VerifyingKey::from_jwk(std::string_view json) {
  boost::system::error_code error;
  boost::json::value document = boost::json::parse(json, error);
  if (error || !document.is_object()) return invalid("a JWK is a JSON object");
  const boost::json::object& object = document.get_object();
  auto text = [&](std::string_view name) {
    const boost::json::value* value = object.if_contains(name);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
  };
  if (object.contains("d")) return invalid("this JWK holds a private key");
  if (text("kty") != "EC" || text("crv") != "P-256") return invalid("only EC keys on P-256 are supported");
  if (object.contains("alg") && text("alg") != "ES256") return invalid("the JWK is for another algorithm");
  if (object.contains("use") && text("use") != "sig") return invalid("the JWK is not for signatures");
  std::string x_text = text("x"), y_text = text("y");
  auto x = from_base64url(x_text), y = from_base64url(y_text);
  if (!x || !y || x->size() != kCoordinate || y->size() != kCoordinate || !on_curve(*x, *y))
    return invalid("x and y are not a point on P-256");
  VerifyingKey key;
  key.kid_ = object.contains("kid") ? text("kid") : thumbprint(x_text, y_text);
  if (key.kid_.empty()) return invalid("kid is a text that is not empty");
  key.jwk_ = public_jwk(key.kid_, x_text, y_text);
  key.key_ = import_key(std::move(*x), std::move(*y), Secret(), key.kid_);
  if (!key.key_) return invalid("x and y are not a point on P-256");
  return key;
}

SigningKey SigningKey::generate() {
  Pkey key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  if (!key) throw Failure("a P-256 key could not be generated");
  return std::move(from_pem(write_pem(key.get())).value());
}

Result<SigningKey> SigningKey::from_pem(const Secret& pem) {
  Bio bio(BIO_new_mem_buf(pem.reveal().data(), static_cast<int>(pem.size())), &BIO_free);
  // Without a callback OpenSSL would ask the terminal for the password of an encrypted key.
  auto no_password = [](char*, int, int, void*) { return -1; };
  Pkey parsed(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr) : nullptr,
              &EVP_PKEY_free);
  if (!parsed) return invalid("not an unencrypted private key in PEM form");
  if (!is_p256(parsed.get())) return invalid("only P-256 keys sign ES256");
  if (!halves_fit(parsed.get())) return invalid("the private key does not fit its public key");
  Bytes x = public_number(parsed.get(), OSSL_PKEY_PARAM_EC_PUB_X);
  Bytes y = public_number(parsed.get(), OSSL_PKEY_PARAM_EC_PUB_Y);
  std::string x_text = to_base64url(x), y_text = to_base64url(y);
  std::string kid = thumbprint(x_text, y_text);
  GH_TRY(VerifyingKey public_key, VerifyingKey::from_jwk(public_jwk(kid, x_text, y_text)));
  SigningKey key;
  key.public_ = std::move(public_key);
  key.pem_ = write_pem(parsed.get());
  key.key_ = import_key(std::move(x), std::move(y), number(parsed.get(), OSSL_PKEY_PARAM_PRIV_KEY), kid);
  if (!key.key_) return invalid("the key was not accepted");
  return key;
}

Secret SigningKey::to_pem() const {
  return pem_.clone();
}

void KeySet::add(VerifyingKey key) {
  std::erase_if(keys_, [&](const VerifyingKey& known) { return known.kid() == key.kid(); });
  keys_.push_back(std::move(key));
}

const VerifyingKey* KeySet::find(std::string_view kid) const {
  for (const VerifyingKey& key : keys_)
    if (key.kid() == kid) return &key;
  return nullptr;
}

std::string jwks(const KeySet& keys) {
  std::string document = R"({"keys":[)";
  for (const VerifyingKey& key : keys.keys()) {
    if (document.back() != '[') document += ',';
    document += key.jwk();
  }
  return document + "]}";
}

}  // namespace gatehouse::crypto
