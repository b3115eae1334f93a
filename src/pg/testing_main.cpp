// main() of every <folder>_pgtest.
#include <gtest/gtest.h>

#include "base/log.h"
#include "pg/testing.h"

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  gatehouse::log::configure(gatehouse::log::Level::error);
  // Here, on the thread that lives as long as the process: the cluster stops with the thread that started it.
  if (!testing::GTEST_FLAG(list_tests)) gatehouse::pg::testing::cluster_dsn();
  return RUN_ALL_TESTS();
}
