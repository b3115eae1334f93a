#include "http/static_files.h"

#include <array>
#include <filesystem>

#include <openssl/evp.h>

#include "base/error.h"
#include "base/file.h"
#include "http/compression.h"
#include "http/security_headers.h"
#include "http/syntax.h"

namespace gatehouse::http {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMaxTotal = 256ULL << 20;
// Start-up waits for these, so not the best levels; a build that wants those ships .br and .gz files.
constexpr int kGzipLevel = 6;
constexpr int kBrotliQuality = 5;

struct Type {
  std::string_view extension;
  std::string_view content_type;
  bool compressible;
};
constexpr std::array kTypes = {
    Type{".html", "text/html; charset=utf-8", true},
    Type{".js", "text/javascript; charset=utf-8", true},
    Type{".mjs", "text/javascript; charset=utf-8", true},
    Type{".css", "text/css; charset=utf-8", true},
    Type{".json", "application/json", true},
    Type{".webmanifest", "application/manifest+json", true},
    Type{".map", "application/json", true},
    Type{".svg", "image/svg+xml", true},
    Type{".txt", "text/plain; charset=utf-8", true},
    Type{".xml", "application/xml", true},
    Type{".wasm", "application/wasm", true},
    Type{".png", "image/png", false},
    Type{".jpg", "image/jpeg", false},
    Type{".webp", "image/webp", false},
    Type{".avif", "image/avif", false},
    Type{".ico", "image/x-icon", false},
    Type{".woff2", "font/woff2", false},
};

Type type_of(const fs::path& path) {
  auto extension = to_lower(path.extension().string());
  for (const auto& type : kTypes)
    if (type.extension == extension) return type;
  return {"", "application/octet-stream", false};
}

std::string etag_of(std::string_view content) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(content.data(), content.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
    throw Failure("SHA-256 failed");
  std::string out = "\"";
  for (unsigned i = 0; i < size; ++i) out += fmt::format("{:02x}", digest[i]);
  return out + '"';
}

bool matches(std::string_view if_none_match, std::string_view etag) {
  while (!if_none_match.empty()) {
    auto comma = if_none_match.find(',');
    auto one = trim(if_none_match.substr(0, comma));
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one == etag || one == "*") return true;
    if (comma == std::string_view::npos) break;
    if_none_match.remove_prefix(comma + 1);
  }
  return false;
}

}  // namespace

std::shared_ptr<const StaticFiles> StaticFiles::load(const std::string& directory) {
  auto loaded = std::make_shared<StaticFiles>();
  std::unordered_map<std::string, std::string> contents;
  std::uintmax_t total = 0;
  try {
    for (auto entry = fs::recursive_directory_iterator(directory);
         entry != fs::recursive_directory_iterator(); ++entry) {
      if (entry->path().filename().string().starts_with('.')) {
        entry.disable_recursion_pending();
        continue;
      }
      if (entry->is_symlink() || !entry->is_regular_file()) continue;
      total += entry->file_size();
      if (total > kMaxTotal) throw Failure(directory + " is too large to be served from memory");
      contents["/" + fs::relative(entry->path(), directory).generic_string()] = read_file(entry->path());
    }
  } catch (const fs::filesystem_error& error) {
    throw Failure(error.what());
  }
  for (const auto& [path, content] : contents) {
    bool is_variant = path.ends_with(".br") || path.ends_with(".gz");
    if (is_variant && contents.contains(path.substr(0, path.size() - 3))) continue;
    auto type = type_of(path);
    File& file = loaded->files_[path];
    file.content_type = type.content_type;
    file.immutable = path.starts_with("/assets/");
    auto keep = [&](Variant& variant, std::string bytes) {
      if (&variant != &file.identity && bytes.size() >= content.size()) return;
      variant.etag = etag_of(bytes);
      variant.content = std::make_shared<const std::string>(std::move(bytes));
    };
    keep(file.identity, content);
    auto compressed = [&](Variant& variant, const std::string& made_already, auto make) {
      if (auto found = contents.find(made_already); found != contents.end())
        keep(variant, found->second);
      else if (type.compressible)
        keep(variant, make());
    };
    compressed(file.brotli, path + ".br", [&] { return brotli(content, kBrotliQuality); });
    compressed(file.gzip, path + ".gz", [&] { return gzip(content, kGzipLevel); });
  }
  return loaded;
}

std::optional<Response> StaticFiles::find(const Request& request) const {
  if (request.method != Method::get && request.method != Method::head) return std::nullopt;
  auto file = files_.find(request.path == "/" ? "/index.html" : request.path);
  if (file == files_.end()) {
    auto name = std::string_view(request.path).substr(request.path.rfind('/') + 1);
    if (name.contains('.') || !request.headers.get("accept").contains("text/html")) return std::nullopt;
    file = files_.find("/index.html");
    if (file == files_.end()) return std::nullopt;
  }
  return serve(file->second, request);
}

Response StaticFiles::serve(const File& file, const Request& request) const {
  auto coding = negotiate_coding(request.headers.get("accept-encoding"));
  const Variant* variant = &file.identity;
  if (coding == Coding::brotli && file.brotli.content) variant = &file.brotli;
  if (coding == Coding::gzip && file.gzip.content) variant = &file.gzip;
  Response response{
      .headers = {{"content-type", file.content_type},
                  {"etag", variant->etag},
                  {"cache-control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache"},
                  {"vary", "accept-encoding"}}};
  add_page_security_headers(response.headers, request.tls);
  if (matches(request.headers.get("if-none-match"), variant->etag)) {
    response.status = 304;
    return response;
  }
  if (variant != &file.identity)
    response.headers.add("content-encoding", variant == &file.brotli ? "br" : "gzip");
  response.shared_body = variant->content;
  return response;
}

}  // namespace gatehouse::http
