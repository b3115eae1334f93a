#include "crypto/public_key.h"

#include <array>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include "crypto/encoding.h"

namespace gatehouse::crypto {
namespace {

enum class Scheme { pkcs1, pss, ecdsa };

struct Row {
  SignatureAlgorithm algorithm;
  std::string_view name;
  Scheme scheme;
  const EVP_MD* (*hash)();
};
using enum SignatureAlgorithm;
constexpr std::array kAlgorithms = {
    Row{RS256, "RS256", Scheme::pkcs1, EVP_sha256}, Row{RS384, "RS384", Scheme::pkcs1, EVP_sha384},
    Row{RS512, "RS512", Scheme::pkcs1, EVP_sha512}, Row{PS256, "PS256", Scheme::pss, EVP_sha256},
    Row{PS384, "PS384", Scheme::pss, EVP_sha384},   Row{PS512, "PS512", Scheme::pss, EVP_sha512},
    Row{ES256, "ES256", Scheme::ecdsa, EVP_sha256}, Row{ES384, "ES384", Scheme::ecdsa, EVP_sha384},
    Row{ES512, "ES512", Scheme::ecdsa, EVP_sha512},
};

const Row& row(SignatureAlgorithm algorithm) {
  return kAlgorithms[static_cast<std::size_t>(algorithm)];
}

struct Curve {
  std::string_view name;
  const char* group;
  std::size_t coordinate;
  SignatureAlgorithm algorithm;
};
constexpr std::array kCurves = {
    Curve{"P-256", "prime256v1", 32, ES256},
    Curve{"P-384", "secp384r1", 48, ES384},
    Curve{"P-521", "secp521r1", 66, ES512},
};

constexpr int kLeastRsaBits = 2048, kMostRsaBits = 8192;
constexpr std::size_t kMostExponentBytes = 4;

template <class T, void (*Free)(T*)>
using Owned = std::unique_ptr<T, decltype([](T* object) { Free(object); })>;
using Number = Owned<BIGNUM, BN_free>;
using Builder = Owned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using Parameters = Owned<OSSL_PARAM, OSSL_PARAM_free>;
using KeyContext = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using DigestContext = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;

std::unexpected<Error> invalid(std::string detail) {
  // What is left in OpenSSL's per-thread queue would be taken for an error of the next TLS call.
  ERR_clear_error();
  return fail(ErrorCode::validation_failed, std::move(detail));
}

std::string_view text(const boost::json::object& jwk, std::string_view name) {
  const auto* value = jwk.if_contains(name);
  return value && value->is_string() ? std::string_view(value->get_string()) : std::string_view{};
}

/// `parameters` outlives the call alone. Null if OpenSSL takes them for no public key of that kind.
std::shared_ptr<EVP_PKEY> make_key(const char* kind, OSSL_PARAM* parameters) {
  KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
  EVP_PKEY* key = nullptr;
  if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1)
    return nullptr;
  return {key, EVP_PKEY_free};
}

std::shared_ptr<EVP_PKEY> rsa_key(const Bytes& modulus, const Bytes& exponent) {
  Number n(BN_bin2bn(modulus.data(), static_cast<int>(modulus.size()), nullptr));
  Number e(BN_bin2bn(exponent.data(), static_cast<int>(exponent.size()), nullptr));
  if (!n || !e || BN_num_bits(n.get()) < kLeastRsaBits || BN_num_bits(n.get()) > kMostRsaBits ||
      !BN_is_odd(n.get()) || !BN_is_odd(e.get()) || BN_is_one(e.get()))
    return nullptr;
  Builder builder(OSSL_PARAM_BLD_new());
  if (!builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1)
    return nullptr;
  Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  return parameters ? make_key("RSA", parameters.get()) : nullptr;
}

std::shared_ptr<EVP_PKEY> curve_key(const Curve& curve, const Bytes& x, const Bytes& y) {
  if (x.size() != curve.coordinate || y.size() != curve.coordinate) return nullptr;
  Bytes point{0x04};
  point.insert(point.end(), x.begin(), x.end());
  point.insert(point.end(), y.begin(), y.end());
  Builder builder(OSSL_PARAM_BLD_new());
  if (!builder ||
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve.group, 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) !=
          1)
    return nullptr;
  Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  auto key = parameters ? make_key("EC", parameters.get()) : nullptr;
  if (!key) return nullptr;
  KeyContext check(EVP_PKEY_CTX_new(key.get(), nullptr));
  return check && EVP_PKEY_public_check(check.get()) == 1 ? key : nullptr;
}

/// r ‖ s as the DER form that OpenSSL verifies. Empty if it is none.
Bytes to_der(ByteView signature, std::size_t coordinate) {
  if (signature.size() != 2 * coordinate) return {};
  Owned<ECDSA_SIG, ECDSA_SIG_free> pair(ECDSA_SIG_new());
  Number r(BN_bin2bn(signature.data(), static_cast<int>(coordinate), nullptr));
  Number s(BN_bin2bn(signature.data() + coordinate, static_cast<int>(coordinate), nullptr));
  if (!pair || !r || !s || ECDSA_SIG_set0(pair.get(), r.get(), s.get()) != 1) return {};
  // set0 took them over.
  (void)r.release();
  (void)s.release();
  int size = i2d_ECDSA_SIG(pair.get(), nullptr);
  if (size <= 0) return {};
  Bytes der(static_cast<std::size_t>(size));
  unsigned char* out = der.data();
  i2d_ECDSA_SIG(pair.get(), &out);
  return der;
}

bool allows_verifying(const boost::json::object& jwk) {
  if (const auto* use = jwk.if_contains("use"); use && text(jwk, "use") != "sig") return false;
  const auto* operations = jwk.if_contains("key_ops");
  if (!operations) return true;
  if (!operations->is_array()) return false;
  return std::ranges::any_of(operations->get_array(), [](const boost::json::value& one) {
    return one.is_string() && one.get_string() == "verify";
  });
}

}  // namespace

std::string_view to_string(SignatureAlgorithm algorithm) {
  return row(algorithm).name;
}

std::optional<SignatureAlgorithm> parse_signature_algorithm(std::string_view name) {
  for (const auto& one : kAlgorithms)
    if (one.name == name) return one.algorithm;
  return std::nullopt;
}

Bytes digest_for(SignatureAlgorithm algorithm, ByteView data) {
  const EVP_MD* hash = row(algorithm).hash();
  Bytes digest(static_cast<std::size_t>(EVP_MD_get_size(hash)));
  if (EVP_Digest(data.data(), data.size(), digest.data(), nullptr, hash, nullptr) != 1)
    throw Failure("a digest could not be made");
  return digest;
}

Result<PublicKey> PublicKey::from_jwk(const boost::json::object& jwk) {
  if (jwk.contains("d") || jwk.contains("k")) return invalid("this JWK holds a private or symmetric key");
  if (!allows_verifying(jwk)) return invalid("the JWK is not for verifying signatures");
  PublicKey made;
  made.kid_ = text(jwk, "kid");
  std::optional<SignatureAlgorithm> named;
  if (jwk.contains("alg")) {
    named = parse_signature_algorithm(text(jwk, "alg"));
    if (!named) return invalid("the JWK is for an algorithm that is not supported");
  }
  if (text(jwk, "kty") == "RSA") {
    auto n = from_base64url(text(jwk, "n")), e = from_base64url(text(jwk, "e"));
    if (!n || !e || n->size() > kMostRsaBits / 8 || e->size() > kMostExponentBytes)
      return invalid("n and e are no RSA key of 2048 to 8192 bits");
    made.algorithm_ = named.value_or(RS256);
    if (row(made.algorithm_).scheme == Scheme::ecdsa)
      return invalid("an RSA key does not verify this algorithm");
    made.key_ = rsa_key(*n, *e);
  } else if (text(jwk, "kty") == "EC") {
    auto curve = std::ranges::find(kCurves, text(jwk, "crv"), &Curve::name);
    if (curve == kCurves.end()) return invalid("the curve is not supported");
    if (named && *named != curve->algorithm) return invalid("this curve does not verify this algorithm");
    auto x = from_base64url(text(jwk, "x")), y = from_base64url(text(jwk, "y"));
    if (!x || !y) return invalid("x and y are no point of the curve");
    made.algorithm_ = curve->algorithm;
    made.coordinate_ = curve->coordinate;
    made.key_ = curve_key(*curve, *x, *y);
  } else {
    return invalid("only RSA and EC keys are supported");
  }
  if (!made.key_) return invalid("the JWK is no valid public key");
  return made;
}

bool PublicKey::verifies(std::string_view signed_text, ByteView signature) const {
  const Row& how = row(algorithm_);
  Bytes der;
  if (how.scheme == Scheme::ecdsa) {
    der = to_der(signature, coordinate_);
    if (der.empty()) return false;
    signature = der;
  }
  DigestContext context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* options = nullptr;  // the context's
  bool genuine =
      context && EVP_DigestVerifyInit(context.get(), &options, how.hash(), nullptr, key_.get()) == 1;
  if (genuine && how.scheme == Scheme::pss)
    genuine = EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) == 1 &&
              EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) == 1;
  ByteView data(signed_text);
  genuine = genuine && EVP_DigestVerify(context.get(), signature.data(), signature.size(), data.data(),
                                        data.size()) == 1;
  if (!genuine) ERR_clear_error();
  return genuine;
}

}  // namespace gatehouse::crypto
