#include "domain/password_policy.h"

#include <gtest/gtest.h>

namespace gatehouse {
namespace {

std::string refusal(std::string_view password) {
  auto refused =
      refuse_password(password, {.email = "mariana.costa@initech.example", .name = "Mariana Costa Lima"});
  return refused ? std::string(refused->code) : "";
}

TEST(PasswordPolicy, TakesLongPasswordsWithoutRulesOfComposition) {
  for (auto good : {"orbital lantern quiet moss", "tigelavermelhaplanetario", "9f3kq0vb2x7m",
                    "çãoéàü-árvore-azul", "correct horse", "operator-demo-2026", "user-sings-loud"})
    EXPECT_EQ(refusal(good), "") << good;
}

TEST(PasswordPolicy, CountsCharactersAndNotBytes) {
  EXPECT_EQ(refusal("elevenchars"), "too_short");
  EXPECT_EQ(refusal("áéíóúâêôãõç"), "too_short");
  EXPECT_EQ(refusal(std::string(1025, 'x')), "too_long");
}

TEST(PasswordPolicy, RefusesNameAndAddressDressedUp) {
  for (auto bad : {"mariana.costa@initech.example", "Mariana.Costa1", "costamariana2026", "MarianaCostaLima",
                   "initech-2026!!"})
    EXPECT_EQ(refusal(bad), "is_personal") << bad;
  EXPECT_EQ(refusal("mariana reads slowly at night"), "");
}

TEST(PasswordPolicy, RefusesWhatEverybodyTakes) {
  for (auto bad :
       {"password1234", "P@ssw0rd2026!", "passwordpassword", "welcome-welcome", "adminadmin123",
        "123456789012", "qwertyuiop12", "abcdefghijkl", "aaaaaaaaaaaa", "abcabcabcabc", "1q2w3e1q2w3e",
        "senha12345678", "futebolbrasil10", "2026-2026-2026", "correcthorsebatterystaple", "asdfghjklzxc"})
    EXPECT_EQ(refusal(bad), "is_common") << bad;
}

}  // namespace
}  // namespace gatehouse
