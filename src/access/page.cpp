#include "access/page.h"

#include "access/operation.h"
#include "crypto/aead.h"
#include "crypto/encoding.h"

namespace gatehouse::access {
namespace {

crypto::Bytes binding(const Call& call) {
  return crypto::aad({"page", call.operation().id, call.organization().to_string()});
}

}  // namespace

std::string make_page_token(Call& call, std::string_view cursor) {
  return crypto::to_base64url(crypto::seal_xaes(call.reactor().secrets().page_tokens, binding(call), cursor));
}

Result<std::string> open_page_token(Call& call, std::string_view token) {
  if (auto sealed = crypto::from_base64url(token))
    if (auto cursor = crypto::open_xaes(call.reactor().secrets().page_tokens, binding(call), *sealed))
      return std::string(cursor->reveal());
  return fail(ErrorCode::invalid_page_token, "Use a token that this list gave, or begin without one");
}

}  // namespace gatehouse::access
