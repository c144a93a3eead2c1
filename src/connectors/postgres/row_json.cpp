#include <cmath>
#include <nlohmann/json.hpp>

#include "connectors/postgres/encode.hpp"
#include "connectors/postgres/numeric.hpp"
#include "kernels/render.hpp"

namespace leat::connectors::postgres {
namespace {

using data::Type;
using data::TypeId;
using nlohmann::json;

constexpr std::int64_t kMicrosOf400Years = std::int64_t{146'097} * 86'400'000'000;

json number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  return value;
}

template <typename T>
json time_text(std::string_view bytes, T between, TypeId id) {
  const auto value = read_number<T>(bytes.data());
  if (value == std::numeric_limits<T>::max()) return "infinity";
  if (value == std::numeric_limits<T>::min()) return "-infinity";
  const auto ours = kernels::Int128(value) + between;
  const auto render = [&](kernels::Int128 at) {
    return kernels::render_integer(kernels::UInt128(at), Type{id, 0, 0, {}});
  };
  if (ours <= std::numeric_limits<std::int64_t>::max()) return render(ours);
  // Later than the engine's last moment: the calendar comes again after 400 years.
  const auto text = render(ours - kMicrosOf400Years);
  const auto year = text.find('-');
  return std::to_string(std::stol(text.substr(0, year)) + 400) + text.substr(year);
}

json interval_text(std::string_view bytes) {
  duckdb_interval value{};
  value.micros = read_number<std::int64_t>(bytes.data());
  value.days = read_number<std::int32_t>(bytes.data() + 8);
  value.months = read_number<std::int32_t>(bytes.data() + 12);
  return kernels::render_interval(value);
}

json uuid_text(std::string_view bytes) {
  const auto upper = read_number<std::uint64_t>(bytes.data());
  const auto lower = read_number<std::uint64_t>(bytes.data() + 8);
  const auto carrier = (kernels::UInt128(upper ^ (std::uint64_t{1} << 63)) << 64) | lower;
  return kernels::render_integer(carrier, Type{TypeId::uuid, 0, 0, {}});
}

json value_of(std::string_view bytes, const WireColumn& column) {
  switch (column.wire) {
    case Wire::boolean: return bytes[0] != 0;
    case Wire::int2: return read_number<std::int16_t>(bytes.data());
    case Wire::int4: return read_number<std::int32_t>(bytes.data());
    case Wire::int8: return read_number<std::int64_t>(bytes.data());
    case Wire::float4: return number(double(read_number<float>(bytes.data())));
    case Wire::float8: return number(read_number<double>(bytes.data()));
    case Wire::numeric: return numeric_text(bytes).value_or("");
    case Wire::bytea: return kernels::render_blob(bytes);
    case Wire::jsonb: return std::string(bytes.substr(1));
    case Wire::date: return time_text<std::int32_t>(bytes, kDaysBetween, TypeId::date);
    case Wire::time: return time_text<std::int64_t>(bytes, 0, TypeId::time);
    case Wire::timestamp: return time_text<std::int64_t>(bytes, kMicrosBetween, column.type.id);
    case Wire::interval: return interval_text(bytes);
    case Wire::uuid: return uuid_text(bytes);
    case Wire::text: return std::string(bytes);
  }
  return nullptr;
}

}  // namespace

std::string row_json(std::string_view row, const std::vector<WireColumn>& columns) {
  auto object = nlohmann::ordered_json::object();
  std::size_t at = 2;
  for (const auto& column : columns) {
    const auto size = read_number<std::int32_t>(row.data() + at);
    at += 4;
    if (size < 0) {
      object[column.name] = nullptr;
      continue;
    }
    object[column.name] = value_of(row.substr(at, std::size_t(size)), column);
    at += std::size_t(size);
  }
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace leat::connectors::postgres
