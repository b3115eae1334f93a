// A colour of branding, and whether it can be seen.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "json/type_codec.h"

namespace gatehouse::tenancy {

/// `#rrggbb`, lower case.
class Color {
 public:
  Color() = default;
  static std::optional<Color> parse(std::string_view);
  const std::string& to_string() const { return text_; }

  /// Relative luminance, 0 to 1 (WCAG 2.2).
  double luminance() const;

 private:
  std::string text_ = "#000000";
};

/// 1 to 21 (WCAG 2.2).
double contrast(const Color&, const Color&);

/// Whether it stands out by 3:1, as WCAG asks of what is no text, on the console's light and dark surfaces.
bool stands_out(const Color&);

}  // namespace gatehouse::tenancy

template <>
struct gatehouse::json::Codec<gatehouse::tenancy::Color>
    : gatehouse::json::TextCodec<gatehouse::tenancy::Color> {
  static constexpr std::string_view kWhat = "a colour such as #3498db";
  static constexpr std::string_view kFormat = "";
  static Value schema(Components&) { return detail::string_schema({}, "^#[0-9a-fA-F]{6}$", 7, 7); }
};
