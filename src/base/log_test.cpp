#include "base/log.h"

#include <cstdio>
#include <fstream>
#include <unistd.h>

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace gatehouse::log {
namespace {

TEST(Log, WritesOneJsonObjectALineWhateverIsInTheText) {
  std::string path = testing::TempDir() + "gatehouse-log-test-" + std::to_string(getpid());
  configure(Level::info, path);
  info("test.event", {{"text", "a\"b\\c\nd\x01"}, {"count", 3}, {"ratio", 0.5}, {"yes", true}});
  debug("test.dropped");
  flush();
  configure(Level::info);
  std::ifstream file(path);
  std::string line, second;
  ASSERT_TRUE(std::getline(file, line));
  EXPECT_FALSE(std::getline(file, second));
  auto object = boost::json::parse(line).as_object();
  EXPECT_EQ(object.at("event").as_string(), "test.event");
  EXPECT_EQ(object.at("text").as_string(), "a\"b\\c\nd\x01");
  EXPECT_EQ(object.at("count").as_int64(), 3);
  EXPECT_EQ(object.at("level").as_string(), "info");
  EXPECT_TRUE(object.at("yes").as_bool());
  std::remove(path.c_str());
}

}  // namespace
}  // namespace gatehouse::log
