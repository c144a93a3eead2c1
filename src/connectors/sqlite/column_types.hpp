#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "data/type.hpp"

namespace leat::connectors::sqlite {

/// What a column's declared type says of its values; nothing when it says nothing ("", "NUMERIC").
/// Any integer is a bigint and any float a double, as SQLite stores them.
std::optional<data::Type> type_of_declared(std::string_view declared);

/// The declared type of a column that Leat makes. SQLite's rules of affinity keep the values of the
/// stage under it as they are; `type_of_declared` leads back to a type that holds all of them.
std::string declared_of(const data::Type& type);

/// As which type a column waits in the stage; nothing: as itself.
std::optional<data::Type> stage_type(const data::Type& type);

}  // namespace leat::connectors::sqlite
