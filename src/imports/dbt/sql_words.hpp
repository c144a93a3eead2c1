#pragma once

#include <string>

namespace leat::imports::dbt {

/// The name of a table as SQL takes it: in quotes where it is a word of SQL.
std::string table_name(const std::string& name);

}  // namespace leat::imports::dbt
