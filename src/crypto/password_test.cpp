#include "crypto/password.h"

#include <thread>

#include <gtest/gtest.h>

namespace gatehouse::crypto {
namespace {

// The least that Argon2 accepts: these tests are about behaviour, not strength.
constexpr PasswordCost kCheap{.memory_kib = 8, .passes = 1};

Secret secret(std::string_view text) {
  return Secret::copy_of(text);
}

template <class T>
T run(asio::io_context& reactor, Task<T> task) {
  std::optional<T> result;
  asio::co_spawn(
      reactor,
      [](Task<T> inner, std::optional<T>& out) -> Task<> { out = co_await std::move(inner); }(std::move(task),
                                                                                              result),
      asio::detached);
  reactor.restart();
  reactor.run();
  return std::move(result.value());
}

TEST(Password, StatesItsCostInTheHash) {
  std::string hash = hash_password(secret("correct horse"));
  EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << hash;
  EXPECT_TRUE(verify_password(hash, secret("correct horse")));
  EXPECT_FALSE(verify_password(hash, secret("correct horsf")));
}

TEST(Password, VerifiesAHashOfTheReferenceImplementation) {
  // The known-answer test of the reference implementation (phc-winner-argon2, src/test.c): version 19,
  // 64 MiB, two passes, "password" with "somesalt".
  const std::string hash =
      "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
  EXPECT_TRUE(verify_password(hash, secret("password")));
  EXPECT_FALSE(verify_password(hash, secret("Password")));
}

TEST(Password, IsSaltedAndTakesAnyBytes) {
  std::string_view odd("a\0b\xff", 4);
  EXPECT_NE(hash_password(secret(odd), kCheap), hash_password(secret(odd), kCheap));
  EXPECT_TRUE(verify_password(hash_password(secret(odd), kCheap), secret(odd)));
  EXPECT_FALSE(verify_password(hash_password(secret(odd), kCheap), secret("a")));
  EXPECT_TRUE(verify_password(hash_password(Secret(), kCheap), Secret()));
}

TEST(Password, IsNotVerifiedByTextThatIsNoHash) {
  for (const char* hash :
       {"", "x", "$argon2id$", "$2b$10$abcdefghijklmnopqrstuv", "$argon2id$v=19$m=8,t=1,p=1$$"})
    EXPECT_FALSE(verify_password(hash, secret("x"))) << hash;
}

TEST(Password, NeedsANewHashWhenTheCostHasChanged) {
  std::string hash = hash_password(secret("x"), kCheap);
  EXPECT_FALSE(needs_rehash(hash, kCheap));
  EXPECT_TRUE(needs_rehash(hash));
  EXPECT_TRUE(needs_rehash("not a hash", kCheap));
}

TEST(PasswordHasher, HashesAndVerifies) {
  asio::io_context reactor;
  PasswordHasher hasher({.threads = 2, .queue = 4, .cost = kCheap});
  auto hash = run(reactor, hasher.hash(secret("correct")));
  ASSERT_TRUE(hash);
  EXPECT_TRUE(run(reactor, hasher.verify(*hash, secret("correct"))).value());
  EXPECT_FALSE(run(reactor, hasher.verify(*hash, secret("wrong"))).value());
  EXPECT_FALSE(hasher.needs_rehash(*hash));
}

TEST(PasswordHasher, ResumesTheTaskOnItsOwnReactor) {
  asio::io_context reactor;
  PasswordHasher hasher({.threads = 2, .queue = 4, .cost = kCheap});
  auto resumed_on = [](PasswordHasher& with) -> Task<std::thread::id> {
    co_await with.hash(secret("x"));
    co_return std::this_thread::get_id();
  };
  EXPECT_EQ(run(reactor, resumed_on(hasher)), std::this_thread::get_id());
}

TEST(PasswordHasher, RefusesEveryPasswordForAnUnknownAccount) {
  asio::io_context reactor;
  PasswordHasher hasher({.threads = 1, .queue = 4, .cost = kCheap});
  for (const char* password : {"", "x", "correct"})
    EXPECT_FALSE(run(reactor, hasher.verify_unknown(secret(password))).value());
}

TEST(PasswordHasher, PassesAFailureToTheTaskThatWaits) {
  asio::io_context reactor;
  PasswordHasher hasher({.threads = 1, .queue = 4, .cost = {.memory_kib = 1, .passes = 1}});
  auto failed = [](PasswordHasher& with) -> Task<bool> {
    try {
      co_await with.hash(secret("x"));
    } catch (const Failure&) {
      co_return true;
    }
    co_return false;
  };
  EXPECT_TRUE(run(reactor, failed(hasher)));
}

TEST(PasswordHasher, TurnsWorkAwayAtOnceWhenItsQueueIsFull) {
  asio::io_context reactor;
  // Without threads the queue stays as full as the test makes it.
  PasswordHasher hasher({.threads = 0, .queue = 2, .cost = kCheap});
  for (int i = 0; i < 2; ++i)
    asio::co_spawn(
        reactor,
        [](PasswordHasher& with) -> Task<> {
          co_await with.verify_unknown(secret("waits"));
          ADD_FAILURE() << "there is no thread to verify this";
        }(hasher),
        asio::detached);
  reactor.poll();
  std::optional<Result<bool>> third;
  asio::co_spawn(
      reactor,
      [](PasswordHasher& with, std::optional<Result<bool>>& out) -> Task<> {
        out = co_await with.verify_unknown(secret("refused"));
      }(hasher, third),
      asio::detached);
  reactor.poll();
  ASSERT_TRUE(third);
  ASSERT_FALSE(*third);
  EXPECT_EQ(third->error().code, ErrorCode::overloaded);
  EXPECT_GE(third->error().retry_after, std::chrono::seconds(1));
}

TEST(PasswordHasher, AnswersWhatIsStillQueuedWhenItStops) {
  asio::io_context reactor;
  constexpr int kTasks = 40;
  std::vector<std::optional<Result<bool>>> results(kTasks);
  {
    PasswordHasher hasher({.threads = 1, .queue = kTasks, .cost = {}});
    for (auto& result : results)
      asio::co_spawn(
          reactor,
          [](PasswordHasher& with, std::optional<Result<bool>>& out) -> Task<> {
            out = co_await with.verify_unknown(secret("x"));
          }(hasher, result),
          asio::detached);
    reactor.poll();
  }
  reactor.restart();
  reactor.run();
  for (const auto& result : results) {
    ASSERT_TRUE(result);
    if (!*result) EXPECT_EQ(result->error().code, ErrorCode::shutting_down);
  }
  EXPECT_FALSE(*results.back());
}

}  // namespace
}  // namespace gatehouse::crypto
