#include "http/trace.h"

#include <cstring>
#include <random>

namespace gatehouse::http {
namespace {

std::uint64_t random_bits() {
  thread_local std::mt19937_64 engine = [] {
    std::random_device device;
    std::seed_seq seed{device(), device(), device(), device()};
    return std::mt19937_64(seed);
  }();
  std::uint64_t bits = engine();
  return bits != 0 ? bits : 1;  // an id of zeros is invalid
}

template <std::size_t N>
bool read_hex(std::string_view text, std::array<std::uint8_t, N>& out) {
  auto digit = [](char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  };
  for (std::size_t i = 0; i < N; ++i) {
    int high = digit(text[2 * i]);
    int low = digit(text[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    out[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return true;
}

template <class Bytes>
void write_hex(std::string& out, const Bytes& bytes) {
  for (auto byte : bytes) {
    out += "0123456789abcdef"[byte >> 4];
    out += "0123456789abcdef"[byte & 15];
  }
}

}  // namespace

TraceContext TraceContext::child() const {
  TraceContext context = *this;
  auto id = random_bits();
  std::memcpy(context.span_id.data(), &id, 8);
  return context;
}

TraceContext TraceContext::make() {
  TraceContext context;
  for (std::size_t half : {0U, 8U}) {
    auto bits = random_bits();
    std::memcpy(context.trace_id.data() + half, &bits, 8);
  }
  return context.child();
}

std::optional<TraceContext> TraceContext::parse(std::string_view text) {
  if (text.size() < 55 || text[2] != '-' || text[35] != '-' || text[52] != '-') return std::nullopt;
  TraceContext context;
  std::array<std::uint8_t, 1> version{}, flags{};
  if (!read_hex(text, version) || !read_hex(text.substr(3), context.trace_id) ||
      !read_hex(text.substr(36), context.span_id) || !read_hex(text.substr(53), flags))
    return std::nullopt;
  if (version[0] == 0xff) return std::nullopt;
  if (version[0] == 0 ? text.size() != 55 : text.size() > 55 && text[55] != '-') return std::nullopt;
  if (context.trace_id == decltype(context.trace_id){} || context.span_id == decltype(context.span_id){})
    return std::nullopt;
  context.flags = flags[0];
  return context;
}

std::string TraceContext::to_traceparent() const {
  std::string out = "00-";
  out.reserve(55);
  write_hex(out, trace_id);
  out += '-';
  write_hex(out, span_id);
  out += '-';
  write_hex(out, std::array{flags});
  return out;
}

std::string TraceContext::trace_id_hex() const {
  std::string out;
  write_hex(out, trace_id);
  return out;
}

}  // namespace gatehouse::http
