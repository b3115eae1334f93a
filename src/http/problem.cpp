#include "http/problem.h"

#include <boost/json.hpp>

#include "http/syntax.h"

namespace gatehouse::http {
namespace {

std::string clean(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    auto valid = valid_utf8_prefix(text);
    out += text.substr(0, valid);
    text.remove_prefix(std::min(text.size(), valid + 1));
  }
  return out;
}

}  // namespace

Response problem(const Error& error, std::string_view instance, std::string_view request_id) {
  const auto& row = info(error.code);
  boost::json::object body;
  body["type"] = "/docs/errors#" + std::string(row.name);
  body["title"] = row.title;
  body["status"] = row.http_status;
  if (!error.detail.empty()) body["detail"] = clean(error.detail);
  if (!instance.empty()) body["instance"] = clean(instance);
  body["code"] = row.name;
  body["request_id"] = clean(request_id);
  if (!error.fields.empty()) {
    boost::json::array fields;
    for (const auto& field : error.fields)
      fields.push_back({{"pointer", clean(field.pointer)},
                        {"code", clean(field.code)},
                        {"message", clean(field.message)}});
    body["errors"] = std::move(fields);
  }
  if (!error.extension_name.empty()) body[error.extension_name] = boost::json::parse(error.extension_json);
  Response response{.status = row.http_status,
                    .headers = {{"content-type", "application/problem+json"}, {"cache-control", "no-store"}},
                    .body = boost::json::serialize(body)};
  auto retry_after = error.retry_after;
  if (!retry_after && (error.code == ErrorCode::overloaded || error.code == ErrorCode::shutting_down))
    retry_after = std::chrono::seconds(1);
  if (retry_after)
    response.headers.add("retry-after", std::to_string(std::max<std::int64_t>(retry_after->count(), 1)));
  return response;
}

}  // namespace gatehouse::http
