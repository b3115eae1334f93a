// Why a sign-in through a provider, or a provider's message, is not accepted. The names are stable: they
// stand in audit events, and the console has words for each.
#pragma once

#include <expected>
#include <string_view>

#include <boost/describe/enum.hpp>

namespace gatehouse::oidc {

enum class Refusal {
  // The provider cannot be used.
  provider_unavailable,  // no answer, too slow, too large, an error, a redirect
  provider_not_allowed,  // its address is none that this server may call
  discovery_invalid,     // no discovery document that can be used
  issuer_mismatch,       // a discovery document or an answer of another issuer
  keys_invalid,          // no key that can be used
  // What came back from the authorization or token endpoint.
  provider_error,          // `error` in the redirect
  access_denied,           // the person, or the provider on policy, said no
  response_invalid,        // neither a code nor an error
  code_refused,            // the token endpoint did not take the code
  client_refused,          // the token endpoint did not take our credentials
  token_response_invalid,  // no ID token, or not as the standard has it
  // The ID token (or logout token).
  token_malformed,
  algorithm_refused,  // not the key's, or none that is accepted
  unknown_key,
  bad_signature,
  wrong_issuer,
  wrong_audience,
  wrong_party,  // azp
  expired,
  issued_in_future,
  wrong_nonce,
  wrong_token_hash,  // at_hash
  subject_invalid,
  // Logout tokens alone.
  not_a_logout_token,
  has_nonce,
  too_old,
  // Userinfo.
  subject_changed,
};
BOOST_DESCRIBE_ENUM(Refusal, provider_unavailable, provider_not_allowed, discovery_invalid, issuer_mismatch,
                    keys_invalid, provider_error, access_denied, response_invalid, code_refused,
                    client_refused, token_response_invalid, token_malformed, algorithm_refused, unknown_key,
                    bad_signature, wrong_issuer, wrong_audience, wrong_party, expired, issued_in_future,
                    wrong_nonce, wrong_token_hash, subject_invalid, not_a_logout_token, has_nonce, too_old,
                    subject_changed)

std::string_view to_string(Refusal);

template <class T = void>
using Checked = std::expected<T, Refusal>;

inline std::unexpected<Refusal> refuse(Refusal why) {
  return std::unexpected(why);
}

}  // namespace gatehouse::oidc
