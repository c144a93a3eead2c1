#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "data/schema.hpp"

namespace leat::avro {

enum class Kind : std::uint8_t {
  null,
  boolean,
  int32,
  int64,
  float32,
  float64,
  bytes,
  text,
  fixed,
  symbols,  ///< An enum.
  record,
  list,
  map,
  either,  ///< A union.
};

/// What a value means beyond its kind.
enum class Meaning : std::uint8_t { plain, decimal, uuid, date, time, timestamp, timestamp_tz };

/// One type of a schema.
struct Node {
  Kind kind = Kind::null;
  Meaning meaning = Meaning::plain;
  std::uint32_t size = 0;      ///< Of fixed.
  std::uint8_t precision = 0;  ///< Of decimal, as scale.
  std::uint8_t scale = 0;
  std::int64_t multiply = 1;         ///< Time, timestamp: from its unit to microseconds,
  std::int64_t divide = 1;           ///< where only one of both is not 1.
  std::vector<std::string> names;    ///< Symbols of an enum, fields of a record.
  std::vector<std::uint32_t> items;  ///< Fields, branches, or the one type of what is inside.
};

/// The types of a file. A recursive type names itself among its items.
struct Types {
  std::vector<Node> nodes;
  std::uint32_t root = 0;
};

/// Errors: config, saying what is no Avro schema. Meanings that do not fit their kind are plain, as
/// the specification asks.
Result<Types> parse_types(std::string_view json);

/// A field of the record that is a row, and the column that it becomes.
struct Field {
  std::string name;
  data::Type type;
  std::uint32_t node = 0;         ///< Without its union with null.
  std::int32_t branches = 0;      ///< Of the union around it; 0: there is none.
  std::int32_t value_branch = 0;  ///< Which one holds the value.
  bool is_json = false;           ///< Nested: its text in Avro's JSON encoding.
};

/// Errors: config, rows that are no records, or two columns of one name, letter case aside.
Result<std::vector<Field>> fields_of(const Types& types);

/// The schema, as JSON, in which such columns are written: every one a union with null. Each must
/// have an Avro type: see `avro_travel_type`.
std::string schema_json(const data::Schema& schema);

/// As which type a column travels into an Avro file; nothing: as itself.
std::optional<data::Type> avro_travel_type(const data::Type& type);

/// Letters, digits and underscores, no digit first.
bool is_avro_name(std::string_view name);

}  // namespace leat::avro
