#include "base/file.h"

#include <fstream>
#include <iterator>

#include "base/error.h"

namespace gatehouse {

std::optional<std::string> find_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  // A folder opens, and gives an error only when it is read.
  if (!in || std::filesystem::is_directory(path)) return std::nullopt;
  std::string text{std::istreambuf_iterator<char>(in), {}};
  return in.bad() ? std::nullopt : std::optional(std::move(text));
}

std::string read_file(const std::filesystem::path& path) {
  auto text = find_file(path);
  if (!text) throw Failure("cannot read " + path.string());
  return std::move(*text);
}

}  // namespace gatehouse
