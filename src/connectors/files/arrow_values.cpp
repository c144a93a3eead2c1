#include "connectors/files/arrow_values.hpp"

#include <cstring>
#include <utility>

#include "base/clock.hpp"
#include "base/utf8.hpp"
#include "connectors/files/arrow_maps.hpp"
#include "connectors/files/string_value.hpp"
#include "data/chunk_view.hpp"

namespace leat::connectors::files {
namespace {

using arrow_ipc::bit_at;
using arrow_ipc::Layout;
using data::TypeId;

__extension__ using Int128 = __int128;

/// In the place of a row: the value lies in nothing that is there.
constexpr std::uint32_t kNobody = UINT32_MAX;

float from_half(std::uint16_t half) {
  const auto sign = static_cast<std::uint32_t>(half & 0x8000) << 16;
  const std::uint32_t exponent = (half >> 10) & 0x1F;
  const std::uint32_t fraction = half & 0x3FF;
  std::uint32_t bits = sign;
  if (exponent == 0x1F) {
    bits |= 0x7F800000 | (fraction << 13);
  } else if (exponent != 0) {
    bits |= ((exponent + 112) << 23) | (fraction << 13);
  } else {
    const float small = static_cast<float>(fraction) / 16'777'216.0F;
    return sign == 0 ? small : -small;
  }
  float value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

/// Writes one range.
class Writing {
 public:
  /// `rows`: to which row of the chunk each value belongs; null: to its own.
  Writing(const ArrowRange& range, ArrowOwner& owner, const std::vector<std::uint32_t>* rows,
          duckdb_vector to)
      : x_range(range), x_field(range.field), x_owner(owner), x_rows(rows), x_to(to) {}

  Status write() {
    switch (x_field.layout) {
      case Layout::nothing: write_nulls(); return {};
      case Layout::structure: return write_struct();
      case Layout::lists_32:
      case Layout::lists_64: return write_lists();
      case Layout::fixed_lists: return x_field.is_array ? write_arrays() : write_lists();
      default: break;
    }
    switch (x_field.type.id) {
      case TypeId::varchar:
      case TypeId::json:
      case TypeId::blob: return write_text();
      case TypeId::date:
      case TypeId::time:
      case TypeId::timestamp:
      case TypeId::timestamp_tz: write_scaled(); break;
      case TypeId::decimal: write_decimals(); break;
      default: write_plain(); break;
    }
    return {};
  }

 private:
  std::uint32_t row_of(std::uint64_t at) const {
    return x_rows == nullptr ? static_cast<std::uint32_t>(at) : (*x_rows)[at];
  }
  bool is_valid(std::uint64_t at) const {
    if (row_of(at) == kNobody) return false;
    return x_range.from.valid == nullptr || bit_at(x_range.from.valid, x_range.first + at);
  }
  /// The row of a value that is there.
  std::uint32_t row_or_nobody(std::uint64_t at) const {
    return is_valid(at) ? row_of(at) : kNobody;
  }
  bool has_nulls() const { return x_rows != nullptr || x_range.from.valid != nullptr; }
  template <typename T>
  T value(std::uint64_t at) const {
    return arrow_ipc::value_at<T>(x_range.from.values, x_range.first + at);
  }
  template <typename T>
  T* out() const {
    return static_cast<T*>(duckdb_vector_get_data(x_to));
  }

  void set_null(std::uint64_t at) {
    if (x_valid == nullptr) {
      duckdb_vector_ensure_validity_writable(x_to);
      x_valid = duckdb_vector_get_validity(x_to);
    }
    duckdb_validity_set_row_invalid(x_valid, at);
  }
  void mark_nulls() {
    if (!has_nulls()) return;
    for (std::uint64_t at = 0; at < x_range.rows; ++at) {
      if (!is_valid(at)) set_null(at);
    }
  }
  void fault(std::uint64_t at, std::string message) {
    set_null(at);
    x_owner.tell(row_of(at), std::move(message));
  }
  Status write_child(std::size_t child, std::uint64_t first, std::uint64_t rows,
                     const std::vector<std::uint32_t>* owners, duckdb_vector to) const {
    const ArrowRange range{x_field.children[child], x_range.from.children[child], first, rows};
    return Writing(range, x_owner, owners, to).write();
  }

  void write_nulls() {
    for (std::uint64_t at = 0; at < x_range.rows; ++at) set_null(at);
  }

  Status write_struct() {
    std::vector<std::uint32_t> owners;
    if (has_nulls()) {
      mark_nulls();
      for (std::uint64_t at = 0; at < x_range.rows; ++at) owners.push_back(row_or_nobody(at));
    }
    for (std::size_t i = 0; i < x_field.children.size(); ++i) {
      TRY(write_child(i, x_range.first, x_range.rows, has_nulls() ? &owners : nullptr,
                      duckdb_struct_vector_get_child(x_to, i)));
    }
    return {};
  }

  Status write_lists() {
    const auto list_of = [&](std::uint64_t at) {
      return arrow_ipc::list_at(x_field, x_range.from, x_range.first + at);
    };
    const auto begin = x_range.rows == 0 ? 0 : list_of(0).begin;
    const auto items = x_range.rows == 0 ? 0 : list_of(x_range.rows - 1).end - begin;
    if (duckdb_list_vector_reserve(x_to, items) != DuckDBSuccess ||
        duckdb_list_vector_set_size(x_to, items) != DuckDBSuccess) {
      return Error(Fault::internal, "the engine has no room for a list");
    }
    auto* const entries = out<duckdb_list_entry>();
    std::vector<std::uint32_t> owners(items, kNobody);
    for (std::uint64_t at = 0; at < x_range.rows; ++at) {
      entries[at] = {};
      if (!is_valid(at)) {
        set_null(at);
        continue;
      }
      const auto list = list_of(at);
      entries[at] = {list.begin - begin, list.end - list.begin};
      for (auto item = list.begin; item < list.end; ++item) owners[item - begin] = row_of(at);
    }
    TRY(write_child(0, begin, items, &owners, duckdb_list_vector_get_child(x_to)));
    if (x_field.is_map) judge_maps();
    return {};
  }

  /// No map of the engine has a key that is null or comes twice.
  void judge_maps() {
    const ArrowKeys keys(x_field.children[0], x_range.from.children[0]);
    for (std::uint64_t at = 0; at < x_range.rows; ++at) {
      if (!is_valid(at)) continue;
      const auto list = arrow_ipc::list_at(x_field, x_range.from, x_range.first + at);
      if (auto wrong = keys.judge(list); !wrong.empty()) fault(at, std::move(wrong));
    }
  }

  Status write_arrays() {
    const std::uint64_t items = x_field.items;
    std::vector<std::uint32_t> owners;
    for (std::uint64_t at = 0; at < x_range.rows; ++at) {
      owners.insert(owners.end(), items, row_or_nobody(at));
    }
    mark_nulls();
    return write_child(0, x_range.first * items, x_range.rows * items, &owners,
                       duckdb_array_vector_get_child(x_to));
  }

  void write_plain() {
    if (x_field.layout == Layout::bits) {
      auto* const to = out<bool>();
      for (std::uint64_t at = 0; at < x_range.rows; ++at) {
        to[at] = bit_at(x_range.from.values.data(), x_range.first + at);
      }
    } else if (x_field.is_half) {
      auto* const to = out<float>();
      for (std::uint64_t at = 0; at < x_range.rows; ++at) {
        to[at] = from_half(value<std::uint16_t>(at));
      }
    } else if (x_range.rows > 0) {
      const std::size_t width = x_field.width;
      std::memcpy(out<char>(), x_range.from.values.data() + x_range.first * width,
                  x_range.rows * width);
    }
    mark_nulls();
  }

  /// Dates in days, everything else in microseconds; what would be rounded is a fault.
  void write_scaled() {
    const bool is_time = x_field.type.id == TypeId::time;
    const bool is_date = x_field.type.id == TypeId::date;
    for (std::uint64_t at = 0; at < x_range.rows; ++at) {
      if (!is_valid(at)) {
        set_null(at);
        continue;
      }
      const std::int64_t was =
          x_field.width == 4 ? value<std::int32_t>(at) : value<std::int64_t>(at);
      std::int64_t scaled = 0;
      const bool overflows = __builtin_mul_overflow(was, x_field.multiply, &scaled);
      const std::int64_t whole = overflows ? 0 : scaled / x_field.divide;
      if (overflows || scaled % x_field.divide != 0 ||
          (is_date && (whole < INT32_MIN || whole > INT32_MAX)) ||
          (is_time && (whole < 0 || whole > kMicrosADay))) {
        fault(at, std::to_string(was) + " (in Arrow's unit) is not a value of type " +
                      data::sql_of(x_field.type) +
                      (scaled % x_field.divide != 0 ? " without rounding" : ""));
      } else if (is_date) {
        out<std::int32_t>()[at] = static_cast<std::int32_t>(whole);
      } else {
        out<std::int64_t>()[at] = whole;
      }
    }
  }

  void write_decimals() {
    const auto carrier = data::decimal_carrier(x_field.type.width);
    Int128 limit = 1;
    for (int i = 0; i < x_field.type.width; ++i) limit *= 10;
    for (std::uint64_t at = 0; at < x_range.rows; ++at) {
      if (!is_valid(at)) {
        set_null(at);
        continue;
      }
      const auto number = value<Int128>(at);
      if (number >= limit || number <= -limit) {
        fault(at, "a number is not a value of type " + data::sql_of(x_field.type));
        continue;
      }
      switch (carrier) {
        case TypeId::int16: out<std::int16_t>()[at] = std::int16_t(number); break;
        case TypeId::int32: out<std::int32_t>()[at] = std::int32_t(number); break;
        case TypeId::int64: out<std::int64_t>()[at] = std::int64_t(number); break;
        default: std::memcpy(out<char>() + at * sizeof number, &number, sizeof number);
      }
    }
  }

  Status write_text() {
    auto* const to = out<duckdb_string_t>();
    for (std::uint64_t at = 0; at < x_range.rows; ++at) {
      const auto text = arrow_ipc::text_at(x_field, x_range.from, x_range.first + at);
      if (!text || text->size() > INT32_MAX) {
        return Error(Fault::external,
                     "the Arrow data is broken: a text lies outside of its buffer");
      }
      to[at] = duckdb_string_t{};
      if (!is_valid(at)) {
        set_null(at);
      } else if (x_field.type.is_text() && !is_valid_utf8(*text)) {
        fault(at, "`" + printable(*text) + "` is not valid UTF-8");
      } else {
        to[at] = string_value(*text);
      }
    }
    return {};
  }

  const ArrowRange& x_range;
  const arrow_ipc::Field& x_field;
  ArrowOwner& x_owner;
  const std::vector<std::uint32_t>* x_rows;
  duckdb_vector x_to;
  std::uint64_t* x_valid = nullptr;
};

}  // namespace

Status write_arrow(const ArrowRange& range, ArrowOwner owner, duckdb_vector to) {
  return Writing(range, owner, nullptr, to).write();
}

}  // namespace leat::connectors::files
