#include "http/compression.h"

#include <brotli/encode.h>
#include <limits>
#include <zlib.h>

#include "base/error.h"
#include "http/syntax.h"

namespace gatehouse::http {
namespace {

constexpr std::size_t kWorthwhile = 1024;
// Per request, speed counts: these cost about as much as serialising the JSON did.
constexpr int kGzipLevel = 1;
constexpr int kBrotliQuality = 2;

bool is_text(std::string_view type) {
  type = trim(type.substr(0, type.find(';')));
  if (iequals(type, "text/event-stream")) return false;
  return type.starts_with("text/") || type == "application/json" || type.ends_with("+json") ||
         type == "application/javascript" || type == "application/xml";
}

// A weight is `0` to `1` with three decimals; all that matters here is whether it is zero.
bool refused(std::string_view parameters) {
  auto q = parameters.find("q=");
  if (q == std::string_view::npos) return false;
  auto weight = trim(parameters.substr(q + 2));
  return weight.starts_with('0') && weight.find_first_not_of("0.") == std::string_view::npos;
}

}  // namespace

Coding negotiate_coding(std::string_view accept) {
  bool gzip_ok = false, brotli_ok = false, any = false, gzip_named = false, brotli_named = false;
  while (!accept.empty()) {
    auto comma = accept.find(',');
    auto element = trim(accept.substr(0, comma));
    accept.remove_prefix(comma == std::string_view::npos ? accept.size() : comma + 1);
    auto semicolon = element.find(';');
    auto name = trim(element.substr(0, semicolon));
    bool ok = semicolon == std::string_view::npos || !refused(element.substr(semicolon));
    if (iequals(name, "br")) {
      brotli_named = true;
      brotli_ok = ok;
    } else if (iequals(name, "gzip") || iequals(name, "x-gzip")) {
      gzip_named = true;
      gzip_ok = ok;
    } else if (name == "*") {
      any = ok;
    }
  }
  if (brotli_ok || (any && !brotli_named)) return Coding::brotli;
  if (gzip_ok || (any && !gzip_named)) return Coding::gzip;
  return Coding::identity;
}

std::string gzip(std::string_view data, int level) {
  if (data.size() > std::numeric_limits<uInt>::max()) throw Failure("too large to compress at once");
  z_stream stream{};
  constexpr int kGzipWindow = 15 + 16;
  if (deflateInit2(&stream, level, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw Failure("zlib does not start");
  std::string out(deflateBound(&stream, static_cast<uLong>(data.size())), '\0');
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(data.data()));
  stream.avail_in = static_cast<uInt>(data.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  int code = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (code != Z_STREAM_END) throw Failure("zlib does not finish");
  return out;
}

std::string brotli(std::string_view data, int quality) {
  std::size_t size = BrotliEncoderMaxCompressedSize(data.size());
  std::string out(size, '\0');
  if (BrotliEncoderCompress(quality, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, data.size(),
                            reinterpret_cast<const std::uint8_t*>(data.data()), &size,
                            reinterpret_cast<std::uint8_t*>(out.data())) != BROTLI_TRUE)
    throw Failure("brotli does not finish");
  out.resize(size);
  return out;
}

void compress(const Request& request, Response& response) {
  if (response.content().size() < kWorthwhile || response.headers.contains("content-encoding") ||
      !is_text(response.headers.get("content-type")))
    return;
  response.headers.add("vary", "accept-encoding");
  auto coding = negotiate_coding(request.headers.get("accept-encoding"));
  if (coding == Coding::identity) return;
  response.body = coding == Coding::brotli ? brotli(response.content(), kBrotliQuality)
                                           : gzip(response.content(), kGzipLevel);
  response.shared_body = nullptr;
  response.headers.add("content-encoding", coding == Coding::brotli ? "br" : "gzip");
}

}  // namespace gatehouse::http
