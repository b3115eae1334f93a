// What a request pays for cryptography. Argon2 is measured where it matters, per hash.
#include <benchmark/benchmark.h>

#include "crypto/aead.h"
#include "crypto/digest.h"
#include "crypto/jwt.h"
#include "crypto/password.h"
#include "crypto/token.h"

namespace gatehouse::crypto {
namespace {

void seal_200_bytes(benchmark::State& state) {
  Secret key = Secret::random(32);
  std::string plain(200, 'p');
  for (auto _ : state) benchmark::DoNotOptimize(seal(key, "context", plain));
}
BENCHMARK(seal_200_bytes);

void seal_xaes_200_bytes(benchmark::State& state) {
  Secret key = Secret::random(32);
  std::string plain(200, 'p');
  for (auto _ : state) benchmark::DoNotOptimize(seal_xaes(key, "context", plain));
}
BENCHMARK(seal_xaes_200_bytes);

void open_xaes_200_bytes(benchmark::State& state) {
  Secret key = Secret::random(32);
  Bytes sealed = seal_xaes(key, "context", std::string(200, 'p'));
  for (auto _ : state) benchmark::DoNotOptimize(open_xaes(key, "context", sealed));
}
BENCHMARK(open_xaes_200_bytes);

void sha256_of_an_audit_record(benchmark::State& state) {
  std::string record(600, 'r');
  for (auto _ : state) benchmark::DoNotOptimize(sha256({std::string_view("\0", 1), record}));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * 601);
}
BENCHMARK(sha256_of_an_audit_record);

void hmac_of_64_bytes(benchmark::State& state) {
  Secret key = Secret::random(32);
  std::string data(64, 'd');
  for (auto _ : state) benchmark::DoNotOptimize(hmac_sha256(key, data));
}
BENCHMARK(hmac_of_64_bytes);

void parse_and_match_api_key(benchmark::State& state) {
  IssuedToken issued =
      issue_token({.kind = TokenKind::api_key, .region = "us", .organization = Uuid::v7(), .id = Uuid::v7()});
  for (auto _ : state)
    benchmark::DoNotOptimize(matches(*parse_token(TokenKind::api_key, issued.text.reveal()), issued.stored));
}
BENCHMARK(parse_and_match_api_key);

constexpr std::string_view kClaims =
    R"({"iss":"gatehouse","aud":"api","sub":"0190a5c2-0000-7000-8000-000000000000","exp":253402300799})";

void jwt_sign(benchmark::State& state) {
  SigningKey key = SigningKey::generate();
  for (auto _ : state) benchmark::DoNotOptimize(sign(key, kClaims));
}
BENCHMARK(jwt_sign);

void jwt_verify(benchmark::State& state) {
  SigningKey key = SigningKey::generate();
  KeySet keys;
  keys.add(key.public_key());
  std::string token = sign(key, kClaims);
  for (auto _ : state)
    if (!verify(keys, token, {.issuer = "gatehouse", .audience = "api"})) state.SkipWithError("refused");
}
BENCHMARK(jwt_verify);

void argon2id(benchmark::State& state) {
  Secret password = Secret::copy_of("correct horse battery staple");
  for (auto _ : state) benchmark::DoNotOptimize(hash_password(password));
}
BENCHMARK(argon2id)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace gatehouse::crypto
