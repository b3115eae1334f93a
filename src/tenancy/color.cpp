#include "tenancy/color.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace gatehouse::tenancy {
namespace {

double channel(std::string_view two) {
  unsigned value = 0;
  std::from_chars(two.data(), two.data() + two.size(), value, 16);
  double part = value / 255.0;
  return part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
}

}  // namespace

std::optional<Color> Color::parse(std::string_view text) {
  if (text.size() != 7 || text[0] != '#') return std::nullopt;
  Color made;
  made.text_.clear();
  for (char c : text) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
    made.text_ += c;
  }
  bool is_hex = std::ranges::all_of(std::string_view(made.text_).substr(1),
                                    [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  if (!is_hex) return std::nullopt;
  return made;
}

double Color::luminance() const {
  std::string_view text = text_;
  return 0.2126 * channel(text.substr(1, 2)) + 0.7152 * channel(text.substr(3, 2)) +
         0.0722 * channel(text.substr(5, 2));
}

double contrast(const Color& a, const Color& b) {
  double one = a.luminance() + 0.05, other = b.luminance() + 0.05;
  return std::max(one, other) / std::min(one, other);
}

bool stands_out(const Color& color) {
  static const auto light = Color::parse("#ffffff").value(), dark = Color::parse("#0e1116").value();
  constexpr double kNotText = 3;
  return contrast(color, light) >= kNotText && contrast(color, dark) >= kNotText;
}

}  // namespace gatehouse::tenancy
