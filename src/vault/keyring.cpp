#include "vault/keyring.h"

#include <optional>

#include "pg/params.h"
#include "pg/statement.h"

namespace gatehouse::vault {
namespace {

using namespace std::chrono_literals;

constexpr auto kDeadline = 10s;
constexpr std::size_t kCachedOrganizations = 1'000;
constexpr std::size_t kCachedPeople = 20'000;
constexpr std::chrono::seconds kTimeToLive{60};

constexpr pg::Statement kNewestKey{
    "vault.newest_key",
    "select version, wrapped_key from organization_keys where organization_id = $1 and retired_at is null"
    " order by version desc limit 1"};
constexpr pg::Statement kKeyByVersion{
    "vault.key_by_version",
    "select version, wrapped_key from organization_keys where organization_id = $1 and version = $2"};
constexpr pg::Statement kInsertKey{"vault.insert_key",
                                   "insert into organization_keys (organization_id, version, master_version, "
                                   "wrapped_key) values ($1, $2, $3, $4)"};
constexpr pg::Statement kPersonKey{
    "vault.person_key",
    "select key_version, wrapped_key from person_keys where organization_id = $1 and user_id = $2"};
// Two nodes may make the person's first key at once: the row that got there first counts.
constexpr pg::Statement kInsertPersonKey{
    "vault.insert_person_key",
    "insert into person_keys (organization_id, user_id, key_version, wrapped_key) values ($1, $2, $3, $4)"
    " on conflict do nothing"};

struct KeyRow {
  int version;
  crypto::Bytes wrapped_key;
};
BOOST_DESCRIBE_STRUCT(KeyRow, (), (version, wrapped_key))

struct PersonKeyRow {
  int key_version;
  std::optional<crypto::Bytes> wrapped_key;
};
BOOST_DESCRIBE_STRUCT(PersonKeyRow, (), (key_version, wrapped_key))

template <class T>
T require(Result<T> result, const char* what) {
  if (!result) throw Failure(what);
  return std::move(*result);
}

}  // namespace

Keyring::Keyring(KeyWrapper& wrapper, pg::Pool& pool)
    : wrapper_(wrapper),
      pool_(pool),
      organization_keys_(kCachedOrganizations, kTimeToLive),
      person_keys_(kCachedPeople, kTimeToLive) {}

// Which one is the newest may change within the time to live, and both seal.
std::shared_ptr<const OrganizationKey> Keyring::newest_known(OrganizationId organization) {
  auto known = newest_.find(organization);
  if (known == newest_.end()) return nullptr;
  return organization_keys_.find({organization.value, {}, known->second},
                                 KeyCache<OrganizationKey>::Clock::now());
}

Task<std::shared_ptr<const OrganizationKey>> Keyring::organization_key(OrganizationId organization) {
  if (auto key = newest_known(organization)) co_return key;
  auto turn = co_await loading_organizations_.enter(organization);
  if (auto key = newest_known(organization)) co_return key;
  auto rows = co_await pool_.run(pg::Batch(kNewestKey, pg::params(organization)), pg::within(kDeadline));
  auto row = rows[0].find_one<KeyRow>();
  if (!row) throw Failure("the organization has no key");
  auto version = static_cast<std::uint32_t>(row->version);
  auto key = require(co_await unwrap_organization_key(wrapper_, organization.value, version,
                                                      WrappedKey{std::move(row->wrapped_key)}),
                     "the organization's key does not unwrap: was the master key changed?");
  organization_keys_.put(key, KeyCache<OrganizationKey>::Clock::now());
  newest_[organization] = version;
  co_return key;
}

Task<std::shared_ptr<const OrganizationKey>> Keyring::organization_key(OrganizationId organization,
                                                                       std::uint32_t version) {
  auto known = [&] {
    return organization_keys_.find({organization.value, {}, version},
                                   KeyCache<OrganizationKey>::Clock::now());
  };
  if (auto key = known()) co_return key;
  auto turn = co_await loading_organizations_.enter(organization);
  if (auto key = known()) co_return key;
  auto rows = co_await pool_.run(
      pg::Batch(kKeyByVersion, pg::params(organization, static_cast<int>(version))), pg::within(kDeadline));
  auto row = rows[0].find_one<KeyRow>();
  if (!row) throw Failure("the organization has no key of this version");
  auto key = require(co_await unwrap_organization_key(wrapper_, organization.value, version,
                                                      WrappedKey{std::move(row->wrapped_key)}),
                     "the organization's key does not unwrap: was the master key changed?");
  organization_keys_.put(key, KeyCache<OrganizationKey>::Clock::now());
  co_return key;
}

Task<std::shared_ptr<const PersonKey>> Keyring::person_key(OrganizationId organization, UserId user) {
  auto known = [&] {
    return person_keys_.find({organization.value, user.value, 1}, KeyCache<PersonKey>::Clock::now());
  };
  if (auto key = known()) co_return key;
  auto turn = co_await loading_people_.enter(user);
  if (auto key = known()) co_return key;
  auto clock = KeyCache<PersonKey>::Clock::now();
  for (int attempt = 0; attempt < 2; ++attempt) {
    auto rows =
        co_await pool_.run(pg::Batch(kPersonKey, pg::params(organization, user)), pg::within(kDeadline));
    if (auto row = rows[0].find_one<PersonKeyRow>()) {
      if (!row->wrapped_key) co_return nullptr;
      auto sealed = require(Sealed::from_bytes(std::move(*row->wrapped_key)), "a person's key is malformed");
      auto organization_key_of = co_await organization_key(organization, sealed.key_version());
      auto key = require(unwrap_person_key(*organization_key_of, user.value,
                                           static_cast<std::uint32_t>(row->key_version), sealed),
                         "a person's key does not unwrap");
      person_keys_.put(key, clock);
      co_return key;
    }
    auto wrapping = co_await organization_key(organization);
    auto made = generate_person_key(organization.value, user.value);
    auto sealed = wrap_person_key(*wrapping, made);
    co_await pool_.run(
        pg::Batch(kInsertPersonKey,
                  pg::params(organization, user, static_cast<int>(made.version()), sealed.bytes)),
        pg::within(kDeadline));
  }
  throw Failure("a person's key could not be made");
}

Task<pg::Batch> Keyring::new_organization_key(OrganizationId organization) {
  co_return (co_await make_organization_key(organization)).statements;
}

Task<Keyring::NewKey> Keyring::make_organization_key(OrganizationId organization) {
  // A key does not move (it counts its uses), so it is built in place.
  std::shared_ptr<const OrganizationKey> key(
      new OrganizationKey(generate_organization_key(organization.value)));
  auto wrapped =
      require(co_await wrap_organization_key(wrapper_, key), "the organization's key does not wrap");
  pg::Batch insert(kInsertKey, pg::params(organization, static_cast<int>(key->version()), 1, wrapped.bytes));
  co_return NewKey{std::move(key), std::move(insert)};
}

Task<Sealed> Keyring::seal(SealContext context, crypto::Secret plaintext) {
  auto key = co_await organization_key(OrganizationId{context.organization});
  co_return seal_field(*key, context, plaintext.reveal());
}

Task<Result<crypto::Secret>> Keyring::open(SealContext context, Sealed sealed) {
  auto key = co_await organization_key(OrganizationId{context.organization}, sealed.key_version());
  co_return open_field(*key, context, sealed);
}

}  // namespace gatehouse::vault
