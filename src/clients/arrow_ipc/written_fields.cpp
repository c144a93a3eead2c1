#include "clients/arrow_ipc/arrow_kinds.hpp"
#include "clients/arrow_ipc/fields.hpp"

namespace leat::arrow_ipc {
namespace {

using data::TypeId;
using Ref = FlatBuilder::Ref;

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
  if (type.is_nested()) return data::Type{TypeId::json, 0, 0, {}};
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
