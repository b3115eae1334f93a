// The subcommands, each a function that prints and returns the process's exit code: 0 done, 1 it failed.
#pragma once

#include <string>
#include <string_view>

namespace gatehouse::server {

inline constexpr std::string_view kVersion = "0.1.0";

int serve(const std::string& config);

int migrate_up(const std::string& config);
int migrate_down(const std::string& config, const std::string& database, int to);
int migrate_status(const std::string& config);

struct AuditOptions {
  std::string region;
  std::string organization;
  std::string file;
  std::string format = "jsonl";
  std::string from;
  std::string to;
  std::string expect;
  bool partial = false;
};
/// 0 sound, 2 tampered, 3 truncated, 4 unreadable, 5 sound but not the whole chain, 1 it could not be looked
/// at.
int audit_verify(const std::string& config, const AuditOptions&);
int audit_export(const std::string& config, const AuditOptions&);

struct OperatorOptions {
  std::string email;
  std::string name;
};
int create_super_admin(const std::string& config, const OperatorOptions&);
/// For an operator who lost password or second factor. The new password is read from standard input.
int reset_super_admin(const std::string& config, const std::string& email);
/// For an organization that turned passwords off and lost its identity provider.
int allow_passwords(const std::string& config, const std::string& organization);

struct DomainOptions {
  std::string organization;  // its id
  std::string domain;
};
/// The operator's word that a domain is the organization's, in place of a TXT record.
int verify_domain(const std::string& config, const DomainOptions&);

/// `master` or `signing`.
int generate_key(std::string_view kind);
int print_openapi();
/// docs/permissions.md.
int print_permissions();
/// docs/errors.md.
int print_errors();
int check_config(const std::string& config);

}  // namespace gatehouse::server
