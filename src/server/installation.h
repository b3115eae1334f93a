// A configuration resolved into what the process runs with: DSNs with credentials, keys, folders.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "access/reactor.h"
#include "crypto/es256.h"
#include "mail/outbox.h"
#include "server/config.h"
#include "vault/key_hierarchy.h"
#include "vault/master_key.h"

namespace gatehouse::server {

struct RegionDsns {
  std::string app;           // product database as gatehouse_app
  std::string platform;      // product database as gatehouse_platform
  std::string outbox;        // product database as gatehouse_audit
  std::string audit;         // audit database as gatehouse_audit
  std::string audit_reader;  // audit database as gatehouse_app
  std::string base_url;
};

struct Installation {
  Config config;
  std::filesystem::path folder;  // of the configuration file
  std::string control_dsn;       // as gatehouse_platform
  std::map<Region, RegionDsns> regions;
  std::unique_ptr<vault::KeyWrapper> wrapper;
  std::shared_ptr<const access::NodeSecrets> secrets;
  std::shared_ptr<const crypto::SigningKey> signing_key;
  std::optional<mail::MailOptions> mail;

  std::filesystem::path path_of(const std::string& relative) const { return folder / relative; }
};

/// Where each region is reached, as far as the configuration says.
std::map<Region, std::string> base_urls(const Installation&);

/// Reads the configuration and every secret it names. Errors: what load_config gives; validation_failed for a
/// secret that is missing, weak or the published example.
Result<Installation> load_installation(const std::string& config_path);

/// Reads the configuration and no secret, for `migrate`: it needs the owner's password and nothing else.
Result<Installation> load_for_migration(const std::string& config_path);

/// The owner's DSN for a database of the configuration. Errors: validation_failed if no owner password is
/// set.
Result<std::string> owner_dsn(const Installation&, const std::string& dsn);

}  // namespace gatehouse::server
