// The console's files, read once into memory and served with ETag, compression and strict headers.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "http/message.h"

namespace gatehouse::http {

/// Immutable after load, so one object serves all reactors. Requests look names up in a table; no request
/// ever reaches the file system.
class StaticFiles {
 public:
  /// Reads every regular file below `directory` (symbolic links and dot files are skipped). `x.br` and `x.gz`
  /// beside `x` are taken as its compressed forms; those that are missing are made here for compressible
  /// types. Throws Failure if the directory cannot be read or the files exceed 256 MiB.
  static std::shared_ptr<const StaticFiles> load(const std::string& directory);

  /// The answer for a GET or HEAD of a known path, 304 included; for an unknown path without extension that
  /// accepts text/html, index.html (the application routes in the browser). Empty: not ours, answer 404.
  /// `/assets/` (hashed names) is cached for a year, everything else revalidated. Security headers included.
  std::optional<Response> find(const Request&) const;

  std::size_t files() const { return files_.size(); }

 private:
  struct Variant {
    std::shared_ptr<const std::string> content;  // null: none, or not smaller
    std::string etag;
  };
  struct File {
    std::string content_type;
    bool immutable = false;
    Variant identity, gzip, brotli;
  };
  Response serve(const File&, const Request&) const;

  std::unordered_map<std::string, File> files_;
};

}  // namespace gatehouse::http
