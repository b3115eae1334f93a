// A provider's private key and what it signs, good and bad. For tests and fuzz programs; not part of the
// server.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "crypto/encoding.h"
#include "crypto/public_key.h"

namespace gatehouse::crypto::testing {

class ProviderKey {
 public:
  explicit ProviderKey(SignatureAlgorithm algorithm, std::string kid = "k1")
      : algorithm_(algorithm), kid_(std::move(kid)) {
    auto name = to_string(algorithm);
    bits_ = name == "ES256" ? 256 : name == "ES384" ? 384 : 521;
    key_.reset(is_rsa() ? EVP_RSA_gen(2048u) : EVP_EC_gen(curve().data()));
  }

  bool is_rsa() const { return !to_string(algorithm_).starts_with("ES"); }

  /// `named`: whether it says its `alg`.
  boost::json::object jwk(bool named = true) const {
    boost::json::object jwk{{"kid", kid_}, {"use", "sig"}};
    if (named) jwk["alg"] = to_string(algorithm_);
    if (is_rsa()) {
      jwk["kty"] = "RSA";
      jwk["n"] = number(OSSL_PKEY_PARAM_RSA_N, 0);
      jwk["e"] = number(OSSL_PKEY_PARAM_RSA_E, 0);
    } else {
      jwk["kty"] = "EC";
      jwk["crv"] = "P-" + std::to_string(bits_);
      jwk["x"] = number(OSSL_PKEY_PARAM_EC_PUB_X, coordinate());
      jwk["y"] = number(OSSL_PKEY_PARAM_EC_PUB_Y, coordinate());
    }
    return jwk;
  }
  std::string jwks(bool named = true) const {
    return boost::json::serialize(boost::json::object{{"keys", boost::json::array{jwk(named)}}});
  }

  std::string sign(const boost::json::object& claims) const {
    return sign({{"alg", to_string(algorithm_)}, {"kid", kid_}, {"typ", "JWT"}}, claims);
  }
  /// The header says what it is told to; the signature is made as the key does.
  std::string sign(const boost::json::object& header, const boost::json::object& claims) const {
    auto text =
        to_base64url(boost::json::serialize(header)) + "." + to_base64url(boost::json::serialize(claims));
    return text + "." + to_base64url(signature(text));
  }

 private:
  std::string_view curve() const { return bits_ == 256 ? "P-256" : bits_ == 384 ? "P-384" : "P-521"; }
  std::size_t coordinate() const { return (bits_ + 7) / 8; }

  std::string number(const char* name, std::size_t width) const {
    BIGNUM* value = nullptr;
    EVP_PKEY_get_bn_param(key_.get(), name, &value);
    Bytes bytes(width ? width : static_cast<std::size_t>(BN_num_bytes(value)));
    BN_bn2binpad(value, bytes.data(), static_cast<int>(bytes.size()));
    BN_free(value);
    return to_base64url(bytes);
  }

  Bytes signature(std::string_view text) const {
    auto name = to_string(algorithm_);
    const EVP_MD* hash = name.ends_with("256")   ? EVP_sha256()
                         : name.ends_with("384") ? EVP_sha384()
                                                 : EVP_sha512();
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    EVP_PKEY_CTX* options = nullptr;
    EVP_DigestSignInit(context.get(), &options, hash, nullptr, key_.get());
    if (name.starts_with("PS")) {
      EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING);
      EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST);
    }
    ByteView data(text);
    std::size_t size = 0;
    EVP_DigestSign(context.get(), nullptr, &size, data.data(), data.size());
    Bytes made(size);
    EVP_DigestSign(context.get(), made.data(), &size, data.data(), data.size());
    made.resize(size);
    if (is_rsa()) return made;
    const unsigned char* der = made.data();
    ECDSA_SIG* pair = d2i_ECDSA_SIG(nullptr, &der, static_cast<long>(made.size()));
    Bytes flat(2 * coordinate());
    BN_bn2binpad(ECDSA_SIG_get0_r(pair), flat.data(), static_cast<int>(coordinate()));
    BN_bn2binpad(ECDSA_SIG_get0_s(pair), flat.data() + coordinate(), static_cast<int>(coordinate()));
    ECDSA_SIG_free(pair);
    return flat;
  }

  SignatureAlgorithm algorithm_;
  std::string kid_;
  std::size_t bits_ = 0;
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_{nullptr, &EVP_PKEY_free};
};

}  // namespace gatehouse::crypto::testing
