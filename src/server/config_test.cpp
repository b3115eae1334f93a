#include "server/config.h"

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"

namespace gatehouse::server {
namespace {

constexpr const char* kExample = "deploy/gatehouse.example.toml";

template <class T>
struct Inner {
  using type = T;
};
template <class T>
struct Inner<Defaulted<T>> : Inner<T> {};
template <class T>
struct Inner<std::optional<T>> : Inner<T> {};
template <class T>
struct Inner<std::map<std::string, T>> {
  using type = std::map<std::string, T>;
};

/// `[section] key` of everything that the type holds.
template <class T>
void collect(const std::string& section, std::set<std::string>& keys) {
  boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_public>>(
      [&](auto member) {
        using Member = typename Inner<std::remove_cvref_t<decltype(std::declval<T>().*member.pointer)>>::type;
        auto inside = section.empty() ? std::string(member.name) : section + "." + member.name;
        if constexpr (std::is_same_v<Member, std::map<std::string, RegionSection>>)
          collect<RegionSection>(inside + ".us", keys);
        else if constexpr (std::is_same_v<Member, std::map<std::string, std::string>>)
          keys.insert(fmt::format("[{}] eu", inside));  // by region
        else if constexpr (boost::describe::has_describe_members<Member>::value &&
                           !std::is_same_v<Member, SecretSource>)
          collect<Member>(inside, keys);
        else
          keys.insert(fmt::format("[{}] {}", section, member.name));
      });
}

/// The example with what is commented out put in force.
std::string whole_example() {
  static const std::regex kCommentedOut(R"(^# (\[[a-z_.]+\]$|[a-z_]+ = ))");
  std::istringstream in(read_file(kExample));
  std::string text, line;
  while (std::getline(in, line)) text += std::regex_replace(line, kCommentedOut, "$1") + "\n";
  return text;
}

TEST(Config, TheExampleShowsEveryKey) {
  static const std::regex kSection(R"(^\[([a-z_.]+)\]$)"), kKey(R"(^([a-z_]+) = .*)");
  std::set<std::string> expected, shown;
  collect<Config>("", expected);
  EXPECT_GE(expected.size(), 30u);
  std::istringstream in(whole_example());
  std::string section, line;
  for (std::smatch match; std::getline(in, line);) {
    if (std::regex_match(line, match, kSection)) section = match[1];
    if (std::regex_match(line, match, kKey)) shown.insert(fmt::format("[{}] {}", section, match[1].str()));
  }
  EXPECT_THAT(shown, ::testing::ContainerEq(expected));
}

TEST(Config, TheExampleIsGood) {
  auto path = std::filesystem::temp_directory_path() / fmt::format("gatehouse-config-{}.toml", getpid());
  for (const auto& text : {read_file(kExample), whole_example()}) {
    std::ofstream(path) << text;
    auto config = load_config(path.string());
    EXPECT_TRUE(config) << config.error().detail;
  }
  std::filesystem::remove(path);
}

TEST(Config, ADatabasesFolderMayHaveSpacesAndQuotes) {
  auto dsn =
      with_credentials(dsn_keyword("host", "/srv/Ann's data \\ base") + " " + dsn_keyword("dbname", "x"),
                       "gatehouse_app", crypto::Secret::copy_of("it's"));
  ASSERT_TRUE(dsn);
  EXPECT_THAT(*dsn, ::testing::HasSubstr(R"(host='/srv/Ann\'s data \\ base')"));
  EXPECT_THAT(*dsn, ::testing::HasSubstr(R"(password='it\'s')"));
}

}  // namespace
}  // namespace gatehouse::server
