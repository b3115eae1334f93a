#include "crypto/secret.h"

#include <cstring>

#include <sodium.h>

#include "crypto/random.h"

namespace gatehouse::crypto {

Secret::Secret(std::size_t size) : bytes_(std::make_unique<std::uint8_t[]>(size)), size_(size) {}

Secret::Secret(Secret&& other) noexcept
    : bytes_(std::move(other.bytes_)), size_(std::exchange(other.size_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe();
    bytes_ = std::move(other.bytes_);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}

void Secret::wipe() noexcept {
  if (bytes_) sodium_memzero(bytes_.get(), size_);
}

Secret Secret::copy_of(std::string_view text) {
  return filled(text.size(),
                [&](std::span<std::uint8_t> out) { std::memcpy(out.data(), text.data(), text.size()); });
}

Secret Secret::copy_of(std::span<const std::uint8_t> bytes) {
  return copy_of(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

Secret Secret::take(std::string&& source) {
  Secret secret = copy_of(source);
  wipe_text(source);
  return secret;
}

Secret Secret::take(std::vector<std::uint8_t>&& source) {
  Secret secret = copy_of(source);
  sodium_memzero(source.data(), source.size());
  source.clear();
  return secret;
}

Secret Secret::random(std::size_t size) {
  return filled(size, [](std::span<std::uint8_t> out) { fill_random(out); });
}

std::string Secret::last_four() const {
  return size_ < 12 ? std::string() : std::string(reveal().substr(size_ - 4));
}

bool equal(const Secret& a, const Secret& b) {
  return a.size() == b.size() && sodium_memcmp(a.reveal().data(), b.reveal().data(), a.size()) == 0;
}

void wipe_text(std::string& text) noexcept {
  // Growing to the capacity cannot allocate, and reaches what an earlier, longer content left behind.
  text.resize(text.capacity());
  sodium_memzero(text.data(), text.size());
  text.clear();
}

}  // namespace gatehouse::crypto
