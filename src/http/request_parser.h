// The head of a request, and chunked bodies, by Beast's parser with stricter rules on top; internal to http/.
#pragma once

#include <optional>
#include <string_view>

#include <boost/beast/http/basic_parser.hpp>

#include "base/error.h"
#include "http/message.h"
#include "http/server.h"

namespace gatehouse::http {

/// Why a request is refused. `reason` is a fixed label for metrics; the connection is closed after it.
struct Refusal {
  ErrorCode code = ErrorCode::malformed_http;
  std::string_view reason;
  std::string_view detail;
};

/// Looks for the end of a head in bytes as they arrive. Finds early what must not be waited on: bare LF,
/// obs-fold, bytes that begin no request, lines and heads over the limit.
class HeadScanner {
 public:
  /// The head's size once it is whole, nothing if more is needed.
  std::expected<std::optional<std::size_t>, Refusal> scan(std::string_view bytes, const Limits&);
  void reset() { *this = {}; }

 private:
  std::size_t scanned_ = 0;
  bool in_fields_ = false;
};

class RequestParser final : public boost::beast::http::basic_parser<true> {
 public:
  RequestParser(Request& request, const Limits& limits);

  /// `head` is just what HeadScanner measured.
  std::expected<void, Refusal> parse_head(std::string_view head);

  bool wants_continue() const { return wants_continue_; }
  bool http_1_0() const { return http_1_0_; }
  /// 0 without a body; nothing for chunked.
  std::optional<std::uint64_t> length() const { return length_; }

  /// Feeds bytes of a chunked body, appended to the request's. Returns how many were consumed; call again
  /// with more unless is_done().
  std::expected<std::size_t, Refusal> feed_chunked(std::string_view bytes, std::size_t body_limit);

 private:
  using Code = boost::beast::error_code;
  using View = boost::beast::string_view;

  std::expected<void, Refusal> check_framing();
  std::expected<void, Refusal> check_host();

  void on_request_impl(boost::beast::http::verb, View method, View target, int version, Code&) override;
  void on_response_impl(int, View, int, Code&) override {}
  void on_field_impl(boost::beast::http::field, View name, View value, Code&) override;
  void on_header_impl(Code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, Code&) override {}
  std::size_t on_body_impl(View body, Code&) override { return body.size(); }
  void on_chunk_header_impl(std::uint64_t, View, Code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, View body, Code&) override;
  void on_finish_impl(Code&) override {}

  Request& request_;
  const Limits& limits_;
  std::size_t body_limit_ = 0;
  std::size_t fields_ = 0;
  std::optional<std::uint64_t> length_ = 0;
  std::optional<Refusal> refusal_;
  bool http_1_0_ = false;
  bool wants_continue_ = false;
  bool in_body_ = false;
};

}  // namespace gatehouse::http
