// Bytes as values: an owned buffer, and a view that text, arrays and buffers convert to by themselves.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::crypto {

using Bytes = std::vector<std::uint8_t>;

/// A view for function parameters. Do not keep one: it owns nothing. A string literal is its characters,
/// without the terminating zero.
class ByteView : public std::span<const std::uint8_t> {
 public:
  ByteView() = default;
  ByteView(std::span<const std::uint8_t> bytes) : span(bytes) {}
  ByteView(std::span<std::uint8_t> bytes) : span(bytes) {}
  ByteView(const Bytes& bytes) : span(bytes) {}
  template <std::size_t N>
  ByteView(const std::array<std::uint8_t, N>& bytes) : span(bytes) {}
  ByteView(std::string_view text) : span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()) {}
  ByteView(const std::string& text) : ByteView(std::string_view(text)) {}
  ByteView(const char* text) : ByteView(std::string_view(text)) {}

  std::string_view text() const { return {reinterpret_cast<const char*>(data()), size()}; }
};

}  // namespace gatehouse::crypto
