// Object ids of PostgreSQL's built-in types (src/include/catalog/pg_type.dat); they never change.
#pragma once

#include <libpq-fe.h>

namespace gatehouse::pg::oid {

inline constexpr Oid kInferred = 0;  // as a parameter's type: the server decides from the context
inline constexpr Oid kBool = 16, kBytea = 17, kChar = 18, kName = 19, kInt8 = 20, kInt2 = 21, kInt4 = 23;
inline constexpr Oid kText = 25, kOid = 26, kJson = 114, kFloat4 = 700, kFloat8 = 701, kUnknown = 705;
inline constexpr Oid kBpchar = 1042, kVarchar = 1043, kDate = 1082, kTimestamptz = 1184, kNumeric = 1700;
inline constexpr Oid kUuid = 2950, kJsonb = 3802;
inline constexpr Oid kBoolArray = 1000, kByteaArray = 1001, kInt2Array = 1005, kInt4Array = 1007,
                     kTextArray = 1009, kInt8Array = 1016, kFloat8Array = 1022, kDateArray = 1182,
                     kTimestamptzArray = 1185, kUuidArray = 2951;
/// Types made by users (enums, composites, extensions' types) start here; domains report their base type.
inline constexpr Oid kFirstUserDefined = 16384;

}  // namespace gatehouse::pg::oid
