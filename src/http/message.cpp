#include "http/message.h"

#include <boost/asio/ip/address.hpp>

#include "base/error.h"
#include "http/syntax.h"

namespace gatehouse::http {

std::string_view to_string(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::head:
      return "HEAD";
    case Method::post:
      return "POST";
    case Method::put:
      return "PUT";
    case Method::patch:
      return "PATCH";
    case Method::delete_:
      return "DELETE";
    case Method::options:
      return "OPTIONS";
    case Method::other:
      break;
  }
  return {};
}

Method parse_method(std::string_view name) {
  for (auto method : {Method::get, Method::post, Method::head, Method::put, Method::patch, Method::delete_,
                      Method::options})
    if (name == to_string(method)) return method;
  return Method::other;
}

bool is_safe(Method method) {
  return method == Method::get || method == Method::head || method == Method::options;
}

bool is_idempotent(Method method) {
  return is_safe(method) || method == Method::put || method == Method::delete_;
}

bool iequals(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i] != b[i] && ascii_lower(a[i]) != ascii_lower(b[i])) return false;
  return true;
}

bool has_token(std::string_view list, std::string_view token) {
  while (!list.empty()) {
    auto comma = list.find(',');
    if (iequals(trim(list.substr(0, comma)), token)) return true;
    if (comma == std::string_view::npos) break;
    list.remove_prefix(comma + 1);
  }
  return false;
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 100:
      return "Continue";
    case 101:
      return "Switching Protocols";
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 206:
      return "Partial Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 402:
      return "Payment Required";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 421:
      return "Misdirected Request";
    case 422:
      return "Unprocessable Content";
    case 428:
      return "Precondition Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Unknown";
  }
}

Headers::Headers(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
  for (auto [name, value] : fields) add(name, value);
}

std::pair<std::string_view, std::string_view> Headers::at(std::size_t index) const {
  const Entry& entry = entries_[index];
  std::string_view text(text_);
  return {text.substr(entry.offset, entry.name_size),
          text.substr(entry.offset + entry.name_size + 2, entry.value_size)};
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (entries_[i].name_size != name.size()) continue;
    auto [key, value] = at(i);
    if (iequals(key, name)) return value;
  }
  return std::nullopt;
}

std::size_t Headers::count(std::string_view name) const {
  std::size_t n = 0;
  for (auto [key, value] : *this) n += iequals(key, name) ? 1 : 0;
  return n;
}

void Headers::add(std::string_view name, std::string_view value) {
  if (!is_token(name)) throw Failure("not a header name");
  if (has_control(value)) throw Failure("control character in the value of header " + std::string(name));
  entries_.push_back({static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(name.size()),
                      static_cast<std::uint32_t>(value.size())});
  text_.append(name).append(": ").append(value).append("\r\n");
}

void Headers::set(std::string_view name, std::string_view value) {
  remove(name);
  add(name, value);
}

void Headers::remove(std::string_view name) {
  if (!contains(name)) return;
  Headers kept;
  for (auto [key, value] : *this)
    if (!iequals(key, name)) kept.add(key, value);
  *this = std::move(kept);
}

void Headers::clear() {
  text_.clear();
  entries_.clear();
}

void Headers::write_to(std::string& out) const {
  out += text_;
}

std::optional<std::string_view> Request::find_query(std::string_view name) const {
  for (const auto& [key, value] : query)
    if (key == name) return value;
  return std::nullopt;
}

std::string decode_segment(std::string_view segment) {
  std::string out;
  for (;;) {
    auto at = segment.find("%2F");
    out += segment.substr(0, at);
    if (at == std::string_view::npos) return out;
    out += '/';
    segment.remove_prefix(at + 3);
  }
}

Response json_response(int status, std::string body) {
  return {.status = status, .headers = {{"content-type", "application/json"}}, .body = std::move(body)};
}

}  // namespace gatehouse::http
