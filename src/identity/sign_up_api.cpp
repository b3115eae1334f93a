// Signing up: the account, its confirmation, and an organization to found or to join.
#include "identity/me.h"
#include "identity/operation_groups.h"
#include "identity/sign_up.h"
#include "json/bounded.h"
#include "tenancy/email_directory.h"

namespace gatehouse::identity {
namespace {

using access::Call;
using access::Created;
using access::Input;
using access::None;
using access::Permission;

using Sealed = json::Text<1, 8192>;

struct StartSignUp {
  json::Email email;
  json::Name<255> name;
  json::Text<1, 1024> password;
  std::optional<Language> language;
  /// Where the organization's data will live. To join one: it is known, and this is left out.
  std::optional<Region> region;
  /// The short name of an organization to join; left out: to found one.
  std::optional<json::Slug> organization;
};
BOOST_DESCRIBE_STRUCT(StartSignUp, (), (email, name, password, language, region, organization))

struct StartedSignUp {
  std::string sign_up;
  Timestamp expires_at;
  bool sent = false;
  std::optional<std::string> demo_code;  // the demo sends no mail
};
BOOST_DESCRIBE_STRUCT(StartedSignUp, (), (sign_up, expires_at, sent, demo_code))

struct ConfirmSignUp {
  Sealed sign_up;
  json::Text<1, 16> code;
};
BOOST_DESCRIBE_STRUCT(ConfirmSignUp, (), (sign_up, code))

struct ConfirmedSignUp {
  std::string sign_up;
};
BOOST_DESCRIBE_STRUCT(ConfirmedSignUp, (), (sign_up))

/// About the business; goes into the organization's attributes.
struct FounderProfile {
  std::optional<json::Text<1, 100>> industry;
  std::optional<json::Text<1, 50>> size;
  std::optional<json::Text<2, 2>> country;  // ISO 3166-1, capital letters
};
BOOST_DESCRIBE_STRUCT(FounderProfile, (), (industry, size, country))

struct FoundBody {
  Sealed sign_up;
  json::Name<255> name;
  json::Slug slug;
  json::Defaulted<DataMode> data_mode = DataMode::metadata_only;
  json::Defaulted<FounderProfile> profile;
};
BOOST_DESCRIBE_STRUCT(FoundBody, (), (sign_up, name, slug, data_mode, profile))

struct JoinBody {
  Sealed sign_up;
};
BOOST_DESCRIBE_STRUCT(JoinBody, (), (sign_up))

struct SlugQuery {
  json::Slug slug;
};
BOOST_DESCRIBE_STRUCT(SlugQuery, (), (slug))

struct OpenOrganizationView {
  std::string name;
  Region region;
};
BOOST_DESCRIBE_STRUCT(OpenOrganizationView, (), (name, region))

bool is_country(std::string_view text) {
  return text.size() == 2 && std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

Task<Result<Created<StartedSignUp>>> start(Identity& identity, Call& call, StartSignUp body) {
  auto email = tenancy::normalize_email(body.email.to_string());
  if (!email || (!body.organization && !body.region)) {
    std::vector<FieldError> fields;
    if (!email) fields.push_back({"/email", "bad_format", "must be an e-mail address"});
    if (!body.organization && !body.region) fields.push_back({"/region", "required", "is required"});
    co_return fail(invalid(std::move(fields)));
  }
  NewSignUp wanted{.email = std::move(*email),
                   .name = std::move(body.name).str(),
                   .password = crypto::Secret::take(std::move(body.password).str()),
                   .language = body.language ? body.language->to_string() : "en",
                   .region = body.region.value_or(Region::us)};
  if (body.organization) wanted.organization = body.organization->to_string();
  GH_CO_TRY(auto started, co_await start_sign_up(identity, call, std::move(wanted)));
  co_return Created<StartedSignUp>{{.sign_up = std::move(started.sign_up),
                                    .expires_at = started.expires_at,
                                    .sent = identity.options().mail,
                                    .demo_code = std::move(started.demo_code)}};
}

Task<Result<Me>> found(Identity& identity, Call& call, FoundBody body) {
  FoundOrganization wanted{.name = std::move(body.name).str(),
                           .slug = body.slug.to_string(),
                           .data_mode = *body.data_mode,
                           .profile = {}};
  auto& profile = *body.profile;
  if (profile.industry) wanted.profile["industry"] = profile.industry->str();
  if (profile.size) wanted.profile["size"] = profile.size->str();
  if (profile.country) {
    if (!is_country(profile.country->str()))
      co_return fail(invalid("/profile/country", "bad_format", "must be two capital letters"));
    wanted.profile["country"] = profile.country->str();
  }
  GH_CO_TRY(auto who, co_await found_organization(identity, call, body.sign_up.str(), std::move(wanted)));
  co_return co_await make_me(identity, call.reactor(), std::move(who));
}

access::OperationInfo anyones(std::string_view path, std::string_view id, std::string_view summary,
                              std::string_view action, std::vector<ErrorCode> failures) {
  return {.method = http::Method::post,
          .path = path,
          .id = id,
          .summary = summary,
          .tag = "sign-up",
          .permission = Permission::anyone,
          .audit_action = action,
          .rate = access::RateClass::sign_in,
          .body_limit = 32 * 1024,
          .failures = std::move(failures)};
}

}  // namespace

void add_sign_up_operations(access::Operations& operations, Identity& identity) {
  operations.add(
      anyones("/api/sign-up", "startSignUp",
              "Begin an account: a code goes to the address. The same answer whether it has an account",
              "sign_up.start", {ErrorCode::sign_up_closed, ErrorCode::not_found, ErrorCode::wrong_region}),
      [&identity](Call& call, Input<None, None, StartSignUp> in) {
        return start(identity, call, std::move(in.body));
      });

  operations.add(
      anyones("/api/sign-up/confirm", "confirmSignUp", "Confirm the address with the code that it was sent",
              "sign_up.confirm", {ErrorCode::invalid_link, ErrorCode::invalid_code}),
      [&identity](Call& call, Input<None, None, ConfirmSignUp> in) -> Task<Result<ConfirmedSignUp>> {
        GH_CO_TRY(auto confirmed,
                  co_await confirm_sign_up(identity, call, in.body.sign_up.str(), in.body.code.str()));
        co_return ConfirmedSignUp{std::move(confirmed)};
      });

  operations.add(anyones("/api/sign-up/organization", "foundOrganization",
                         "Found an organization on the Free plan as its administrator, and be signed in",
                         "session.create",
                         {ErrorCode::sign_up_closed, ErrorCode::invalid_link, ErrorCode::already_exists,
                          ErrorCode::conflict, ErrorCode::plan_limit_reached}),
                 [&identity](Call& call, Input<None, None, FoundBody> in) {
                   return found(identity, call, std::move(in.body));
                 });

  operations.add(anyones("/api/sign-up/join", "joinOrganization",
                         "Join an organization that takes people who come by themselves, and be signed in",
                         "session.create",
                         {ErrorCode::sign_up_closed, ErrorCode::invalid_link, ErrorCode::already_exists,
                          ErrorCode::conflict, ErrorCode::not_found, ErrorCode::plan_limit_reached}),
                 [&identity](Call& call, Input<None, None, JoinBody> in) -> Task<Result<Me>> {
                   GH_CO_TRY(auto who, co_await join_organization(identity, call, in.body.sign_up.str()));
                   co_return co_await make_me(identity, call.reactor(), std::move(who));
                 });

  auto info = anyones("/api/sign-up/organization", "getOpenOrganization",
                      "The name of an organization that takes people who come by themselves", "",
                      {ErrorCode::sign_up_closed, ErrorCode::not_found, ErrorCode::wrong_region});
  info.method = http::Method::get;
  operations.add(
      info, [&identity](Call& call, Input<None, SlugQuery> in) -> Task<Result<OpenOrganizationView>> {
        GH_CO_TRY(auto open,
                  co_await find_open_organization(identity, call.reactor(), in.query.slug.to_string()));
        co_return OpenOrganizationView{std::move(open.name), open.region};
      });
}

}  // namespace gatehouse::identity
