#include "http/request_parser.h"

#include <charconv>

#include "http/origin.h"
#include "http/syntax.h"
#include "http/target.h"

namespace gatehouse::http {
namespace {

namespace beast_http = boost::beast::http;

std::string_view to_std(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

std::unexpected<Refusal> malformed(std::string_view reason, std::string_view detail) {
  return std::unexpected(Refusal{ErrorCode::malformed_http, reason, detail});
}

const Refusal kLineTooLong{ErrorCode::uri_too_long, "line_too_long", "the request line is too long"};
const Refusal kHeadTooLarge{ErrorCode::headers_too_large, "head_too_large", "the header is too large"};

}  // namespace

std::expected<std::optional<std::size_t>, Refusal> HeadScanner::scan(std::string_view bytes,
                                                                     const Limits& limits) {
  if (!bytes.empty() && !is_token(bytes.substr(0, 1)))
    return malformed("bad_start", "this is not an HTTP request");
  while (scanned_ < bytes.size()) {
    auto at = bytes.find('\n', scanned_);
    if (at == std::string_view::npos) {
      scanned_ = bytes.size();
      break;
    }
    if (at == 0 || bytes[at - 1] != '\r') return malformed("bare_lf", "a line ends without CR");
    if (!in_fields_ && at > limits.request_line) return std::unexpected(kLineTooLong);
    if (at > limits.header_bytes) return std::unexpected(kHeadTooLarge);
    if (in_fields_ && bytes[at - 2] == '\n') return at + 1;
    // The byte after the line tells whether it is folded, so a line is done only when that byte is here.
    if (at + 1 == bytes.size()) {
      scanned_ = at;
      break;
    }
    if (bytes[at + 1] == ' ' || bytes[at + 1] == '\t')
      return malformed("obs_fold", "a header field is folded");
    in_fields_ = true;
    scanned_ = at + 1;
  }
  if (!in_fields_ && bytes.size() > limits.request_line) return std::unexpected(kLineTooLong);
  if (bytes.size() > limits.header_bytes) return std::unexpected(kHeadTooLarge);
  return std::nullopt;
}

RequestParser::RequestParser(Request& request, const Limits& limits) : request_(request), limits_(limits) {
  header_limit(static_cast<std::uint32_t>(limits.header_bytes) + 1);
  body_limit(boost::none);
}

std::expected<void, Refusal> RequestParser::parse_head(std::string_view head) {
  Code error;
  put(boost::asio::buffer(head), error);
  if (refusal_) return std::unexpected(*refusal_);
  // Beast's own words name no input, so they may be shown; a head that it finds incomplete is malformed.
  if ((error && error != beast_http::error::need_more) || !is_header_done()) {
    if (error == beast_http::error::bad_version)
      return malformed("version", "only HTTP/1.0 and HTTP/1.1 are spoken here");
    if (error == beast_http::error::bad_transfer_encoding || error == beast_http::error::bad_content_length)
      return malformed("framing", "the body's length is not clear");
    return malformed("syntax", "the request line or a header field is malformed");
  }
  in_body_ = true;
  if (auto ok = check_framing(); !ok) return ok;
  if (auto ok = check_host(); !ok) return ok;
  if (auto parsed = http::parse_target(request_.target, limits_.query_parameters, request_); !parsed)
    return malformed("target", parsed.error());
  return {};
}

std::expected<void, Refusal> RequestParser::check_framing() {
  const Headers& headers = request_.headers;
  auto codings = headers.count("transfer-encoding");
  auto lengths = headers.count("content-length");
  if (codings + lengths > 1) return malformed("framing", "the body's length is given more than once");
  if (codings == 1) {
    // Only `chunked`: a coding that we do not know would leave the body's end to guesswork.
    if (http_1_0_ || !iequals(headers.get("transfer-encoding"), "chunked"))
      return malformed("framing", "the only transfer coding is chunked, in HTTP/1.1");
    length_ = std::nullopt;
  } else if (lengths == 1) {
    auto text = headers.get("content-length");
    std::uint64_t number = 0;
    auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc{} || end != text.data() + text.size())
      return malformed("framing", "Content-Length is not a number");
    length_ = number;
  }
  if (auto expect = headers.find("expect"); expect && !http_1_0_) {
    if (!iequals(*expect, "100-continue")) return malformed("expect", "the only expectation is 100-continue");
    wants_continue_ = !length_ || *length_ > 0;
  }
  return {};
}

std::expected<void, Refusal> RequestParser::check_host() {
  auto count = request_.headers.count("host");
  if (count > 1) return malformed("host", "Host is given more than once");
  if (count == 0) {
    if (!http_1_0_) return malformed("host", "Host is missing");
    request_.host.clear();
    return {};
  }
  auto host = request_.headers.get("host");
  if (!valid_host(host)) return malformed("host", "Host is malformed");
  request_.host = host;
  for (char& c : request_.host) c = ascii_lower(c);
  return {};
}

std::expected<std::size_t, Refusal> RequestParser::feed_chunked(std::string_view bytes, std::size_t limit) {
  body_limit_ = limit;
  std::size_t consumed = 0;
  while (!is_done() && consumed < bytes.size()) {
    Code error;
    auto step = put(boost::asio::buffer(bytes.substr(consumed)), error);
    consumed += step;
    if (refusal_) return std::unexpected(*refusal_);
    if (error == beast_http::error::need_more) break;
    if (error) return malformed("chunk", "the chunked body is malformed");
  }
  return consumed;
}

void RequestParser::on_request_impl(beast_http::verb, View method, View target, int version, Code&) {
  request_.method = http::parse_method(to_std(method));
  request_.target = to_std(target);
  http_1_0_ = version == 10;
}

void RequestParser::on_field_impl(beast_http::field, View name, View value, Code& error) {
  if (++fields_ > limits_.header_count) {
    refusal_ = Refusal{ErrorCode::headers_too_large, "too_many_fields", "there are too many header fields"};
    error = beast_http::error::header_limit;
    return;
  }
  if (in_body_) return;  // trailers: counted, and ignored
  if (has_control(to_std(value))) {
    error = beast_http::error::bad_value;
    return;
  }
  request_.headers.add(to_std(name), to_std(value));
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, View body, Code& error) {
  if (request_.body.size() + body.size() > body_limit_) {
    refusal_ =
        Refusal{ErrorCode::payload_too_large, "body_too_large", "the body is larger than this call takes"};
    error = beast_http::error::body_limit;
    return 0;
  }
  request_.body.append(body.data(), body.size());
  return body.size();
}

}  // namespace gatehouse::http
