#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "clients/arrow_ipc/flat_builder.hpp"
#include "clients/arrow_ipc/flat_reader.hpp"
#include "data/schema.hpp"

namespace leat::arrow_ipc {

/// How the values of a column lie in their buffers.
enum class Layout : std::uint8_t {
  nothing,     ///< All null, no buffers.
  bits,        ///< Booleans, eight a byte.
  plain,       ///< `width` bytes a value.
  offsets_32,  ///< Text or bytes behind 32-bit offsets.
  offsets_64,
  views,     ///< Text or bytes: 16 bytes a value, with a short one or the place of a longer one.
  lists_32,  ///< Lists or maps behind 32-bit offsets into their one child.
  lists_64,
  fixed_lists,  ///< `items` values of the one child a row; no buffer but that of nulls.
  structure,    ///< A value of each child a row; no buffer but that of nulls.
};

/// The numbers of a column whose values stand in a dictionary.
struct DictionaryUse {
  std::int64_t id = 0;
  std::uint32_t width = 4;  ///< Bytes of a number.
  bool is_signed = true;
};

/// A column of an Arrow schema, and what becomes of it here.
struct Field {
  std::string name;
  data::Type type;                ///< Ours; of a nested one `other` without a name.
  Layout layout = Layout::plain;  ///< Of the values; of a dictionary's where there is one.
  std::optional<DictionaryUse> dictionary;
  std::uint32_t width = 0;      ///< Of plain: bytes a value.
  std::int64_t multiply = 1;    ///< Date, time, timestamp: from the column's unit to ours,
  std::int64_t divide = 1;      ///< where only one of both is not 1.
  bool is_half = false;         ///< A float of 16 bits.
  std::vector<Field> children;  ///< Of a map one, a structure of key and value.
  std::uint32_t items = 0;      ///< Of fixed_lists.
  bool is_array = false;        ///< The engine's ARRAY; else fixed_lists, too, are its LIST.
  bool is_map = false;

  bool is_nested() const { return layout >= Layout::lists_32; }
  bool is_list() const { return layout == Layout::lists_32 || layout == Layout::lists_64; }
};

/// The one that has the dictionary of this number, of fields and all that is in them; or null.
const Field* user_of(const std::vector<Field>& fields, std::int64_t dictionary);
/// Has any of them, or of what is in them, a dictionary?
bool use_dictionaries(const std::vector<Field>& fields);
/// They and all that is in them.
std::size_t count_fields(const std::vector<Field>& fields);

/// The schema in a Schema table. Errors: config, naming a column whose type is not read.
Result<std::vector<Field>> read_fields(FlatReader& reader, FlatReader::Table schema);

/// Writes a Schema table. Every type must have an Arrow type: see `arrow_travel_type`.
FlatBuilder::Ref write_schema(FlatBuilder& builder, const data::Schema& schema);

/// The layout in which a column of this type is written.
Field written_field(const data::Column& column);

/// As which type a column travels into an Arrow file; nothing: as itself.
std::optional<data::Type> arrow_travel_type(const data::Type& type);

}  // namespace leat::arrow_ipc
