// What a provider sends: no document, key set or token takes the reader down, and none is believed that
// nobody signed.
#include "crypto/testing.h"
#include "fuzz.h"
#include "oidc/discovery.h"
#include "oidc/flow.h"
#include "oidc/id_token.h"

namespace {

using namespace gatehouse;

const crypto::testing::ProviderKey& key() {
  static const crypto::testing::ProviderKey one(crypto::SignatureAlgorithm::ES256);
  return one;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  static const auto keys = oidc::KeySet::parse(key().jwks()).value();
  fuzz::require(!oidc::check_id_token(keys, text, {.issuer = "i", .client_id = "c", .nonce = "n"}),
                "a token that nobody signed is refused");
  // The same bytes as claims that were signed: only the right ones are accepted.
  if (auto claims = json::parse(text); claims && claims->is_object()) {
    auto token = key().sign(claims->get_object());
    if (auto checked = oidc::check_id_token(keys, token, {.issuer = "i", .client_id = "c", .nonce = "n"}))
      fuzz::require(checked->at("iss") == "i" && checked->at("nonce") == "n", "what is accepted says so");
    (void)oidc::check_logout_token(keys, token, {.issuer = "i", .client_id = "c"});
  }
  if (auto metadata = oidc::parse_metadata(text, "https://i"))
    fuzz::require(metadata->issuer == "https://i" && metadata->token.endpoint.tls,
                  "an issuer keeps to https");
  if (auto set = oidc::KeySet::parse(text)) fuzz::require(!set->keys().empty(), "a set has keys");
  (void)oidc::read_token_response(200, text);
  (void)oidc::read_userinfo(200, text, "s");
  if (auto url = oidc::Url::parse(text)) {
    fuzz::require(url->target.starts_with('/'), "a target begins with a slash");
    fuzz::require(oidc::with_query(url->text, {{"a", "b c"}}).ends_with("a=b%20c"), "a query grows");
  }
  return 0;
}
