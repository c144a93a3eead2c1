#pragma once

#include <optional>
#include <string>

#include "data/type.hpp"

namespace leat::connectors::postgres {

/// A type of the server's.
struct PgType {
  std::string
      base;         ///< Its name in pg_type, of a domain that of what it rests on: "int4", "_text".
  std::string sql;  ///< "character varying(20)"
  std::int32_t modifier = -1;
  bool is_enum = false;
  bool is_scalar = false;  ///< The server says so, whatever its name begins with.

  /// Of a numeric with both numbers; nothing when any number fits.
  std::optional<std::pair<int, int>> width_and_scale() const;
  bool is_array() const { return !is_scalar && base.size() > 1 && base[0] == '_'; }
};

/// How the values of one column travel in a binary COPY.
enum class Wire : unsigned char {
  boolean,
  int2,
  int4,
  int8,
  float4,
  float8,
  numeric,
  text,
  bytea,
  jsonb,
  date,
  time,
  timestamp,
  interval,
  uuid,
};

/// How a column of ours goes into one of the server's.
struct Carriage {
  Wire wire = Wire::text;
  std::optional<data::Type> travels_as;  ///< What the engine makes of it first.
  /// Not empty: it comes as text, and this SQL with the column's name for each `?` is its value.
  std::string cast = {};
};

/// What a column becomes in a table that Leat makes.
PgType type_for(const data::Type& type);

/// Nothing where values of ours would not stay what they are.
std::optional<Carriage> carriage(const data::Type& ours, const PgType& there);

/// Has a type no equality, so that no strategy can tell whether a value has changed?
bool is_incomparable(const PgType& type);

/// How values that the type's `=` holds equal are told apart.
struct Apart {
  std::string rest = {};  ///< SQL that is another then, `?` the column; empty: they are the same.
  bool by_image = false;  ///< Only their image tells.
};
Apart apart(const PgType& type);

/// What a column of a SELECT is to us; nothing: it is read as text.
std::optional<data::Type> type_of(const PgType& type);

/// How values of a type that `type_of` has told travel here.
Wire wire_of(const data::Type& type, const PgType& from);

}  // namespace leat::connectors::postgres
