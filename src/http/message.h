// HTTP messages as plain values, shared by server and client. Knows no sockets and no tenants.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/ip/address.hpp>

#include "http/trace.h"

namespace gatehouse::http {

enum class Method : std::uint8_t { get, head, post, put, patch, delete_, options, other };

/// Upper-case wire name; `other` gives an empty view.
std::string_view to_string(Method);
Method parse_method(std::string_view);
/// GET, HEAD, OPTIONS: may be repeated and need no CSRF check.
bool is_safe(Method);
/// Safe methods, PUT and DELETE (RFC 9110 §9.2.2).
bool is_idempotent(Method);

/// ASCII only, as header names and tokens need it.
bool iequals(std::string_view, std::string_view);
/// Is `token` one of the comma-separated elements of `list`? Case-insensitive (`Connection: close, te`).
bool has_token(std::string_view list, std::string_view token);
/// The standard reason phrase, or "Unknown".
std::string_view reason_phrase(int status);

/// Header fields in order of arrival, names compared without case. Two allocations in all, kept over
/// `clear()`. Views that it returns live until the next change.
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<std::pair<std::string_view, std::string_view>>);

  /// The first field of this name.
  std::optional<std::string_view> find(std::string_view name) const;
  /// As find, or empty.
  std::string_view get(std::string_view name) const { return find(name).value_or(std::string_view{}); }
  bool contains(std::string_view name) const { return find(name).has_value(); }
  std::size_t count(std::string_view name) const;

  /// Appends. Throws Failure if the name is not a token or the value has a control character (CR, LF,
  /// NUL, …): a value that comes from outside must be checked before it comes here.
  void add(std::string_view name, std::string_view value);
  /// Replaces every field of this name by one.
  void set(std::string_view name, std::string_view value);
  void remove(std::string_view name);
  void clear();

  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  /// Name and value at `index` < size().
  std::pair<std::string_view, std::string_view> at(std::size_t index) const;
  /// All as the wire has them, `name: value\r\n` each, appended to `out`.
  void write_to(std::string& out) const;

  class Iterator {
   public:
    Iterator(const Headers* headers, std::size_t index) : headers_(headers), index_(index) {}
    std::pair<std::string_view, std::string_view> operator*() const { return headers_->at(index_); }
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    bool operator==(const Iterator&) const = default;

   private:
    const Headers* headers_;
    std::size_t index_;
  };
  Iterator begin() const { return {this, 0}; }
  Iterator end() const { return {this, size()}; }

 private:
  // `name: value\r\n` stands at `offset` in text_, so that writing is one copy.
  struct Entry {
    std::uint32_t offset;
    std::uint32_t name_size;
    std::uint32_t value_size;
  };
  std::string text_;
  std::vector<Entry> entries_;
};

struct RemoteAddress {
  boost::asio::ip::address ip;
  std::uint16_t port = 0;

  std::string to_string() const { return ip.to_string(); }
};

/// What the TLS handshake proved about the client (mTLS). Its chain was verified against the configured CA.
struct ClientCertificate {
  std::string subject;             // RFC 2253
  std::string serial;              // hex, upper case
  std::string fingerprint_sha256;  // hex, lower case, of the DER form
  std::vector<std::string> dns_names;
  std::vector<std::string> uris;  // SPIFFE ids stand here
};

struct Request {
  Method method = Method::get;
  std::string target;  // as sent: path and query
  /// Percent-decoded, valid UTF-8, no control characters, no dot segments, no doubled slash; starts with
  /// `/`. An encoded slash stays `%2F`, so that it does not make a segment: see decode_segment().
  std::string path;
  /// Decoded (`+` is a space), in order.
  std::vector<std::pair<std::string, std::string>> query;
  Headers headers;
  std::string body;
  RemoteAddress peer;  // the client, after trusted-proxy resolution
  std::string host;    // lower case, with port if sent; after trusted-proxy resolution; empty in HTTP/1.0
  std::string request_id;
  TraceContext trace;
  bool tls = false;  // the client's hop is encrypted, be it here or at a trusted proxy
  std::shared_ptr<const ClientCertificate> client_certificate;

  /// The first query parameter of this name.
  std::optional<std::string_view> find_query(std::string_view name) const;
};

/// A segment of Request::path with its `%2F` turned back into slashes (`demo%2Fecho` → `demo/echo`).
std::string decode_segment(std::string_view);

struct Response {
  int status = 200;
  Headers headers;
  std::string body;
  /// Sent instead of `body` when set: large constant bodies are shared, not copied.
  std::shared_ptr<const std::string> shared_body = nullptr;

  std::string_view content() const { return shared_body ? std::string_view(*shared_body) : body; }
};

/// A response with `content-type: application/json`.
Response json_response(int status, std::string body);

}  // namespace gatehouse::http
