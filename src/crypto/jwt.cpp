#include "crypto/jwt.h"

#include <cmath>
#include <optional>

#include <boost/json.hpp>
#include <openssl/err.h>

#include "crypto/cjose_key.h"
#include "crypto/encoding.h"

namespace gatehouse::crypto {
namespace {

using Jws = std::unique_ptr<cjose_jws_t, decltype(&cjose_jws_release)>;
using Header = std::unique_ptr<cjose_header_t, decltype(&cjose_header_release)>;

std::unexpected<Error> refused() {
  return fail(ErrorCode::unauthenticated, "the token is not valid");
}

struct Parsed {
  std::string kid;  // empty if absent
  std::string claims;
};

std::string_view as_text(const Bytes& bytes) {
  return ByteView(bytes).text();
}

// Everything that can be refused without cryptography. cjose's own base64url decoder is lenient and its
// header decides the algorithm, so both are settled here first.
std::optional<Parsed> parse(std::string_view token) {
  if (token.size() > kMaxTokenSize) return std::nullopt;
  std::size_t first = token.find('.');
  std::size_t second = first == token.npos ? token.npos : token.find('.', first + 1);
  if (second == token.npos || first > kMaxHeaderSize) return std::nullopt;
  auto header = from_base64url(token.substr(0, first));
  auto claims = from_base64url(token.substr(first + 1, second - first - 1));
  auto signature = from_base64url(token.substr(second + 1));
  if (!header || !claims || !signature || signature->size() != 64) return std::nullopt;

  boost::system::error_code error;
  boost::json::value document = boost::json::parse(as_text(*header), error);
  const boost::json::object* fields = error ? nullptr : document.if_object();
  if (!fields) return std::nullopt;
  const boost::json::value* algorithm = fields->if_contains("alg");
  if (!algorithm || !algorithm->is_string() || algorithm->get_string() != "ES256") return std::nullopt;
  for (std::string_view name : {"crit", "jwk", "jku", "x5c", "x5u"})
    if (fields->contains(name)) return std::nullopt;
  Parsed parsed{.kid = {}, .claims = std::string(as_text(*claims))};
  if (const boost::json::value* kid = fields->if_contains("kid")) {
    if (!kid->is_string() || kid->get_string().empty()) return std::nullopt;
    parsed.kid = kid->get_string();
  }
  return parsed;
}

bool signed_by(const VerifyingKey& key, std::string_view token) {
  cjose_err error{};
  Jws jws(cjose_jws_import(token.data(), token.size(), &error), &cjose_jws_release);
  bool genuine = jws && cjose_jws_verify(jws.get(), KeyAccess::jwk(key), &error);
  // What is left in OpenSSL's per-thread queue would be taken for an error of the next TLS call.
  if (!genuine) ERR_clear_error();
  return genuine;
}

/// RFC 7519's NumericDate: seconds, perhaps with a fraction.
std::optional<double> numeric_date(const boost::json::value& value) {
  if (value.is_int64()) return static_cast<double>(value.get_int64());
  if (value.is_uint64()) return static_cast<double>(value.get_uint64());
  if (value.is_double() && std::isfinite(value.get_double())) return value.get_double();
  return std::nullopt;
}

bool has_audience(const boost::json::value* claim, std::string_view wanted) {
  if (!claim) return false;
  if (claim->is_string()) return claim->get_string() == wanted;
  if (!claim->is_array()) return false;
  for (const boost::json::value& one : claim->get_array())
    if (one.is_string() && one.get_string() == wanted) return true;
  return false;
}

}  // namespace

std::string sign(const SigningKey& key, std::string_view claims) {
  cjose_err error{};
  Header header(cjose_header_new(&error), &cjose_header_release);
  if (!header || !cjose_header_set(header.get(), CJOSE_HDR_ALG, CJOSE_HDR_ALG_ES256, &error) ||
      !cjose_header_set(header.get(), CJOSE_HDR_KID, key.kid().c_str(), &error) ||
      !cjose_header_set(header.get(), "typ", "JWT", &error))
    throw Failure("a token's header could not be made");
  Jws jws(cjose_jws_sign(KeyAccess::jwk(key), header.get(),
                         reinterpret_cast<const std::uint8_t*>(claims.data()), claims.size(), &error),
          &cjose_jws_release);
  const char* compact = nullptr;
  if (!jws || !cjose_jws_export(jws.get(), &compact, &error)) throw Failure("a token could not be signed");
  return compact;
}

Result<std::string> verify_signature(const VerifyingKey& key, std::string_view token) {
  auto parsed = parse(token);
  if (!parsed || (!parsed->kid.empty() && parsed->kid != key.kid()) || !signed_by(key, token))
    return refused();
  return std::move(parsed->claims);
}

Result<std::string> verify(const KeySet& keys, std::string_view token, const Expectation& expectation) {
  auto parsed = parse(token);
  const VerifyingKey* key = parsed && !parsed->kid.empty() ? keys.find(parsed->kid) : nullptr;
  if (!key || !signed_by(*key, token)) return refused();
  GH_CHECK(check_claims(parsed->claims, expectation));
  return std::move(parsed->claims);
}

Result<void> check_claims(std::string_view claims, const Expectation& expectation) {
  boost::system::error_code error;
  boost::json::value document = boost::json::parse(claims, error);
  const boost::json::object* fields = error ? nullptr : document.if_object();
  if (!fields) return refused();
  const boost::json::value* issuer = fields->if_contains("iss");
  if (!issuer || !issuer->is_string() || issuer->get_string() != expectation.issuer) return refused();
  if (!has_audience(fields->if_contains("aud"), expectation.audience)) return refused();

  double now = std::chrono::duration<double>(expectation.now.time_since_epoch()).count();
  auto leeway = static_cast<double>(expectation.leeway.count());
  for (std::string_view name : {"nbf", "iat"}) {
    const boost::json::value* claim = fields->if_contains(name);
    if (!claim) continue;
    auto date = numeric_date(*claim);
    if (!date || *date > now + leeway) return refused();
  }
  const boost::json::value* claim = fields->if_contains("exp");
  auto expires = claim ? numeric_date(*claim) : std::nullopt;
  if (!expires) return refused();
  // Last, so that "expired" is said of tokens that are otherwise in order only.
  if (now >= *expires + leeway) return fail(ErrorCode::session_expired, "the token has expired");
  return {};
}

}  // namespace gatehouse::crypto
