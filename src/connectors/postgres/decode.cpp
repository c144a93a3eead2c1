#include "connectors/postgres/decode.hpp"

#include <cstring>
#include <limits>
#include <optional>

#include "base/utf8.hpp"
#include "clients/text_values/engine_text.hpp"
#include "connectors/postgres/numeric.hpp"
#include "data/chunk_view.hpp"

namespace leat::connectors::postgres {
namespace {

using data::TypeId;

/// Writes the fields of one vector.
class Writer {
 public:
  Writer(const FieldColumn& job, std::vector<RowFault>& faults)
      : x_job(job), x_faults(faults), x_values(duckdb_vector_get_data(job.vector)) {}

  void write() {
    switch (x_job.column.wire) {
      case Wire::boolean:
        return each([this](auto row, auto field) { return store(row, field[0] != 0); });
      case Wire::int2: return numbers<std::int16_t>();
      case Wire::int4: return numbers<std::int32_t>();
      case Wire::int8:
      case Wire::time: return numbers<std::int64_t>();
      case Wire::float4: return numbers<float>();
      case Wire::float8: return numbers<double>();
      case Wire::numeric: return numerics();
      case Wire::date: return moved<std::int32_t>(kDaysBetween);
      case Wire::timestamp: return moved<std::int64_t>(kMicrosBetween);
      case Wire::interval:
        return each([this](auto row, auto field) { return store_interval(row, field); });
      case Wire::uuid: return each([this](auto row, auto field) { return store_uuid(row, field); });
      case Wire::jsonb:
        return each([this](auto row, auto field) { return store_text(row, field.substr(1)); });
      case Wire::text:
      case Wire::bytea: return texts();
    }
  }

 private:
  /// `put` is false where the field is no value of the column's type.
  template <typename Put>
  void each(Put put) {
    for (std::uint32_t row = 0; row < x_job.fields.size(); ++row) {
      const auto field = x_job.fields[row];
      if (field.data() == nullptr) {
        set_null(row);
      } else if (!put(row, field)) {
        set_null(row);
        x_faults.push_back({row, x_job.column.name, complaint(field)});
      }
    }
  }

  template <typename T>
  void numbers() {
    each([this](auto row, auto field) { return this->store(row, read_number<T>(field.data())); });
  }

  void texts() {
    if (x_job.column.type.id == TypeId::blob) {
      return each([this](auto row, auto field) { return store_bytes(row, field); });
    }
    each([this](auto row, auto field) { return store_text(row, field); });
  }

  void numerics() {
    switch (data::decimal_carrier(x_job.column.type.width)) {
      case TypeId::int16: return decimals<std::int16_t>();
      case TypeId::int32: return decimals<std::int32_t>();
      case TypeId::int64: return decimals<std::int64_t>();
      default: return decimals<kernels::Int128>();
    }
  }

  template <typename T>
  void decimals() {
    const auto& type = x_job.column.type;
    each([&](auto row, auto field) {
      const auto value = numeric_value(field, type.width, type.scale);
      return value && store(row, T(*value));
    });
  }

  /// Counted from 1970, with the engine's infinities.
  template <typename T>
  void moved(T by) {
    each([this, by](auto row, auto field) {
      constexpr T kMax = std::numeric_limits<T>::max();
      const auto value = read_number<T>(field.data());
      if (value == kMax) return this->store(row, kMax);
      if (value == std::numeric_limits<T>::min()) return this->store(row, T(-kMax));
      return value < kMax - by && this->store(row, T(value + by));
    });
  }

  std::string complaint(std::string_view field) const {
    if (is_no_json(field)) {
      return "JSON cannot tell the array `" + std::string(field.substr(1)) +
             "`: declare the column as text";
    }
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

  /// The engine aligns 16-byte values to 8 only.
  template <typename T>
  bool store(std::uint32_t row, T value) {
    std::memcpy(static_cast<char*>(x_values) + row * sizeof(T), &value, sizeof(T));
    return true;
  }

  bool store_bytes(std::uint32_t row, std::string_view bytes) {
    return store(row, text_values::engine_text(bytes.data(), std::uint32_t(bytes.size())));
  }

  bool store_text(std::uint32_t row, std::string_view text) {
    if (is_no_json(text)) return false;
    return is_valid_utf8(text) && store_bytes(row, text);
  }

  bool is_no_json(std::string_view field) const {
    return x_job.column.type.id == TypeId::json && x_job.column.wire == Wire::text &&
           field.starts_with(kNoJson);
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

  const FieldColumn& x_job;
  std::vector<RowFault>& x_faults;
  void* const x_values;
};

}  // namespace

void decode_fields(const FieldColumn& job, std::vector<RowFault>& faults) {
  Writer(job, faults).write();
}

}  // namespace leat::connectors::postgres
