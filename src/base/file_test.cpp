#include "base/file.h"

#include <fstream>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/error.h"

namespace gatehouse {
namespace {

TEST(File, IsReadByteForByte) {
  auto path = std::filesystem::temp_directory_path() / fmt::format("gatehouse-file-{}", getpid());
  const std::string bytes("a\0\r\n\xff", 5);
  std::ofstream(path, std::ios::binary) << bytes;
  EXPECT_EQ(read_file(path), bytes);
  std::filesystem::remove(path);
  EXPECT_EQ(find_file(path), std::nullopt);
  EXPECT_THROW(read_file(path), Failure);
}

TEST(File, IsNoneIfItIsAFolder) {
  EXPECT_EQ(find_file("/"), std::nullopt);
}

}  // namespace
}  // namespace gatehouse
