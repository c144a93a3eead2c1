#pragma once

#include <string>
#include <vector>

#include "connectors/postgres/encode.hpp"
#include "connectors/postgres/table_source.hpp"

namespace leat::connectors::postgres {

/// Before the text of an array that JSON cannot tell.
inline constexpr const char* kNoJson = "=";

/// A column that is read: what it is to us, how it travels, and the SQL that makes it.
struct ReadColumn {
  std::string name;
  data::Type type;
  Wire wire = Wire::text;
  bool is_text = false;  ///< It travels as text, which is then read as `type`.
  std::string sql;
  bool operator==(const ReadColumn&) const = default;
};

/// All of them as the engine meets them.
data::Schema schema_of(const std::vector<ReadColumn>& columns);

/// A column as the server has it.
struct ServerColumn {
  std::string name;
  std::string type;  ///< SQL.
};

/// The column of what is read that the author means; `whose` says what for: "the cursor".
/// Errors   config  there is none.
Result<ServerColumn> find_server_column(leat::postgres::Connection& server, const TableRead& read,
                                        const std::string& name, const std::string& whose);

/// The SELECT whose rows are read, before it is known which columns are wanted.
std::string base_select(const TableRead& read);

/// Errors   config  no such table or column; two columns of one name; SQL that is wrong.
Result<std::vector<ReadColumn>> find_columns(leat::postgres::Connection& server,
                                             const TableRead& read);

}  // namespace leat::connectors::postgres
