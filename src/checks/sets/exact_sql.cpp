#include "checks/sets/exact_sql.hpp"

#include <algorithm>
#include <charconv>

namespace leat::checks::sets {
namespace {

constexpr int kDigits = 38;  ///< Of the widest DECIMAL.
constexpr int kMeanDigitsMax = 18;
constexpr int kMeanDigitsMin = 6;  ///< Of types whose values seldom have all the digits they may.
constexpr int kShareDigitsMax = 15;
constexpr int kDoubleDigits = 15;  ///< Any number of so many is a DOUBLE of its own.

int scale_of(const data::Type& type) {
  return type.id == data::TypeId::decimal ? static_cast<int>(type.scale) : 0;
}

/// Digits that a value may have, those behind the point included.
int width_of(const data::Type& type) {
  if (type.id == data::TypeId::decimal) return static_cast<int>(type.width);
  const bool is_wide = type.id == data::TypeId::int128 || type.id == data::TypeId::uint128;
  return is_wide ? kDigits : 20;
}

std::string decimal(int width, int scale) {
  return "DECIMAL(" + std::to_string(width) + ", " + std::to_string(scale) + ")";
}

std::string cast(const std::string& sql, const std::string& type) {
  return "CAST(" + sql + " AS " + type + ")";
}

/// "0.25" of a quarter.
std::string share_text(double share) {
  char text[64];
  const auto end = std::to_chars(text, text + sizeof text, share, std::chars_format::fixed).ptr;
  return {text, end};
}

}  // namespace

bool may_be_beyond_double(const data::Type& type) {
  switch (type.id) {
    case data::TypeId::int64:
    case data::TypeId::uint64:
    case data::TypeId::int128:
    case data::TypeId::uint128: return true;
    case data::TypeId::decimal: return type.width > kDoubleDigits;
    default: return false;
  }
}

std::string exact_mean_sql(const std::string& column, const data::Type& type,
                           const std::string& rows) {
  const int scale = scale_of(type);
  const int room = std::clamp(kDigits - width_of(type), kMeanDigitsMin, kMeanDigitsMax);
  const int more = std::min(room, kDigits - scale);
  if (more < 1) return "";
  const auto behind = std::to_string(scale + more);
  const auto power = "1" + std::string(static_cast<std::size_t>(more), '0');
  // The digits of the sum without their point, parted by the number of values.
  const auto sums = "SELECT CAST(replace(CAST(sum(" + column +
                    ") AS VARCHAR), '.', '') AS HUGEINT) AS s, CAST(nullif(count(" + column +
                    "), 0) AS HUGEINT) AS n FROM " + rows;
  const auto parts = "SELECT s, n, abs(s) // n AS whole, abs(s) % n * " + power +
                     " // n AS part, abs(s) % n * " + power + " % n > 0 AS goes_on FROM (" + sums +
                     ")";
  const auto digits =
      "SELECT s, CAST(whole AS VARCHAR) || lpad(CAST(part + CASE WHEN goes_on AND "
      "part % 10 = 0 THEN 1 ELSE 0 END AS VARCHAR), " +
      std::to_string(more) + ", '0') AS d FROM (" + parts + ")";
  const auto padded = "SELECT s, lpad(d, CAST(greatest(length(d), " + behind +
                      " + 1) AS INTEGER), '0') AS d FROM (" + digits + ")";
  return "SELECT " +
         cast("CASE WHEN s < 0 THEN '-' ELSE '' END || left(d, length(d) - " + behind +
                  ") || '.' || right(d, " + behind + ")",
              decimal(kDigits, scale + more)) +
         " AS value FROM (" + padded + ")";
}

std::string exact_quantile_sql(const std::string& column, const data::Type& type, double share,
                               const std::string& rows) {
  const auto text = share_text(share);
  const int scale = scale_of(type);
  const auto behind = static_cast<int>(text.size()) - 2;  // Behind "0.".
  if (behind > kShareDigitsMax || scale + behind > kDigits - 1) return "";
  const auto all = decimal(kDigits, scale + behind);
  const auto exact = decimal(kDigits, scale);
  const auto apart = cast("max(v)", exact) + " - " + cast("min(v)", exact);
  // Of so many digits and no more the product fits.
  const auto step = cast(apart, decimal(kDigits - 1 - behind, scale)) + " * " +
                    cast("min(place - floor(place))", decimal(behind, behind));
  const auto place = cast("count(*) OVER () - 1", decimal(18, 0)) + " * " +
                     cast(text, decimal(behind + 1, behind));
  return "SELECT " + cast("min(v)", all) + " + " + cast(step, all) +
         " AS value FROM (SELECT v, row_number() OVER (ORDER BY v) - 1 AS number, " + place +
         " AS place FROM (SELECT " + column + " AS v FROM " + rows +
         ") WHERE v IS NOT NULL) WHERE number = floor(place) OR number = ceil(place)";
}

}  // namespace leat::checks::sets
