#include "connectors/postgres/encode.hpp"

#include <algorithm>
#include <limits>

#include "connectors/postgres/numeric.hpp"

namespace leat::connectors::postgres {
namespace {

using data::ColumnView;
using data::TypeId;
using kernels::Int128;
using kernels::UInt128;

/// A field of a fixed size.
template <typename T>
void put_field(WireBytes& out, T value) {
  char* const at = out.grow(4 + sizeof(T));
  WireBytes::write_number(at, std::int32_t(sizeof(T)));
  WireBytes::write_number(at + 4, value);
}

void put_boolean(WireBytes& out, const ColumnView& column, std::uint32_t row) {
  char* const at = out.grow(5);
  WireBytes::write_number(at, std::int32_t{1});
  at[4] = column.as<bool>()[row] ? 1 : 0;
}

/// `From` as the engine has it, `To` as the server wants it.
template <typename From, typename To>
void put_integer(WireBytes& out, const ColumnView& column, std::uint32_t row) {
  put_field(out, To(column.as<From>()[row]));
}

template <typename From, typename Bits>
void put_float(WireBytes& out, const ColumnView& column, std::uint32_t row) {
  using To = std::conditional_t<sizeof(Bits) == 4, float, double>;
  put_field(out, std::bit_cast<Bits>(To(column.as<From>()[row])));
}

template <typename From>
void put_decimal(WireBytes& out, const ColumnView& column, std::uint32_t row) {
  const auto value = kernels::value_at<From>(column.values, row);
  if constexpr (sizeof(From) == 16) {
    const bool is_negative = value < 0;
    const auto bits = UInt128(value);
    put_numeric(out, is_negative ? UInt128(0) - bits : bits, is_negative, column.scale);
  } else {
    const bool is_negative = value < 0;
    const auto bits = std::uint64_t(value);
    put_numeric(out, is_negative ? std::uint64_t(0) - bits : bits, is_negative, column.scale);
  }
}

void put_text(WireBytes& out, const ColumnView& column, std::uint32_t row) {
  const auto text = column.text(row);
  out.put_number(std::int32_t(text.size()));
  out.put(text);
}

void put_jsonb(WireBytes& out, const ColumnView& column, std::uint32_t row) {
  const auto text = column.text(row);
  out.put_number(std::int32_t(text.size() + 1));
  *out.grow(1) = 1;  // The one version there is.
  out.put(text);
}

/// The engine's infinities are the largest numbers; the server's lower one is the smallest.
template <typename T>
T moved(T value, T by) {
  constexpr T kMax = std::numeric_limits<T>::max();
  constexpr T kMin = std::numeric_limits<T>::min();
  if (value == kMax) return kMax;
  if (value == -kMax) return kMin;
  if (value < kMin + by + 2) return kMin + 1;  // Before the server's first one: refused there.
  return value - by;
}

void put_date(WireBytes& out, const ColumnView& column, std::uint32_t row) {
  put_field(out, moved(column.as<std::int32_t>()[row], kDaysBetween));
}

void put_timestamp(WireBytes& out, const ColumnView& column, std::uint32_t row) {
  put_field(out, moved(column.as<std::int64_t>()[row], kMicrosBetween));
}

void put_interval(WireBytes& out, const ColumnView& column, std::uint32_t row) {
  const auto& value = column.as<duckdb_interval>()[row];
  char* const at = out.grow(20);
  WireBytes::write_number(at, std::int32_t{16});
  WireBytes::write_number(at + 4, value.micros);
  WireBytes::write_number(at + 12, value.days);
  WireBytes::write_number(at + 16, value.months);
}

/// The engine keeps the first bit turned over, so that numbers and texts have one order.
void put_uuid(WireBytes& out, const ColumnView& column, std::uint32_t row) {
  const auto value = kernels::value_at<duckdb_hugeint>(column.values, row);
  char* const at = out.grow(20);
  WireBytes::write_number(at, std::int32_t{16});
  WireBytes::write_number(at + 4, std::uint64_t(value.upper) ^ (std::uint64_t{1} << 63));
  WireBytes::write_number(at + 12, value.lower);
}

using Put = void (*)(WireBytes&, const ColumnView&, std::uint32_t);

template <typename To>
Put integer_put(TypeId id) {
  switch (id) {
    case TypeId::int8: return put_integer<std::int8_t, To>;
    case TypeId::int16: return put_integer<std::int16_t, To>;
    case TypeId::int32: return put_integer<std::int32_t, To>;
    case TypeId::uint8: return put_integer<std::uint8_t, To>;
    case TypeId::uint16: return put_integer<std::uint16_t, To>;
    case TypeId::uint32: return put_integer<std::uint32_t, To>;
    default: return put_integer<std::int64_t, To>;
  }
}

Put numeric_put(TypeId physical) {
  switch (physical) {
    case TypeId::int8: return put_decimal<std::int8_t>;
    case TypeId::int16: return put_decimal<std::int16_t>;
    case TypeId::int32: return put_decimal<std::int32_t>;
    case TypeId::uint8: return put_decimal<std::uint8_t>;
    case TypeId::uint16: return put_decimal<std::uint16_t>;
    case TypeId::uint32: return put_decimal<std::uint32_t>;
    case TypeId::uint64: return put_decimal<std::uint64_t>;
    case TypeId::int128: return put_decimal<Int128>;
    case TypeId::uint128: return put_decimal<UInt128>;
    default: return put_decimal<std::int64_t>;
  }
}

}  // namespace

RowEncoder::RowEncoder(const std::vector<WireColumn>& columns) {
  for (const auto& column : columns) x_puts.push_back(put_of(column));
}

RowEncoder::Put RowEncoder::put_of(const WireColumn& column) {
  const auto id = column.type.id;
  switch (column.wire) {
    case Wire::boolean: return put_boolean;
    case Wire::int2: return integer_put<std::int16_t>(id);
    case Wire::int4: return integer_put<std::int32_t>(id);
    case Wire::int8: return integer_put<std::int64_t>(id);
    case Wire::float4: return put_float<float, std::uint32_t>;
    case Wire::float8:
      return id == TypeId::float32 ? put_float<float, std::uint64_t>
                                   : put_float<double, std::uint64_t>;
    case Wire::numeric:
      return numeric_put(id == TypeId::decimal ? data::decimal_carrier(column.type.width) : id);
    case Wire::jsonb: return put_jsonb;
    case Wire::date: return put_date;
    case Wire::time: return put_integer<std::int64_t, std::int64_t>;
    case Wire::timestamp: return put_timestamp;
    case Wire::interval: return put_interval;
    case Wire::uuid: return put_uuid;
    case Wire::text:
    case Wire::bytea: return put_text;
  }
  return put_text;
}

void RowEncoder::append(std::span<const ColumnView> columns, std::uint32_t rows,
                        WireBytes& out) const {
  for (std::uint32_t row = 0; row < rows; ++row) {
    out.put_number(std::int16_t(x_puts.size()));
    for (std::size_t i = 0; i < x_puts.size(); ++i) {
      if (columns[i].is_valid(row)) {
        x_puts[i](out, columns[i], row);
      } else {
        out.put_number(std::int32_t{-1});
      }
    }
  }
}

std::size_t row_size(std::string_view rows) {
  if (rows.size() < 2) return 0;
  const int fields = read_number<std::int16_t>(rows.data());
  std::size_t at = 2;
  for (int i = 0; i < fields; ++i) {
    if (rows.size() < at + 4) return 0;
    const auto size = read_number<std::int32_t>(rows.data() + at);
    at += 4 + (size > 0 ? std::size_t(size) : 0);
  }
  return at <= rows.size() ? at : 0;
}

}  // namespace leat::connectors::postgres
