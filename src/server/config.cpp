#include "server/config.h"

#include <cstdlib>
#include <filesystem>

#include <libpq-fe.h>
#include <toml++/toml.h>

#include "vault/master_key.h"

extern char** environ;

namespace gatehouse::server {
namespace {

json::Value to_json(const toml::node& node) {
  if (auto* table = node.as_table()) {
    json::Object object;
    for (auto&& [key, value] : *table) object[key.str()] = to_json(value);
    return object;
  }
  if (auto* array = node.as_array()) {
    json::Array items;
    for (auto&& item : *array) items.push_back(to_json(item));
    return items;
  }
  if (auto* text = node.as_string()) return json::Value(text->get());
  if (auto* number = node.as_integer()) return json::Value(number->get());
  if (auto* number = node.as_floating_point()) return json::Value(number->get());
  if (auto* flag = node.as_boolean()) return json::Value(flag->get());
  return json::Value(nullptr);  // dates: no key takes one, so the codec names the key
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

// Only names with a `__` are settings: GATEHOUSE_FAILPOINTS and variables that hold secrets are left alone.
void apply_environment(json::Object& config) {
  constexpr std::string_view kPrefix = "GATEHOUSE_";
  for (char** entry = environ; *entry; ++entry) {
    std::string_view text = *entry;
    auto equals = text.find('=');
    if (equals == std::string_view::npos || !text.starts_with(kPrefix)) continue;
    std::string_view name = text.substr(kPrefix.size(), equals - kPrefix.size());
    if (!name.contains("__")) continue;
    json::Object* at = &config;
    for (auto cut = name.find("__"); cut != std::string_view::npos; cut = name.find("__")) {
      auto& next = (*at)[lower(name.substr(0, cut))];
      if (!next.is_object()) next = json::Object{};
      at = &next.get_object();
      name.remove_prefix(cut + 2);
    }
    std::string_view raw = text.substr(equals + 1);
    auto parsed = json::parse(raw);
    (*at)[lower(name)] = parsed ? std::move(*parsed) : json::Value(raw);
  }
}

Error invalid(std::string pointer, std::string message) {
  return Error{.code = ErrorCode::validation_failed,
               .detail = pointer + " " + message,
               .fields = {{std::move(pointer), "bad_format", std::move(message)}}};
}

}  // namespace

Result<Config> load_config(const std::string& path) {
  json::Value document;
  try {
    document = to_json(toml::parse_file(path));
  } catch (const toml::parse_error& error) {
    auto line = error.source().begin.line;  // 0: of no line, but of the file
    auto where = line == 0 ? path : fmt::format("{}: line {}", path, line);
    return fail(ErrorCode::malformed_json, fmt::format("{}: {}", where, error.description()));
  }
  apply_environment(document.as_object());
  auto config = json::decode<Config>(document);
  if (!config) return config;
  if (config->regions.empty()) return fail(invalid("/regions", "needs at least one region"));
  for (const auto& [name, region] : config->regions)
    if (!parse_region(name)) return fail(invalid("/regions/" + name, "is no region: there are us and eu"));
  for (const auto& [name, address] : *config->elsewhere) {
    if (!parse_region(name)) return fail(invalid("/elsewhere/" + name, "is no region: there are us and eu"));
    if (config->regions.contains(name))
      return fail(
          invalid("/elsewhere/" + name, "is served here: its address is regions." + name + ".base_url"));
  }
  return config;
}

Result<crypto::Secret> read_secret(const SecretSource& source, const std::string& folder) {
  if (source.file.has_value() == source.env.has_value())
    return fail(ErrorCode::validation_failed, "A secret needs exactly one of `file` and `env`");
  if (source.env) {
    const char* value = std::getenv(source.env->c_str());
    if (!value || !*value)
      return fail(ErrorCode::validation_failed, "The environment variable " + *source.env + " is not set");
    return crypto::Secret::copy_of(std::string_view(value));
  }
  auto path = std::filesystem::path(folder) / *source.file;
  auto text = vault::read_secret_file(path.string());
  if (!text) return text;
  // Editors end a file with a line feed; no secret does.
  std::string_view trimmed = text->reveal();
  while (!trimmed.empty() && (trimmed.back() == '\n' || trimmed.back() == '\r')) trimmed.remove_suffix(1);
  return crypto::Secret::copy_of(trimmed);
}

std::string dsn_keyword(std::string_view key, std::string_view value) {
  std::string out(key);
  out += "='";
  for (char c : value) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + '\'';
}

Result<std::string> with_credentials(const std::string& dsn, std::string_view user,
                                     const crypto::Secret& password) {
  char* message = nullptr;
  std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(PQconninfoParse(dsn.c_str(), &message),
                                                                       &PQconninfoFree);
  std::unique_ptr<char, decltype(&PQfreemem)> owned(message, &PQfreemem);
  if (!options)
    return fail(ErrorCode::validation_failed, "A database DSN cannot be read: " + std::string(message));
  std::string out;
  auto add = [&](std::string_view key, std::string_view value) { out += dsn_keyword(key, value) + ' '; };
  for (auto* option = options.get(); option->keyword; ++option)
    if (option->val && std::string_view(option->keyword) != "user" &&
        std::string_view(option->keyword) != "password")
      add(option->keyword, option->val);
  add("user", user);
  add("password", password.reveal());
  return out;
}

}  // namespace gatehouse::server
