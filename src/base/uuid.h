// UUIDs as values: version 7 (RFC 9562) made in one place, text form parsed strictly.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse {

struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  auto operator<=>(const Uuid&) const = default;
  bool is_nil() const { return *this == Uuid{}; }

  /// Lower-case, hyphenated.
  std::string to_string() const;
  /// Accepts only the 36-character hyphenated form, either case.
  static std::optional<Uuid> parse(std::string_view);
  /// Time-ordered, monotonic within the process, random tail from the operating system's generator.
  static Uuid v7();
};

/// A UUID of one kind of thing: `using ChatId = StrongId<struct ChatTag>;` Different kinds do not mix.
template <class Tag>
struct StrongId {
  Uuid value;

  auto operator<=>(const StrongId&) const = default;
  bool is_nil() const { return value.is_nil(); }
  std::string to_string() const { return value.to_string(); }
  static std::optional<StrongId> parse(std::string_view text) {
    auto uuid = Uuid::parse(text);
    return uuid ? std::optional(StrongId{*uuid}) : std::nullopt;
  }
  static StrongId make() { return StrongId{Uuid::v7()}; }
};

}  // namespace gatehouse

template <>
struct std::hash<gatehouse::Uuid> {
  std::size_t operator()(const gatehouse::Uuid&) const noexcept;
};
template <class Tag>
struct std::hash<gatehouse::StrongId<Tag>> {
  std::size_t operator()(const gatehouse::StrongId<Tag>& id) const noexcept {
    return std::hash<gatehouse::Uuid>{}(id.value);
  }
};
