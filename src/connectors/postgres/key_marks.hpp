#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "connectors/postgres/read_columns.hpp"

namespace leat::connectors::postgres {

/// Keys of a table at about even distances, in the order of the server.
struct KeyMarks {
  std::deque<std::string> keys;
  std::uint64_t rows_apart = 0;  ///< About; 0: there are none.
};

/// Marks from a sample of the pages of a table: to count its rows would cost a look at all of them.
/// None of a small table, of what is no table, and where nobody has ever looked how large it is.
///
/// `behind`: only keys that are greater; as the server writes them.
/// Errors   external  the server.
Result<KeyMarks> find_marks(leat::postgres::Connection& server, const TableRead& read,
                            const ServerColumn& key, const std::optional<std::string>& behind);

}  // namespace leat::connectors::postgres
