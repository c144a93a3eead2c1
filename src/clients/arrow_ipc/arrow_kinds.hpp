#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace leat::arrow_ipc {

/// Members of Arrow's union Type, in its own order.
enum Kind : std::uint8_t {
  kNull = 1,
  kInt,
  kFloat,
  kBinary,
  kUtf8,
  kBool,
  kDecimal,
  kDate,
  kTime,
  kTimestamp,
  kInterval,
  kList,
  kStruct,
  kUnion,
  kFixedBinary,
  kFixedList,
  kMap,
  kDuration,
  kLargeBinary,
  kLargeUtf8,
  kLargeList,
  kRunEnd,
  kBinaryView,
  kUtf8View,
};

/// By their numbers.
inline constexpr std::array<std::string_view, 25> kKindNames{"nothing",
                                                             "null",
                                                             "int",
                                                             "float",
                                                             "binary",
                                                             "utf8",
                                                             "bool",
                                                             "decimal",
                                                             "date",
                                                             "time",
                                                             "timestamp",
                                                             "interval",
                                                             "list",
                                                             "struct",
                                                             "union",
                                                             "fixed_size_binary",
                                                             "fixed_size_list",
                                                             "map",
                                                             "duration",
                                                             "large_binary",
                                                             "large_utf8",
                                                             "large_list",
                                                             "run_end_encoded",
                                                             "binary_view",
                                                             "utf8_view"};

}  // namespace leat::arrow_ipc
