#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/names.hpp"
#include "base/result.hpp"
#include "connectors/duckdb/attachment.hpp"
#include "data/schema.hpp"

namespace leat::connectors::duckdb {

/// A table of the attached file.
struct TableName {
  std::string schema = "main";
  std::string table;

  /// For SQL: with the name of the attachment, quoted.
  std::string sql() const { return sql_of(table); }
  /// Another table of the same schema.
  std::string sql_of(std::string_view other) const {
    return std::string(kAttached) + "." + quote_identifier(schema) + "." + quote_identifier(other);
  }
  /// For people: "county_health", "mart.county_health".
  std::string shown() const { return schema == "main" ? table : schema + "." + table; }
};

/// The columns of a table of the attached file; none when it is not there.
Result<std::vector<data::Column>> columns_of(engine::Session& session, const TableName& table);

/// One statement that changes rows; how many it changed.
Result<std::uint64_t> change_rows(engine::Session& session, const std::string& sql);

}  // namespace leat::connectors::duckdb
