#include "base/log.h"

#include <cstdio>
#include <fstream>
#include <thread>
#include <unistd.h>
#include <vector>

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace gatehouse::log {
namespace {

TEST(Log, WritesOneJsonObjectALineWhateverIsInTheText) {
  std::string path = testing::TempDir() + "gatehouse-log-test-" + std::to_string(getpid());
  configure(Level::info, path);
  info("test.event",
       {{"text", "a\"b\\c\nd\x01"}, {"count", 3}, {"ratio", 0.5}, {"ms", 3.9420740000000003}, {"yes", true}});
  debug("test.dropped");
  flush();
  configure(Level::info);
  std::ifstream file(path);
  std::string line, second;
  ASSERT_TRUE(std::getline(file, line));
  EXPECT_FALSE(std::getline(file, second));
  EXPECT_NE(line.find(R"("ratio":0.5,"ms":3.942,)"), std::string::npos) << line;
  auto object = boost::json::parse(line).as_object();
  EXPECT_EQ(object.at("event").as_string(), "test.event");
  EXPECT_EQ(object.at("text").as_string(), "a\"b\\c\nd\x01");
  EXPECT_EQ(object.at("count").as_int64(), 3);
  EXPECT_EQ(object.at("level").as_string(), "info");
  EXPECT_TRUE(object.at("yes").as_bool());
  std::remove(path.c_str());
}

TEST(Log, KeepsTheLinesOfEveryThreadWholeAndWritesWhatIsWrongAtOnce) {
  std::string path = testing::TempDir() + "gatehouse-log-threads-" + std::to_string(getpid());
  configure(Level::info, path);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([] {
      for (int n = 0; n < 1'000; ++n) info("test.line", {{"n", n}});
    });
  for (auto& thread : threads) thread.join();
  warn("test.last");
  std::ifstream file(path);
  std::size_t lines = 0;
  std::string line, last;
  for (; std::getline(file, line); ++lines) last = boost::json::parse(line).at("event").as_string();
  EXPECT_EQ(lines, 4'001U);
  EXPECT_EQ(last, "test.last");
  configure(Level::info);
  std::remove(path.c_str());
}

}  // namespace
}  // namespace gatehouse::log
