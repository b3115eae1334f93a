#include "server/installation.h"

#include "crypto/hkdf.h"

namespace gatehouse::server {
namespace {

Result<std::string> dsn_for(const Installation& installation, const std::string& dsn, std::string_view role,
                            const SecretSource& source) {
  GH_TRY(auto password, read_secret(source, installation.folder.string()));
  return with_credentials(dsn, role, password);
}

Result<mail::MailOptions> mail_options(const Installation& installation, const MailSection& section) {
  std::vector<FieldError> fields;
  if (!section.url.starts_with("smtp://") && !section.url.starts_with("smtps://"))
    fields.push_back({"/mail/url", "bad_value", "must begin with smtp:// or smtps://"});
  if (!json::Email::parse(section.from))
    fields.push_back({"/mail/from", "bad_format", "must be an e-mail address"});
  if (!fields.empty())
    return fail(Error{.code = ErrorCode::validation_failed,
                      .detail = "The configuration is not valid",
                      .fields = std::move(fields)});
  mail::MailOptions options{
      .smtp = {.url = section.url,
               .requires_tls = *section.require_tls,
               .username = *section.username,
               .deadline = std::chrono::seconds(static_cast<std::int64_t>(*section.timeout_seconds))},
      .from = {.address = section.from, .name = *section.from_name}};
  if (!(*section.ca).empty()) options.smtp.ca_file = installation.path_of(*section.ca).string();
  if (section.password) {
    GH_TRY(auto password, read_secret(*section.password, installation.folder.string()));
    options.smtp.password = std::make_shared<const crypto::Secret>(std::move(password));
  }
  return options;
}

}  // namespace

std::map<Region, std::string> base_urls(const Installation& installation) {
  std::map<Region, std::string> urls;
  for (const auto& [name, address] : *installation.config.elsewhere) urls[*parse_region(name)] = address;
  for (const auto& [region, dsns] : installation.regions)
    if (!dsns.base_url.empty()) urls[region] = dsns.base_url;
  return urls;
}

Result<Installation> load_for_migration(const std::string& config_path) {
  Installation made;
  GH_TRY(made.config, load_config(config_path));
  made.folder = std::filesystem::absolute(config_path).parent_path();
  return made;
}

Result<Installation> load_installation(const std::string& config_path) {
  GH_TRY(auto made, load_for_migration(config_path));
  const auto& database = made.config.database;
  const auto& passwords = database.passwords;

  GH_TRY(made.control_dsn, dsn_for(made, database.control, "gatehouse_platform", passwords.platform));
  for (const auto& [name, region] : made.config.regions) {
    RegionDsns dsns{.base_url = *region.base_url};
    GH_TRY(dsns.app, dsn_for(made, region.product, "gatehouse_app", passwords.app));
    GH_TRY(dsns.platform, dsn_for(made, region.product, "gatehouse_platform", passwords.platform));
    GH_TRY(dsns.outbox, dsn_for(made, region.product, "gatehouse_audit", passwords.audit));
    GH_TRY(dsns.audit, dsn_for(made, region.audit, "gatehouse_audit", passwords.audit));
    GH_TRY(dsns.audit_reader, dsn_for(made, region.audit, "gatehouse_app", passwords.app));
    made.regions.emplace(*parse_region(name), std::move(dsns));
  }

  GH_TRY(auto master_text, read_secret(made.config.secrets.master_key, made.folder.string()));
  GH_TRY(auto master, vault::MasterKeys::parse(master_text));
  // Installation-wide keys come from the first master key, so that a rotation does not change what they
  // index.
  const crypto::Secret* root = nullptr;
  for (std::uint32_t version = 1; !root && version <= master.current_version(); ++version)
    root = master.find(version);
  auto secrets = std::make_shared<access::NodeSecrets>();
  secrets->page_tokens = crypto::hkdf_sha256(*root, {}, "gatehouse page tokens", 32);
  secrets->email_hashes = crypto::hkdf_sha256(*root, {}, "gatehouse e-mail hashes", 32);
  secrets->accounts = crypto::hkdf_sha256(*root, {}, "gatehouse accounts", 32);
  made.secrets = std::move(secrets);
  made.wrapper = std::make_unique<vault::MasterKeyWrapper>(std::move(master));

  if (made.config.mail) {
    GH_TRY(auto mail, mail_options(made, *made.config.mail));
    made.mail = std::move(mail);
  } else if (*made.config.sign_up->mode != identity::SignUpMode::closed && !*made.config.demo->enabled) {
    return fail(Error{
        .code = ErrorCode::validation_failed,
        .detail = "The configuration is not valid",
        .fields = {{"/sign_up/mode", "needs_mail", "needs the section [mail]: addresses are confirmed"}}});
  }

  GH_TRY(auto pem, read_secret(made.config.secrets.signing_key, made.folder.string()));
  GH_TRY(auto signing_key, crypto::SigningKey::from_pem(pem));
  made.signing_key = std::make_shared<const crypto::SigningKey>(std::move(signing_key));
  return made;
}

Result<std::string> owner_dsn(const Installation& installation, const std::string& dsn) {
  const auto& source = installation.config.database.passwords.owner;
  if (!source) return fail(ErrorCode::validation_failed, "Migrations need database.passwords.owner");
  return dsn_for(installation, dsn, "gatehouse_owner", *source);
}

}  // namespace gatehouse::server
