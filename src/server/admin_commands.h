// `gatehouse admin plans …` and `gatehouse admin tenants …`: what the operator's console does, without HTTP.
// Recorded in the same chains, as the system's.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace gatehouse::server {

/// Adds the commands below `admin`. `config` and `exit_code` outlive the parsing.
void add_admin_commands(CLI::App& admin, const std::string& config, int& exit_code);

}  // namespace gatehouse::server
