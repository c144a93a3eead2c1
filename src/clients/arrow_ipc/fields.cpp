#include "clients/arrow_ipc/fields.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/names.hpp"
#include "base/utf8.hpp"
#include "clients/arrow_ipc/arrow_kinds.hpp"
#include "clients/arrow_ipc/broken.hpp"

namespace leat::arrow_ipc {
namespace {

using data::TypeId;

/// Seconds, milliseconds, microseconds, nanoseconds as microseconds.
constexpr std::array<std::pair<std::int64_t, std::int64_t>, 4> kUnits{
    {{1'000'000, 1}, {1'000, 1}, {1, 1}, {1, 1'000}}};
constexpr std::int64_t kMillisADay = 86'400'000;
constexpr int kDepthMax = 64;
constexpr std::size_t kChildrenMax = 100'000;  ///< Of a schema, in all.
/// So many values a row the engine holds room for in each of its chunks.
constexpr std::uint64_t kArrayItemsMax = 4'096;

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
  return not_read(field, kind < kKindNames.size() ? kKindNames[kind] : "unknown");
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

/// Values of a leaf that one of the engine's vectors holds for one of this field.
std::uint64_t values_a_row(const Field& field) {
  std::uint64_t values = field.is_nested() && !field.is_list() ? 0 : 1;
  for (const auto& child : field.children) {
    if (field.layout == Layout::structure) values += values_a_row(child);
    if (field.layout == Layout::fixed_lists) {
      values = field.is_array ? field.items * values_a_row(child) : 1;
    }
  }
  return values;
}

/// Reads the columns of a schema with all that is in them.
class Fields {
 public:
  explicit Fields(FlatReader& reader) : x_reader(reader) {}

  Result<std::vector<Field>> read(const FlatReader::List& list, const Field* parent, int depth) {
    std::vector<Field> fields;
    std::unordered_set<std::string> names;
    for (std::uint32_t i = 0; i < list.size; ++i) {
      TRY(auto field, read_one(x_reader.table_in(list, i), parent, depth));
      if (x_reader.is_broken()) return Error(Fault::external, "its schema is broken");
      if (!names.insert(to_lower(field.name)).second) return come_twice(field, parent);
      fields.push_back(std::move(field));
    }
    return fields;
  }

 private:
  static Error come_twice(const Field& field, const Field* parent) {
    return Error(Fault::config, (parent == nullptr ? std::string("two columns are")
                                                   : "two fields of `" + parent->name + "` are") +
                                    " called `" + field.name + "`, letter case aside");
  }

  /// Within it, `name` tells the way to the field; at the end only what the field is called.
  Result<Field> read_one(FlatReader::Table table, const Field* parent, int depth) {
    Field field;
    const auto name = std::string(table.text(0));
    if (!is_valid_utf8(name) || name.find('\0') != name.npos) {
      return broken("the name of a column is no text");
    }
    field.name = parent == nullptr ? name : parent->name + "." + name;
    if (const auto encoding = table.table(4)) {
      TRY(field.dictionary, read_dictionary(*encoding, field));
    }
    const auto type = table.table(3);
    if (!type) return not_read(field, "nothing");
    const auto kind = table.scalar<std::uint8_t>(2, 0);
    if (kind == kList || kind == kLargeList || kind == kFixedList || kind == kStruct ||
        kind == kMap) {
      if (field.dictionary) return not_read(field, "dictionary of nested values");
      TRY(read_children(table, depth, field));
      TRY(read_nested(kind, *type, field));
    } else {
      TRY(read_type(kind, *type, field));
    }
    TRY(require_one_kind(field));
    field.name = name;
    return field;
  }

  Status read_children(FlatReader::Table table, int depth, Field& field) {
    const auto list = table.list(5, 4);
    x_children += list.size;
    if (depth == kDepthMax) return broken("its columns are nested more than 64 times");
    if (x_children > kChildrenMax) return broken("its columns have more than 100,000 fields");
    TRY(field.children, read(list, &field, depth + 1));
    return {};
  }

  static Status read_nested(std::uint8_t kind, FlatReader::Table type, Field& field) {
    set(field, TypeId::other, kind == kLargeList ? Layout::lists_64 : Layout::lists_32);
    if (kind == kStruct) return read_struct(field);
    if (field.children.size() != 1) return broken("`" + field.name + "` has no one kind of items");
    if (kind == kFixedList) return read_fixed_list(type, field);
    if (kind == kMap) return read_map(field);
    return {};
  }

  static Status read_struct(Field& field) {
    field.layout = Layout::structure;
    if (field.children.empty()) return not_read(field, "struct without fields");
    for (const auto& child : field.children) {
      if (child.name.empty()) return not_read(field, "struct with a field that has no name");
    }
    return {};
  }

  static Status read_fixed_list(FlatReader::Table type, Field& field) {
    const auto items = type.scalar<std::int32_t>(0, 0);
    if (items < 0) return broken("`" + field.name + "` has lists shorter than nothing");
    field.layout = Layout::fixed_lists;
    field.items = static_cast<std::uint32_t>(items);
    const auto values = field.items * values_a_row(field.children[0]);
    field.is_array = values > 0 && values <= kArrayItemsMax;
    return {};
  }

  static Status read_map(Field& field) {
    field.is_map = true;
    const auto& pair = field.children[0];
    const bool is_pair = pair.layout == Layout::structure && pair.children.size() == 2;
    return is_pair ? Status() : Status(broken("`" + field.name + "` has no keys and values"));
  }

  Status require_one_kind(const Field& field) {
    if (!field.dictionary) return {};
    const auto [at, is_new] = x_users.emplace(field.dictionary->id, field);
    if (is_new || shares_values(field, at->second)) return {};
    return broken("columns `" + at->second.name + "` and `" + field.name +
                  "` have one dictionary for values of different types");
  }

  FlatReader& x_reader;
  std::size_t x_children = 0;
  std::unordered_map<std::int64_t, Field> x_users;  ///< The first field of each dictionary.
};

}  // namespace

Result<std::vector<Field>> read_fields(FlatReader& reader, FlatReader::Table schema) {
  if (schema.scalar<std::int16_t>(0, 0) != 0) {
    return Error(Fault::config, "its numbers are big-endian, which is not read");
  }
  const auto list = schema.list(1, 4);
  if (reader.is_broken()) return Error(Fault::external, "its schema is broken");
  return Fields(reader).read(list, nullptr, 0);
}

const Field* user_of(const std::vector<Field>& fields, std::int64_t dictionary) {
  for (const auto& field : fields) {
    if (field.dictionary && field.dictionary->id == dictionary) return &field;
    if (const auto* inner = user_of(field.children, dictionary)) return inner;
  }
  return nullptr;
}

bool use_dictionaries(const std::vector<Field>& fields) {
  return std::any_of(fields.begin(), fields.end(), [](const Field& field) {
    return field.dictionary || use_dictionaries(field.children);
  });
}

std::size_t count_fields(const std::vector<Field>& fields) {
  std::size_t count = fields.size();
  for (const auto& field : fields) count += count_fields(field.children);
  return count;
}

}  // namespace leat::arrow_ipc
