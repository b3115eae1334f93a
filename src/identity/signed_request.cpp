#include "identity/signed_request.h"

#include <algorithm>
#include <charconv>

#include "crypto/encoding.h"

namespace gatehouse::identity {
namespace {

std::unexpected<Error> refused(std::string_view why) {
  return fail(ErrorCode::unauthenticated, std::string(why));
}

std::optional<std::int64_t> parse_number(std::string_view text) {
  std::int64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

std::optional<crypto::Digest> parse_digest(std::string_view hex) {
  auto bytes = crypto::from_hex(hex);
  crypto::Digest digest{};
  if (!bytes || bytes->size() != digest.size()) return std::nullopt;
  std::ranges::copy(*bytes, digest.begin());
  return digest;
}

bool is_nonce(std::string_view text) {
  return text.size() >= 16 && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                  c == '_';
         });
}

/// `us.<organization>.<version>`
bool read_tenant(std::string_view text, SignedRequest& out) {
  auto first = text.find('.'), last = text.rfind('.');
  if (first == text.npos || first == last) return false;
  auto region = parse_region(text.substr(0, first));
  auto organization = OrganizationId::parse(text.substr(first + 1, last - first - 1));
  auto version = parse_number(text.substr(last + 1));
  if (!region || !organization || !version) return false;
  out.region = *region;
  out.organization = *organization;
  out.secret_version = *version;
  return true;
}

}  // namespace

Result<std::optional<SignedRequest>> find_signature(const http::Request& request, Timestamp now) {
  const auto& headers = request.headers;
  auto signature = headers.find("gatehouse-signature");
  if (!signature) return std::optional<SignedRequest>{};
  SignedRequest made;
  for (std::string_view name : {"gatehouse-signature", "gatehouse-tenant", "gatehouse-timestamp",
                                "gatehouse-nonce", "gatehouse-content-sha256"})
    if (headers.count(name) != 1) return refused("A signed request has each of its headers once");
  auto stamp = headers.get("gatehouse-timestamp"), nonce = headers.get("gatehouse-nonce");
  auto digest = headers.get("gatehouse-content-sha256");
  auto seconds = parse_number(stamp);
  auto content = parse_digest(digest);
  auto value = signature->starts_with("v1=") ? parse_digest(signature->substr(3)) : std::nullopt;
  if (!seconds || !content || !value || !is_nonce(nonce) ||
      !read_tenant(headers.get("gatehouse-tenant"), made))
    return refused("The request's signature is malformed");
  auto away = std::chrono::abs(
      now - Timestamp(std::chrono::seconds(std::min<std::int64_t>(*seconds, 253'402'300'799))));
  if (away > kMostSkew) return refused("The request was signed more than five minutes from now");
  made.content = *content;
  made.signature = *value;
  made.text =
      fmt::format("v1\n{}\n{}\n{}\n{}\n{}", stamp, nonce, to_string(request.method), request.target, digest);
  return std::optional(std::move(made));
}

bool is_signed_with(const SignedRequest& request, const crypto::Secret& secret) {
  return crypto::equal(crypto::hmac_sha256(secret, request.text), request.signature);
}

}  // namespace gatehouse::identity
