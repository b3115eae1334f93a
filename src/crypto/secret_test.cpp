#include "crypto/secret.h"

#include <cstdlib>
#include <new>
#include <sstream>
#include <type_traits>

#include <boost/json.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/log.h"

// The allocator of this test program, so that a test can look at memory at the moment it is given back.
namespace {
const void* watched = nullptr;
std::size_t watched_size = 0;
bool freed_clean = false;

void look_and_free(void* memory) noexcept {
  if (memory && memory == watched) {
    const auto* bytes = static_cast<const unsigned char*>(memory);
    freed_clean = true;
    for (std::size_t i = 0; i < watched_size; ++i) freed_clean = freed_clean && bytes[i] == 0;
    watched = nullptr;
  }
  std::free(memory);
}
}  // namespace

void* operator new[](std::size_t size) {
  if (void* memory = std::malloc(size ? size : 1)) return memory;
  throw std::bad_alloc();
}
void operator delete[](void* memory) noexcept {
  look_and_free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  look_and_free(memory);
}

namespace gatehouse::crypto {
namespace {

template <class T>
concept Streamable = requires(std::ostream& out, const T& value) { out << value; };

static_assert(!fmt::is_formattable<Secret>::value);
static_assert(!Streamable<Secret>);
static_assert(!std::is_constructible_v<log::Field, std::string_view, const Secret&>);
static_assert(!std::is_convertible_v<const Secret&, std::string_view>);
static_assert(!std::is_convertible_v<const Secret&, std::string>);
static_assert(!boost::json::has_value_from<Secret>::value);
static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
static_assert(std::is_nothrow_move_constructible_v<Secret> && std::is_nothrow_move_assignable_v<Secret>);

void watch(const Secret& secret) {
  watched = secret.reveal().data();
  watched_size = secret.size();
  freed_clean = false;
}

TEST(Secret, IsZeroBeforeItsMemoryIsFreed) {
  {
    Secret secret = Secret::copy_of("short");
    watch(secret);
  }
  EXPECT_TRUE(freed_clean);
}

TEST(Secret, IsZeroedWhenAnotherIsAssignedToIt) {
  Secret secret = Secret::copy_of("the old value of a secret");
  watch(secret);
  secret = Secret::copy_of("the new one");
  EXPECT_TRUE(freed_clean);
  EXPECT_EQ(secret.reveal(), "the new one");
}

TEST(Secret, LeavesNothingInWhatItWasMovedFrom) {
  Secret first = Secret::copy_of("x");
  Secret second = std::move(first);
  EXPECT_TRUE(first.empty());
  EXPECT_EQ(first.reveal(), "");
  EXPECT_EQ(second.reveal(), "x");
}

TEST(Secret, TakesTextAndEmptiesTheSource) {
  std::string source = "a text that is too long for the small-string buffer";
  Secret secret = Secret::take(std::move(source));
  EXPECT_TRUE(source.empty());
  EXPECT_EQ(secret.size(), 51u);
}

TEST(Secret, ShowsItsLastFourCharactersOnlyIfItIsLong) {
  EXPECT_EQ(Secret::copy_of("sk-1234567890abcd").last_four(), "abcd");
  EXPECT_EQ(Secret::copy_of("12345678901").last_four(), "");
  EXPECT_EQ(Secret().last_four(), "");
}

TEST(Secret, ComparesByContent) {
  EXPECT_TRUE(equal(Secret::copy_of("same"), Secret::copy_of("same")));
  EXPECT_FALSE(equal(Secret::copy_of("same"), Secret::copy_of("sane")));
  EXPECT_FALSE(equal(Secret::copy_of("same"), Secret::copy_of("same ")));
  EXPECT_TRUE(equal(Secret(), Secret::copy_of("")));
}

TEST(Secret, ClonesToAnIndependentCopy) {
  Secret first = Secret::random(32);
  Secret second = first.clone();
  EXPECT_TRUE(equal(first, second));
  EXPECT_NE(first.reveal().data(), second.reveal().data());
}

}  // namespace
}  // namespace gatehouse::crypto
