#include "clients/arrow_ipc/fields.hpp"

#include <array>
#include <optional>
#include <tuple>
#include <utility>

#include "clients/arrow_ipc/broken.hpp"

namespace leat::arrow_ipc {
namespace {

using data::TypeId;
using Ref = FlatBuilder::Ref;

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

constexpr std::array<std::string_view, 25> kNames{"nothing",
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

/// Seconds, milliseconds, microseconds, nanoseconds as microseconds.
constexpr std::array<std::pair<std::int64_t, std::int64_t>, 4> kUnits{
    {{1'000'000, 1}, {1'000, 1}, {1, 1}, {1, 1'000}}};
constexpr std::int64_t kMillisADay = 86'400'000;

Error not_read(const Field& field, std::string_view what) {
  return Error(Fault::config, "column `" + field.name + "` of Arrow type " + std::string(what) +
                                  " is not read yet")
      .hint("write it as a plain type, or leave the column out");
}

void set(Field& field, TypeId id, Layout layout, std::uint32_t width = 0) {
  field.type = {id, 0, 0, {}};
  field.layout = layout;
  field.width = width;
}

Status read_int(FlatReader::Table type, Field& field) {
  const bool is_signed = type.scalar<bool>(1, false);
  const auto bits = type.scalar<std::int32_t>(0, 0);
  switch (bits) {
    case 8: set(field, is_signed ? TypeId::int8 : TypeId::uint8, Layout::plain, 1); break;
    case 16: set(field, is_signed ? TypeId::int16 : TypeId::uint16, Layout::plain, 2); break;
    case 32: set(field, is_signed ? TypeId::int32 : TypeId::uint32, Layout::plain, 4); break;
    case 64: set(field, is_signed ? TypeId::int64 : TypeId::uint64, Layout::plain, 8); break;
    default: return not_read(field, "int of " + std::to_string(bits) + " bits");
  }
  return {};
}

Status read_float(FlatReader::Table type, Field& field) {
  switch (type.scalar<std::int16_t>(0, 0)) {
    case 0:
      set(field, TypeId::float32, Layout::plain, 2);
      field.is_half = true;
      break;
    case 1: set(field, TypeId::float32, Layout::plain, 4); break;
    case 2: set(field, TypeId::float64, Layout::plain, 8); break;
    default: return not_read(field, "float");
  }
  return {};
}

Status read_decimal(FlatReader::Table type, Field& field) {
  const auto width = type.scalar<std::int32_t>(0, 0);
  const auto scale = type.scalar<std::int32_t>(1, 0);
  const auto bits = type.scalar<std::int32_t>(2, 128);
  if (bits != 128 || width < 1 || width > 38 || scale < 0 || scale > width) {
    return not_read(field, "decimal" + std::to_string(bits) + "(" + std::to_string(width) + ", " +
                               std::to_string(scale) + ")");
  }
  set(field, TypeId::decimal, Layout::plain, 16);
  field.type.width = static_cast<std::uint8_t>(width);
  field.type.scale = static_cast<std::uint8_t>(scale);
  return {};
}

Status read_time_unit(std::int16_t unit, Field& field) {
  if (unit < 0 || unit > 3) return not_read(field, "time");
  std::tie(field.multiply, field.divide) = kUnits[static_cast<std::size_t>(unit)];
  return {};
}

Status read_date(FlatReader::Table type, Field& field) {
  const bool is_millis = type.scalar<std::int16_t>(0, 1) == 1;
  set(field, TypeId::date, Layout::plain, is_millis ? 8 : 4);
  if (is_millis) field.divide = kMillisADay;
  return {};
}

Status read_time(FlatReader::Table type, Field& field) {
  const auto bits = type.scalar<std::int32_t>(1, 32);
  if (bits != 32 && bits != 64) return not_read(field, "time");
  set(field, TypeId::time, Layout::plain, static_cast<std::uint32_t>(bits / 8));
  return read_time_unit(type.scalar<std::int16_t>(0, 1), field);
}

Status read_timestamp(FlatReader::Table type, Field& field) {
  const bool has_zone = !type.text(1).empty();
  set(field, has_zone ? TypeId::timestamp_tz : TypeId::timestamp, Layout::plain, 8);
  return read_time_unit(type.scalar<std::int16_t>(0, 0), field);
}

Status read_fixed_binary(FlatReader::Table type, Field& field) {
  const auto width = type.scalar<std::int32_t>(0, 0);
  if (width < 1) return not_read(field, "fixed_size_binary");
  set(field, TypeId::blob, Layout::plain, static_cast<std::uint32_t>(width));
  return {};
}

Status read_type(std::uint8_t kind, FlatReader::Table type, Field& field) {
  switch (kind) {
    case kNull: set(field, TypeId::varchar, Layout::nothing); return {};
    case kInt: return read_int(type, field);
    case kFloat: return read_float(type, field);
    case kBinary: set(field, TypeId::blob, Layout::offsets_32); return {};
    case kLargeBinary: set(field, TypeId::blob, Layout::offsets_64); return {};
    case kUtf8: set(field, TypeId::varchar, Layout::offsets_32); return {};
    case kLargeUtf8: set(field, TypeId::varchar, Layout::offsets_64); return {};
    case kBinaryView: set(field, TypeId::blob, Layout::views); return {};
    case kUtf8View: set(field, TypeId::varchar, Layout::views); return {};
    case kBool: set(field, TypeId::boolean, Layout::bits); return {};
    case kDecimal: return read_decimal(type, field);
    case kDate: return read_date(type, field);
    case kTime: return read_time(type, field);
    case kTimestamp: return read_timestamp(type, field);
    case kFixedBinary: return read_fixed_binary(type, field);
    default: break;
  }
  return not_read(field, kind < kNames.size() ? kNames[kind] : "unknown");
}

Result<DictionaryUse> read_dictionary(FlatReader::Table encoding, const Field& field) {
  DictionaryUse use;
  use.id = encoding.scalar<std::int64_t>(0, 0);
  auto numbers = encoding.table(1);
  if (!numbers) return use;
  const auto bits = numbers->scalar<std::int32_t>(0, 0);
  if (bits != 8 && bits != 16 && bits != 32 && bits != 64) return not_read(field, "dictionary");
  use.width = static_cast<std::uint32_t>(bits / 8);
  use.is_signed = numbers->scalar<bool>(1, false);
  return use;
}

/// Is read once, as the values of the first column that has it.
bool shares_values(const Field& a, const Field& b) {
  return a.type == b.type && a.layout == b.layout && a.width == b.width;
}

Status require_one_kind(const std::vector<Field>& fields, const Field& field) {
  for (const auto& other : fields) {
    const bool is_same_one =
        field.dictionary && other.dictionary && field.dictionary->id == other.dictionary->id;
    if (!is_same_one || shares_values(field, other)) continue;
    return broken("columns `" + other.name + "` and `" + field.name +
                  "` have one dictionary for values of different types");
  }
  return {};
}

struct WrittenType {
  Kind kind;
  Ref ref;
};

WrittenType write_plain(FlatBuilder& builder, TypeId id) {
  FlatBuilder::Table table(builder);
  const auto integer = [&](std::int32_t bits, bool is_signed) {
    return WrittenType{kInt, table.scalar(0, bits).scalar(1, is_signed).end()};
  };
  switch (id) {
    case TypeId::boolean: return {kBool, table.end()};
    case TypeId::int8: return integer(8, true);
    case TypeId::int16: return integer(16, true);
    case TypeId::int32: return integer(32, true);
    case TypeId::int64: return integer(64, true);
    case TypeId::uint8: return integer(8, false);
    case TypeId::uint16: return integer(16, false);
    case TypeId::uint32: return integer(32, false);
    case TypeId::uint64: return integer(64, false);
    case TypeId::float32: return {kFloat, table.scalar(0, std::int16_t{1}).end()};
    case TypeId::float64: return {kFloat, table.scalar(0, std::int16_t{2}).end()};
    case TypeId::blob: return {kBinary, table.end()};
    case TypeId::date: return {kDate, table.scalar(0, std::int16_t{0}).end()};
    case TypeId::time:
      return {kTime, table.scalar(1, std::int32_t{64}).scalar(0, std::int16_t{2}).end()};
    case TypeId::timestamp: return {kTimestamp, table.scalar(0, std::int16_t{2}).end()};
    default: return {kUtf8, table.end()};
  }
}

WrittenType write_type(FlatBuilder& builder, const data::Type& type) {
  if (type.id == TypeId::decimal) {
    FlatBuilder::Table table(builder);
    table.scalar(0, std::int32_t{type.width}).scalar(1, std::int32_t{type.scale});
    return {kDecimal, table.scalar(2, std::int32_t{128}).end()};
  }
  if (type.id == TypeId::timestamp_tz) {
    const Ref zone = builder.string("UTC");
    FlatBuilder::Table table(builder);
    return {kTimestamp, table.reference(1, zone).scalar(0, std::int16_t{2}).end()};
  }
  return write_plain(builder, type.id);
}

}  // namespace

Result<std::vector<Field>> read_fields(FlatReader& reader, FlatReader::Table schema) {
  if (schema.scalar<std::int16_t>(0, 0) != 0) {
    return Error(Fault::config, "its numbers are big-endian, which is not read");
  }
  const auto list = schema.list(1, 4);
  std::vector<Field> fields;
  data::Schema names;
  for (std::uint32_t i = 0; i < list.size; ++i) {
    auto table = reader.table_in(list, i);
    Field field;
    field.name = std::string(table.text(0));
    if (names.find(field.name)) {
      return Error(Fault::config, "two columns are called `" + field.name + "`, letter case aside");
    }
    names.columns.push_back({field.name, {}, true});
    if (const auto encoding = table.table(4)) {
      TRY(field.dictionary, read_dictionary(*encoding, field));
    }
    const auto type = table.table(3);
    if (!type) return not_read(field, "nothing");
    TRY(read_type(table.scalar<std::uint8_t>(2, 0), *type, field));
    TRY(require_one_kind(fields, field));
    fields.push_back(std::move(field));
  }
  if (reader.is_broken()) return Error(Fault::external, "its schema is broken");
  return fields;
}

FlatBuilder::Ref write_schema(FlatBuilder& builder, const data::Schema& schema) {
  std::vector<Ref> fields;
  for (const auto& column : schema.columns) {
    const Ref name = builder.string(column.name);
    const Ref children = builder.references({});
    const auto type = write_type(builder, column.type);
    FlatBuilder::Table table(builder);
    table.reference(0, name).reference(3, type.ref).reference(5, children);
    fields.push_back(table.scalar(2, std::uint8_t{type.kind}).scalar(1, true).end());
  }
  const Ref list = builder.references(fields);
  FlatBuilder::Table table(builder);
  return table.reference(1, list).scalar(0, std::int16_t{0}).end();
}

Field written_field(const data::Column& column) {
  Field field;
  field.name = column.name;
  field.type = column.type;
  switch (column.type.id) {
    case TypeId::boolean: field.layout = Layout::bits; break;
    case TypeId::int8:
    case TypeId::uint8: field.width = 1; break;
    case TypeId::int16:
    case TypeId::uint16: field.width = 2; break;
    case TypeId::int32:
    case TypeId::uint32:
    case TypeId::float32:
    case TypeId::date: field.width = 4; break;
    case TypeId::decimal: field.width = 16; break;
    case TypeId::varchar:
    case TypeId::json:
    case TypeId::blob: field.layout = Layout::offsets_32; break;
    default: field.width = 8; break;
  }
  return field;
}

std::optional<data::Type> arrow_travel_type(const data::Type& type) {
  switch (type.id) {
    case TypeId::int128:
    case TypeId::uint128:
    case TypeId::interval:
    case TypeId::uuid:
    case TypeId::other: return data::Type{TypeId::varchar, 0, 0, {}};
    default: return std::nullopt;
  }
}

}  // namespace leat::arrow_ipc
