#include <algorithm>
#include <array>
#include <limits>

#include "base/assert.hpp"
#include "base/names.hpp"
#include "base/text.hpp"
#include "kernels/bits.hpp"
#include "kernels/kernel_table.hpp"
#include "kernels/literal.hpp"

namespace leat::kernels {
namespace {

using data::Type;
using data::TypeId;

/// A text as the engine's own value, for the shapes that are not plainly good.
class EngineValue {
 public:
  explicit EngineValue(std::string_view text)
      : x_value(duckdb_create_varchar_length(text.data(), text.size())) {}
  ~EngineValue() { duckdb_destroy_value(&x_value); }
  EngineValue(const EngineValue&) = delete;
  EngineValue& operator=(const EngineValue&) = delete;
  duckdb_value get() const { return x_value; }

 private:
  duckdb_value x_value;
};

/// At most 18 digits behind an optional minus.
bool is_plain_integer(std::string_view text, bool sign) {
  if (sign && text.starts_with('-')) text.remove_prefix(1);
  if (text.empty() || text.size() > 18) return false;
  for (const char c : text) {
    if (!is_digit(c)) return false;
  }
  return true;
}

std::int64_t plain_value(std::string_view text) {
  const bool negative = text.starts_with('-');
  std::int64_t value = 0;
  for (const char c : text.substr(negative ? 1 : 0)) value = value * 10 + (c - '0');
  return negative ? -value : value;
}

std::int8_t engine_cast(duckdb_value value, std::int8_t) { return duckdb_get_int8(value); }
std::int16_t engine_cast(duckdb_value value, std::int16_t) { return duckdb_get_int16(value); }
std::int32_t engine_cast(duckdb_value value, std::int32_t) { return duckdb_get_int32(value); }
std::int64_t engine_cast(duckdb_value value, std::int64_t) { return duckdb_get_int64(value); }

bool is_smallest(duckdb_value value, std::int64_t smallest) {
  if (smallest != lowest<std::int64_t>()) return duckdb_get_int64(value) == smallest;
  const auto wide = duckdb_get_hugeint(value);
  return wide.upper == -1 && wide.lower == std::uint64_t(smallest);
}

/// The engine's cast says "no" by the smallest value of the type, so when it comes a wider cast
/// tells whether the text was just that value.
template <typename T>
bool is_castable_integer(std::string_view text) {
  if (is_plain_integer(text, true)) {
    const auto value = plain_value(text);
    return value >= lowest<T>() && value <= highest<T>();
  }
  const EngineValue value(text);
  return engine_cast(value.get(), T{}) != lowest<T>() || is_smallest(value.get(), lowest<T>());
}

bool is_plain_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const auto point = text.find('.');
  if (!is_plain_integer(text.substr(0, point), false)) return false;
  return point == std::string_view::npos || is_plain_integer(text.substr(point + 1), false);
}

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// " +NaN ", "-nan(ind)": the engine casts these, and says "no" by the same value.
bool is_nan_word(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  if (text.starts_with('+')) text.remove_prefix(1);
  if (text.starts_with('-')) text.remove_prefix(1);
  if (to_lower(text.substr(0, 3)) != "nan") return false;
  text.remove_prefix(3);
  if (text.empty()) return true;
  if (text.size() < 2 || text.front() != '(' || text.back() != ')') return false;
  for (const char c : text.substr(1, text.size() - 2)) {
    const char lower = char(c | 0x20);
    if (!is_digit(c) && c != '_' && !(lower >= 'a' && lower <= 'z')) return false;
  }
  return true;
}

bool is_castable_float(std::string_view text) {
  if (is_plain_number(text)) return true;
  const EngineValue value(text);
  const float number = duckdb_get_float(value.get());
  return number == number || is_nan_word(text);
}

bool is_castable_double(std::string_view text) {
  if (is_plain_number(text)) return true;
  const EngineValue value(text);
  const double number = duckdb_get_double(value.get());
  return number == number || is_nan_word(text);
}

bool is_castable_boolean(std::string_view text) {
  if (text.size() > 5) return false;
  static constexpr std::array<std::string_view, 10> kWords{"t", "f", "true", "false", "1",
                                                           "0", "y", "n",    "yes",   "no"};
  const auto lower = to_lower(text);
  return std::find(kWords.begin(), kWords.end(), lower) != kWords.end();
}

/// The engine's cast to date and timestamp says "no" by the epoch. So a text of that moment is
/// asked for once more as another moment, written in the same way.
std::string moved_from_epoch(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kMoves{
      {{"1970", "1971"}, {"1969", "1971"}, {"epoch", "infinity"}}};
  auto moved = to_lower(text);
  for (const auto& [from, to] : kMoves) {
    if (const auto at = moved.find(from); at != std::string::npos) {
      return moved.replace(at, from.size(), to);
    }
  }
  return {};
}

bool is_castable_date(std::string_view text) {
  if (parse_date(text)) return true;
  if (duckdb_get_date(EngineValue(text).get()).days != 0) return true;
  return duckdb_get_date(EngineValue(moved_from_epoch(text)).get()).days != 0;
}

bool is_castable_timestamp(std::string_view text) {
  if (text.size() >= 19 && parse_timestamp(text, false)) return true;
  if (duckdb_get_timestamp(EngineValue(text).get()).micros != 0) return true;
  return duckdb_get_timestamp(EngineValue(moved_from_epoch(text)).get()).micros != 0;
}

using CastTest = bool (*)(std::string_view);

class Castable final : public RowKernel {
 public:
  explicit Castable(CastTest test) : x_test(test) {}

  void judge(const data::ColumnView& column, std::uint32_t rows,
             std::uint64_t* fails) const override {
    judge_valid_rows(rows, column.validity, fails,
                     [&](std::uint32_t row) { return !x_test(column.text(row)); });
  }

 private:
  CastTest x_test;
};

/// Null where the engine alone can tell.
CastTest test_of(const Type& type) {
  switch (type.id) {
    case TypeId::boolean: return is_castable_boolean;
    case TypeId::float32: return is_castable_float;
    case TypeId::float64: return is_castable_double;
    case TypeId::int8: return is_castable_integer<std::int8_t>;
    case TypeId::int16: return is_castable_integer<std::int16_t>;
    case TypeId::int32: return is_castable_integer<std::int32_t>;
    case TypeId::int64: return is_castable_integer<std::int64_t>;
    case TypeId::date: return is_castable_date;
    case TypeId::timestamp: return is_castable_timestamp;
    default: return nullptr;
  }
}

bool takes_format(const Type& type) {
  return type.id == TypeId::date || type.id == TypeId::timestamp;
}

}  // namespace

KernelResult make_castable(const Type& type, const data::KernelArgs& args) {
  LEAT_ASSERT(args.type.has_value());
  const auto test = test_of(*args.type);
  if (type.id != TypeId::varchar || !args.format.empty() || test == nullptr) {
    return std::unique_ptr<RowKernel>();
  }
  return std::unique_ptr<RowKernel>(std::make_unique<Castable>(test));
}

Result<std::string> castable_sql(const data::Column& column, const data::KernelArgs& args) {
  LEAT_ASSERT(args.type.has_value());
  const auto name = quote_identifier(column.name);
  if (args.format.empty()) {
    return name + " IS NULL OR TRY_CAST(" + name + " AS " + data::sql_of(*args.type) +
           ") IS NOT NULL";
  }
  if (!takes_format(*args.type)) {
    return Error(Fault::config,
                 "a format is for date and timestamp, not for " + data::sql_of(*args.type));
  }
  if (!column.type.is_text()) return wrong_type("castable with a format", "text", column);
  return name + " IS NULL OR try_strptime(" + name + ", " + quote_literal(args.format) +
         ") IS NOT NULL";
}

}  // namespace leat::kernels
