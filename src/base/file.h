// Whole files, blocking: for start-up and the command line, never on a reactor.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace gatehouse {

/// Every byte of it; none if there is no such file or it cannot be read.
std::optional<std::string> find_file(const std::filesystem::path&);
/// Throws Failure, with the path, if it cannot be read.
std::string read_file(const std::filesystem::path&);

}  // namespace gatehouse
