#include "vault/master_key.h"

#include <bitset>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <sys/stat.h>

#include "crypto/aead.h"
#include "crypto/encoding.h"

namespace gatehouse::vault {
namespace {

using crypto::Secret;

constexpr std::size_t kSize = crypto::kAeadKeySize;

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) + 1 - begin);
}

std::optional<Secret> decode(std::string_view text) {
  auto bytes = text.size() == 2 * kSize ? crypto::from_hex(text) : crypto::from_base64(text);
  if (!bytes) return std::nullopt;
  return Secret::take(std::move(*bytes));
}

bool has_few_values(std::span<const std::uint8_t> key) {
  std::bitset<256> seen;
  for (std::uint8_t byte : key) seen.set(byte);
  return seen.count() < 16;
}

bool repeats_a_block(std::span<const std::uint8_t> key) {
  auto half = key.size() / 2;
  return std::ranges::equal(key.first(half), key.subspan(half));
}

bool is_progression(std::span<const std::uint8_t> key) {
  auto step = static_cast<std::uint8_t>(key[1] - key[0]);
  for (std::size_t i = 2; i < key.size(); ++i)
    if (static_cast<std::uint8_t>(key[i] - key[i - 1]) != step) return false;
  return true;
}

// A passphrase, or hexadecimal text that was base64-encoded once more.
bool is_readable(std::span<const std::uint8_t> key) {
  return std::ranges::all_of(key, [](std::uint8_t byte) { return byte >= 0x20 && byte < 0x7f; });
}

std::string_view fault(const Secret& key) {
  auto bytes = key.reveal_bytes();
  if (bytes.size() != kSize) return "is not 32 bytes long";
  if (is_example(key)) return "is the example from .env.example, which everybody has";
  if (has_few_values(bytes) || repeats_a_block(bytes) || is_progression(bytes) || is_readable(bytes))
    return "is not random";
  return {};
}

/// What is wrong with who may read or change the file; empty: nothing, or it is no file (a pipe).
std::string exposure(const std::string& path) {
  struct stat found{};
  if (stat(path.c_str(), &found) != 0 || !S_ISREG(found.st_mode)) return {};
  bool group_may_read = found.st_uid == 0;
  auto refused = static_cast<mode_t>(S_IRWXO | S_IWGRP | (group_may_read ? 0 : S_IRGRP));
  if ((found.st_mode & refused) == 0) return {};
  return fmt::format("{} has mode {:04o}: others could read or change it; make it 0600, or 0440 and root's",
                     path, found.st_mode & 07777);
}

std::unexpected<Error> invalid(std::uint32_t version, std::string_view what) {
  return fail(ErrorCode::validation_failed, "version " + std::to_string(version) + " of the master key " +
                                                std::string(what) +
                                                "; make one with `gatehouse keys generate`");
}

}  // namespace

Result<MasterKeys> MasterKeys::parse(const Secret& text) {
  MasterKeys keys;
  std::string_view rest = text.reveal();
  while (!rest.empty()) {
    std::size_t end = std::min(rest.find_first_of(",\n"), rest.size());
    std::string_view entry = trim(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (entry.empty()) continue;
    std::uint32_t version = 1;
    if (std::size_t colon = entry.find(':'); colon != entry.npos) {
      std::string_view number = trim(entry.substr(0, colon));
      auto [parsed_to, error] = std::from_chars(number.data(), number.data() + number.size(), version);
      if (error != std::errc{} || parsed_to != number.data() + number.size() || version == 0)
        return fail(ErrorCode::validation_failed, "a master key's version is a number from 1");
      entry = trim(entry.substr(colon + 1));
    }
    auto key = decode(entry);
    if (!key) return invalid(version, "is neither hexadecimal nor base64");
    if (std::string_view what = fault(*key); !what.empty()) return invalid(version, what);
    if (!keys.keys_.emplace(version, std::move(*key)).second) return invalid(version, "is given twice");
  }
  if (keys.keys_.empty())
    return fail(ErrorCode::validation_failed, "no master key; make one with `gatehouse keys generate`");
  return keys;
}

Result<MasterKeys> MasterKeys::load_file(const std::string& path) {
  GH_TRY(Secret text, read_secret_file(path));
  return parse(text);
}

Result<MasterKeys> MasterKeys::load_environment(const char* name) {
  const char* value = std::getenv(name);
  if (!value || *value == '\0')
    return fail(ErrorCode::validation_failed, std::string("no master key: ") + name + " is not set");
  return parse(Secret::copy_of(std::string_view(value)));
}

Secret MasterKeys::generate_text() {
  return Secret::take(crypto::to_hex(Secret::random(kSize).reveal_bytes()));
}

const Secret* MasterKeys::find(std::uint32_t version) const {
  auto found = keys_.find(version);
  return found == keys_.end() ? nullptr : &found->second;
}

bool is_example(const Secret& key) {
  auto example = crypto::from_hex(kExampleMasterKey);
  return crypto::equal(key, Secret::copy_of(*example));
}

Result<Secret> read_secret_file(const std::string& path, std::size_t limit) {
  std::ifstream file;
  // Unbuffered, so that no copy stays in the stream's buffer.
  file.rdbuf()->pubsetbuf(nullptr, 0);
  file.open(path, std::ios::binary);
  std::string text(limit + 1, '\0');
  if (file) file.read(text.data(), static_cast<std::streamsize>(text.size()));
  auto size = static_cast<std::size_t>(file.gcount());
  bool failed = !file.is_open() || file.bad();
  Secret secret = Secret::copy_of(std::string_view(text).substr(0, size));
  crypto::wipe_text(text);
  if (failed) return fail(ErrorCode::validation_failed, "cannot read " + path);
  if (auto what = exposure(path); !what.empty()) return fail(ErrorCode::validation_failed, std::move(what));
  if (size > limit) return fail(ErrorCode::validation_failed, path + " is longer than a secret can be");
  return secret;
}

}  // namespace gatehouse::vault
