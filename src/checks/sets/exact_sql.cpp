#include "checks/sets/exact_sql.hpp"

#include <charconv>

namespace leat::checks::sets {
namespace {

constexpr int kWordDigits = 18;  ///< Of a decimal whose sums a HUGEINT holds.
constexpr int kLowDigits = 19;   ///< Both halves of 39 digits add up in a HUGEINT.

std::string cast(const std::string& sql, const std::string& type) {
  return "CAST(" + sql + " AS " + type + ")";
}

bool is_wide(const data::Type& type) {
  if (type.id == data::TypeId::decimal) return type.width > kWordDigits;
  return type.id == data::TypeId::int128 || type.id == data::TypeId::uint128;
}

/// The value as a whole number: of a decimal its digits without the point.
std::string whole_sql(const std::string& column, const data::Type& type) {
  if (type.id != data::TypeId::decimal) return column;
  return cast("replace(" + cast(column, "VARCHAR") + ", '.', '')", "HUGEINT");
}

std::string sum_of_halves(const std::string& column, const data::Type& type,
                          const std::string& rows) {
  const bool is_unsigned = type.id == data::TypeId::uint128;
  const auto unit =
      cast("'1" + std::string(kLowDigits, '0') + "'", is_unsigned ? "UHUGEINT" : "HUGEINT");
  const int scale = type.id == data::TypeId::decimal ? int(type.scale) : 0;
  const auto part = [&](const char* by, int exponent) {
    return cast("sum(" + cast("v " + std::string(by) + " " + unit, "HUGEINT") + ")", "VARCHAR") +
           " || 'e" + std::to_string(exponent) + "'";
  };
  return "SELECT " + part("//", kLowDigits - scale) + " || '+' || " + part("%", -scale) +
         " AS s, count(v) AS n FROM (SELECT " + whole_sql(column, type) + " AS v FROM " + rows +
         ")";
}

/// A SELECT of `s`, the sum as text, and `n`, of how many.
std::string sums_sql(const std::string& column, const data::Type& type, const std::string& rows) {
  if (is_wide(type)) return sum_of_halves(column, type, rows);
  return "SELECT " + cast("sum(" + column + ")", "VARCHAR") + " AS s, count(" + column +
         ") AS n FROM " + rows;
}

}  // namespace

std::string exact_sum_sql(const std::string& column, const data::Type& type,
                          const std::string& rows) {
  return "SELECT s AS value FROM (" + sums_sql(column, type, rows) + ")";
}

std::string exact_mean_sql(const std::string& column, const data::Type& type,
                           const std::string& rows) {
  return "SELECT s || '/' || n AS value FROM (" + sums_sql(column, type, rows) + ")";
}

std::string floating_sum_sql(const std::string& value) {
  const auto wide = cast(value, "DOUBLE");
  const auto sum = "fsum(" + wide + ")";
  return "CASE WHEN NOT bool_and(isfinite(" + wide + ")) THEN sum(" + wide + ") WHEN isfinite(" +
         sum + ") THEN " + sum + " END";
}

std::string distance_sql(const std::string& value, const std::string& from,
                         const data::Type& type) {
  const auto apart = cast(value, "DOUBLE") + " - " + cast(from, "DOUBLE");
  if (type.is_floating()) return "(" + apart + ")";
  return "coalesce(" + cast("TRY(" + value + " - " + from + ")", "DOUBLE") + ", " + apart + ")";
}

std::string share_text(double share) {
  char text[400];
  const auto end = std::to_chars(text, text + sizeof text, share, std::chars_format::fixed).ptr;
  return {text, end};
}

std::string exact_quantile_sql(const std::string& column, double share, const std::string& rows) {
  const auto text = share_text(share);
  const auto behind = std::to_string(text.size() - 2);  // Behind "0.".
  const auto place = "CAST(count(*) OVER () - 1 AS DECIMAL(18, 0)) * CAST(" + text +
                     " AS DECIMAL(18, " + behind + "))";
  return "SELECT " + cast("min(v)", "VARCHAR") + " || '*' || " +
         cast("1 - min(place - floor(place))", "VARCHAR") + " || '+' || " +
         cast("max(v)", "VARCHAR") + " || '*' || " + cast("min(place - floor(place))", "VARCHAR") +
         " AS value FROM (SELECT v, row_number() OVER (ORDER BY v) - 1 AS number, " + place +
         " AS place FROM (SELECT " + column + " AS v FROM " + rows +
         ") WHERE v IS NOT NULL) WHERE number = floor(place) OR number = ceil(place)";
}

}  // namespace leat::checks::sets
