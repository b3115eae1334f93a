#include "http/response_parser.h"

#include "http/syntax.h"

namespace gatehouse::http {

namespace beast_http = boost::beast::http;

ResponseParser::ResponseParser(bool to_head_request, std::size_t max_header_bytes) {
  header_limit(static_cast<std::uint32_t>(max_header_bytes));
  body_limit(boost::none);
  skip(to_head_request);
}

ResponseParser::Outcome ResponseParser::feed(std::string_view bytes, std::size_t& consumed,
                                             std::string_view& body) {
  consumed = 0;
  body = {};
  piece_ = {};
  while (consumed < bytes.size() && !is_done() && piece_.empty()) {
    bool had_head = head_done_;
    Code error;
    auto step = put(boost::asio::buffer(bytes.substr(consumed)), error);
    consumed += step;
    if (error && error != beast_http::error::need_more) return Outcome::failed;
    if (error || (!had_head && head_done_)) break;
  }
  body = piece_;
  return consumed > 0 || is_done() ? Outcome::progress : Outcome::more;
}

bool ResponseParser::feed_eof() {
  if (!got_some()) return false;
  Code error;
  put_eof(error);
  return !error && is_done();
}

void ResponseParser::on_field_impl(beast_http::field, View name, View value, Code& error) {
  if (head_done_) return;  // trailers
  std::string_view text(value.data(), value.size());
  if (has_control(text)) {
    error = beast_http::error::bad_value;
    return;
  }
  headers_.add({name.data(), name.size()}, text);
}

std::size_t ResponseParser::on_body_impl(View body, Code&) {
  piece_ = {body.data(), body.size()};
  return body.size();
}

std::size_t ResponseParser::on_chunk_body_impl(std::uint64_t, View body, Code&) {
  piece_ = {body.data(), body.size()};
  return body.size();
}

}  // namespace gatehouse::http
