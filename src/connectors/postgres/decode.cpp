#include "connectors/postgres/decode.hpp"

#include <limits>
#include <optional>

#include "base/utf8.hpp"
#include "connectors/postgres/numeric.hpp"
#include "data/chunk_view.hpp"

namespace leat::connectors::postgres {
namespace {

using data::TypeId;

/// Writes the fields of one vector.
class Writer {
 public:
  Writer(const FieldColumn& job, std::vector<RowFault>& faults) : x_job(job), x_faults(faults) {}

  void write() {
    for (std::uint32_t row = 0; row < x_job.fields.size(); ++row) {
      const auto field = x_job.fields[row];
      if (field.data() == nullptr) {
        set_null(row);
      } else if (!write_value(row, field)) {
        set_null(row);
        x_faults.push_back({row, x_job.column.name, complaint(field)});
      }
    }
  }

 private:
  std::string complaint(std::string_view field) const {
    if (x_job.column.wire == Wire::text || x_job.column.wire == Wire::jsonb) {
      return "a text is no valid UTF-8";
    }
    const auto text = x_job.column.wire == Wire::numeric ? numeric_text(field) : std::nullopt;
    return (text ? "`" + *text + "`" : std::string("the value")) + " is not " +
           data::with_article(x_job.column.type);
  }

  void set_null(std::uint32_t row) {
    duckdb_vector_ensure_validity_writable(x_job.vector);
    duckdb_validity_set_row_invalid(duckdb_vector_get_validity(x_job.vector), row);
  }

  template <typename T>
  bool store(std::uint32_t row, T value) {
    static_cast<T*>(duckdb_vector_get_data(x_job.vector))[row] = value;
    return true;
  }

  bool store_text(std::uint32_t row, std::string_view text) {
    if (x_job.column.type.id != TypeId::blob && !is_valid_utf8(text)) return false;
    duckdb_vector_assign_string_element_len(x_job.vector, row, text.data(), text.size());
    return true;
  }

  /// Counted from 1970, with the engine's infinities.
  template <typename T>
  bool store_moved(std::uint32_t row, T value, T by) {
    constexpr T kMax = std::numeric_limits<T>::max();
    if (value == kMax) return store(row, kMax);
    if (value == std::numeric_limits<T>::min()) return store(row, -kMax);
    if (value >= kMax - by) return false;
    return store(row, T(value + by));
  }

  bool store_decimal(std::uint32_t row, std::string_view field) {
    const auto& type = x_job.column.type;
    const auto value = numeric_value(field, type.width, type.scale);
    if (!value) return false;
    switch (data::decimal_carrier(type.width)) {
      case TypeId::int16: return store(row, std::int16_t(*value));
      case TypeId::int32: return store(row, std::int32_t(*value));
      case TypeId::int64: return store(row, std::int64_t(*value));
      default: return store(row, duckdb_hugeint{std::uint64_t(*value), std::int64_t(*value >> 64)});
    }
  }

  bool store_interval(std::uint32_t row, std::string_view field) {
    duckdb_interval value{};
    value.micros = read_number<std::int64_t>(field.data());
    value.days = read_number<std::int32_t>(field.data() + 8);
    value.months = read_number<std::int32_t>(field.data() + 12);
    return store(row, value);
  }

  bool store_uuid(std::uint32_t row, std::string_view field) {
    const auto upper = read_number<std::uint64_t>(field.data()) ^ (std::uint64_t{1} << 63);
    return store(row,
                 duckdb_hugeint{read_number<std::uint64_t>(field.data() + 8), std::int64_t(upper)});
  }

  bool write_value(std::uint32_t row, std::string_view field) {
    const char* at = field.data();
    switch (x_job.column.wire) {
      case Wire::boolean: return store(row, at[0] != 0);
      case Wire::int2: return store(row, read_number<std::int16_t>(at));
      case Wire::int4: return store(row, read_number<std::int32_t>(at));
      case Wire::int8:
      case Wire::time: return store(row, read_number<std::int64_t>(at));
      case Wire::float4: return store(row, read_number<float>(at));
      case Wire::float8: return store(row, read_number<double>(at));
      case Wire::numeric: return store_decimal(row, field);
      case Wire::date: return store_moved(row, read_number<std::int32_t>(at), kDaysBetween);
      case Wire::timestamp: return store_moved(row, read_number<std::int64_t>(at), kMicrosBetween);
      case Wire::interval: return store_interval(row, field);
      case Wire::uuid: return store_uuid(row, field);
      case Wire::jsonb: return store_text(row, field.substr(1));
      case Wire::text:
      case Wire::bytea: return store_text(row, field);
    }
    return false;
  }

  const FieldColumn& x_job;
  std::vector<RowFault>& x_faults;
};

}  // namespace

void decode_fields(const FieldColumn& job, std::vector<RowFault>& faults) {
  Writer(job, faults).write();
}

}  // namespace leat::connectors::postgres
