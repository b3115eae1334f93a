#include "pg/field.h"

#include <fmt/format.h>

namespace gatehouse::pg {
namespace {

template <class Int>
Int big_endian(const char* at) {
  std::make_unsigned_t<Int> bits;
  std::memcpy(&bits, at, sizeof bits);
  if constexpr (std::endian::native == std::endian::little && sizeof(Int) > 1) bits = std::byteswap(bits);
  return static_cast<Int>(bits);
}

std::string type_name(Oid type) {
  switch (type) {
    case oid::kBool:
      return "boolean";
    case oid::kBytea:
      return "bytea";
    case oid::kInt2:
      return "smallint";
    case oid::kInt4:
      return "integer";
    case oid::kInt8:
      return "bigint";
    case oid::kText:
      return "text";
    case oid::kVarchar:
      return "varchar";
    case oid::kJson:
      return "json";
    case oid::kJsonb:
      return "jsonb";
    case oid::kFloat4:
      return "real";
    case oid::kFloat8:
      return "double precision";
    case oid::kDate:
      return "date";
    case oid::kTimestamptz:
      return "timestamptz";
    case oid::kNumeric:
      return "numeric (cast it to bigint or double precision)";
    case oid::kUuid:
      return "uuid";
    default:
      return fmt::format("type {}", type);
  }
}

}  // namespace

void Field::refuse(std::string_view wanted) const {
  throw Failure(fmt::format("{}: column \"{}\" is {}, not {}", statement, column,
                            null ? "NULL" : type_name(type), wanted));
}

std::int64_t Field::integer() const {
  if (!null) switch (type) {
      case oid::kInt2:
        return big_endian<std::int16_t>(bytes.data());
      case oid::kInt4:
        return big_endian<std::int32_t>(bytes.data());
      case oid::kInt8:
        return big_endian<std::int64_t>(bytes.data());
      case oid::kOid:
        return big_endian<std::uint32_t>(bytes.data());
      default:
        break;
    }
  refuse("an integer");
}

double Field::floating() const {
  if (null) refuse("a number");
  if (type == oid::kFloat8) return std::bit_cast<double>(big_endian<std::int64_t>(bytes.data()));
  if (type == oid::kFloat4)
    return static_cast<double>(std::bit_cast<float>(big_endian<std::int32_t>(bytes.data())));
  if (type == oid::kNumeric) refuse("a double");
  return static_cast<double>(integer());
}

bool Field::boolean() const {
  if (null || type != oid::kBool) refuse("a boolean");
  return bytes[0] != 0;
}

std::string_view Field::text() const {
  if (!null) switch (type) {
      case oid::kText:
      case oid::kVarchar:
      case oid::kBpchar:
      case oid::kName:
      case oid::kChar:
      case oid::kUnknown:
        return bytes;
      case oid::kJson:
      case oid::kJsonb:
        return json();
      default:
        if (type >= oid::kFirstUserDefined) return bytes;
    }
  refuse("a text");
}

std::string_view Field::json() const {
  if (!null && type == oid::kJson) return bytes;
  // jsonb_send writes a version byte, always 1, and then text.
  if (!null && type == oid::kJsonb && !bytes.empty() && bytes[0] == 1) return bytes.substr(1);
  refuse("JSON");
}

Uuid Field::uuid() const {
  if (null || type != oid::kUuid || bytes.size() != 16) refuse("a uuid");
  Uuid id;
  std::memcpy(id.bytes.data(), bytes.data(), 16);
  return id;
}

Timestamp Field::timestamp() const {
  if (null || type != oid::kTimestamptz) refuse("a timestamptz");
  auto micros = big_endian<std::int64_t>(bytes.data());
  if (micros == std::numeric_limits<std::int64_t>::max()) return Timestamp::max();
  if (micros == std::numeric_limits<std::int64_t>::min()) return Timestamp::min();
  return detail::kPostgresEpoch + std::chrono::microseconds(micros);
}

std::chrono::sys_days Field::date() const {
  if (null || type != oid::kDate) refuse("a date");
  return detail::kPostgresEpoch + std::chrono::days(big_endian<std::int32_t>(bytes.data()));
}

std::span<const std::uint8_t> Field::binary() const {
  if (null || type != oid::kBytea) refuse("a bytea");
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

std::vector<Field> Field::elements() const {
  constexpr std::size_t kHead = 12, kDimension = 8;
  auto word = [&](std::size_t at) -> std::int32_t {
    if (at + 4 > bytes.size()) refuse("an array");
    return big_endian<std::int32_t>(bytes.data() + at);
  };
  if (null) refuse("an array");
  auto dimensions = word(0);
  auto flags = word(4);
  // The header gives away a scalar: its flag is 0 or 1, and no scalar of 12 bytes or more is read as a list.
  if (dimensions < 0 || dimensions > 1 || flags < 0 || flags > 1) refuse("an array of one dimension");
  std::vector<Field> all;
  if (dimensions == 0) return all;
  auto element_type = static_cast<Oid>(word(8));
  auto count = word(kHead);
  std::size_t at = kHead + kDimension;
  for (std::int32_t i = 0; i < count; ++i) {
    auto length = word(at);
    at += 4;
    Field element{.type = element_type, .null = length < 0, .column = column, .statement = statement};
    if (length > 0) {
      auto size = static_cast<std::size_t>(length);
      if (at + size > bytes.size()) refuse("an array");
      element.bytes = bytes.substr(at, size);
      at += size;
    }
    all.push_back(element);
  }
  return all;
}

}  // namespace gatehouse::pg
