// The master keys, from a file or the environment: the root of the built-in key hierarchy.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/error.h"
#include "crypto/secret.h"

namespace gatehouse::vault {

/// The value that `deploy/.env.example` shows, in hexadecimal. Everybody has it, so `parse` refuses it.
inline constexpr std::string_view kExampleMasterKey =
    "67617465686f757365206578616d706c653a206e657665722075736520697421";

/// Master keys by version. The highest version wraps; the others still unwrap, so that the master key can be
/// rotated while requests run: add the new version, rewrap, remove the old one.
class MasterKeys {
 public:
  /// Text with one key, or several as `version:key` separated by commas or line ends, versions from 1:
  ///   `<key>`               version 1
  ///   `1:<key>,2:<key>`
  /// A key is exactly 32 bytes in hexadecimal or base64. Error: validation_failed, naming the version and
  /// what is wrong with it, never the key: missing, not 32 bytes, the example, a version given twice, or not
  /// random (fewer than 16 different bytes, a repeated block, an even progression, or readable text: each a
  /// chance under 2^-40 for 32 random bytes).
  static Result<MasterKeys> parse(const crypto::Secret& text);
  /// Reads and parses a file of at most 64 KiB. Blocks: at start only. Errors as `parse`; validation_failed
  /// also if the file cannot be read.
  static Result<MasterKeys> load_file(const std::string& path);
  /// Parses an environment variable. Error as `parse`; validation_failed if it is unset or empty.
  static Result<MasterKeys> load_environment(const char* name);

  /// A fresh key in `parse`'s form, for `gatehouse keys generate`.
  static crypto::Secret generate_text();

  std::uint32_t current_version() const { return keys_.rbegin()->first; }
  /// Null if there is no such version.
  const crypto::Secret* find(std::uint32_t version) const;

 private:
  MasterKeys() = default;
  std::map<std::uint32_t, crypto::Secret> keys_;  // never empty
};

/// Whether the decoded key is the example.
bool is_example(const crypto::Secret& key);

/// A whole file of at most `limit` bytes as a Secret, for keys and passwords given by file. Blocks.
/// Error: validation_failed, with the path; also if others than its owner may read or change it, whoever we
/// are. A group may read it where root owns it: so come credentials of systemd and secrets of containers.
Result<crypto::Secret> read_secret_file(const std::string& path, std::size_t limit = 65536);

}  // namespace gatehouse::vault
