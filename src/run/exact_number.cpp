#include "run/exact_number.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/names.hpp"

namespace leat::run {
namespace {

constexpr double kExactUpTo = 9'007'199'254'740'992;  ///< 2^53
constexpr double kDistanceFits = 8e37;                ///< Of two HUGEINT as far from 0.
constexpr int kDecimalDigitsMax = 37;                 ///< Their distance may need one more.
constexpr int kDoubleDigits = 15;

/// Of the digits without a point.
double size_of(const data::Type& type, const std::string& min, const std::string& max) {
  const double farthest = std::max(std::abs(std::strtod(min.c_str(), nullptr)),
                                   std::abs(std::strtod(max.c_str(), nullptr)));
  return type.id == data::TypeId::decimal ? farthest * std::pow(10.0, type.scale) : farthest;
}

}  // namespace

bool may_be_beyond_double(const data::Type& type) {
  if (type.id == data::TypeId::decimal) {
    return type.width > kDoubleDigits && type.width <= kDecimalDigitsMax;
  }
  return type.id == data::TypeId::int64 || type.id == data::TypeId::uint64 ||
         type.id == data::TypeId::int128 || type.id == data::TypeId::uint128;
}

ExactNumber exact_number(const data::Column& column, const std::optional<std::string>& min,
                         const std::optional<std::string>& max) {
  const auto name = quote_identifier(column.name);
  const auto& type = column.type;
  if (min && max && may_be_beyond_double(type)) {
    const double size = size_of(type, *min, *max);
    const double apart = std::strtod(max->c_str(), nullptr) - std::strtod(min->c_str(), nullptr);
    const bool are_near = apart * std::pow(10.0, type.scale) < size / 2;
    if (are_near && size > kExactUpTo && size < kDistanceFits) {
      const auto wide = type.is_whole() ? std::string("HUGEINT") : data::sql_of(type);
      return {"CAST(CAST(" + name + " AS " + wide + ") - CAST(" + quote_literal(*min) + " AS " +
                  wide + ") AS DOUBLE)",
              std::strtod(min->c_str(), nullptr)};
    }
  }
  return {"CAST(" + name + " AS DOUBLE)", 0};
}

}  // namespace leat::run
