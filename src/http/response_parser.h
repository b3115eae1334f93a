// An answer's head and body by Beast's parser, handing the body out as views; internal to http/.
#pragma once

#include <string_view>

#include <boost/beast/http/basic_parser.hpp>

#include "http/message.h"

namespace gatehouse::http {

class ResponseParser final : public boost::beast::http::basic_parser<false> {
 public:
  ResponseParser(bool to_head_request, std::size_t max_header_bytes);

  int status() const { return status_; }
  Headers& headers() { return headers_; }

  enum class Outcome { more, progress, failed };
  /// Consumes from the front of `bytes`; `body` gets the piece of body that was found, if any. `more`:
  /// nothing can be done before further bytes. `progress` covers completion: see is_done().
  Outcome feed(std::string_view bytes, std::size_t& consumed, std::string_view& body);
  /// The connection ended. True if that was the answer's proper end.
  bool feed_eof();

 private:
  using Code = boost::beast::error_code;
  using View = boost::beast::string_view;

  void on_request_impl(boost::beast::http::verb, View, View, int, Code&) override {}
  void on_response_impl(int status, View, int, Code&) override { status_ = status; }
  void on_field_impl(boost::beast::http::field, View name, View value, Code&) override;
  void on_header_impl(Code&) override { head_done_ = true; }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, Code&) override {}
  std::size_t on_body_impl(View body, Code&) override;
  void on_chunk_header_impl(std::uint64_t, View, Code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, View body, Code&) override;
  void on_finish_impl(Code&) override {}

  int status_ = 0;
  bool head_done_ = false;
  Headers headers_;
  std::string_view piece_;
};

}  // namespace gatehouse::http
