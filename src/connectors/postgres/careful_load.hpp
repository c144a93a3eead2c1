#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "clients/postgres/connection.hpp"
#include "connectors/postgres/copy_file.hpp"
#include "core/sink.hpp"

namespace leat::connectors::postgres {

/// What is loaded, and from where.
struct CarefulLoad {
  leat::postgres::Connection& server;  ///< Within the transaction that the rows belong to.
  io::FileSystem& files;
  std::filesystem::path rows;  ///< A CopyFile. What the server refuses is taken out of it.
  const std::vector<WireColumn>& columns;
  std::string copy_sql;  ///< COPY … FROM STDIN (FORMAT binary)
  /// What is to be done with the rows then, and how many it took on; empty: nothing.
  std::function<Result<std::uint64_t>()> settle;
  /// What to tell where the server has not stored each row that it took.
  std::function<Error(std::uint64_t sent, std::uint64_t taken)> other_rows;
};

/// Loads rows of which the server refuses some: block by block, each behind a savepoint; a block
/// that it does not take is halved until the rows stand alone that it refuses.
///
/// Errors   data  it refuses too many of them. Others as Connection.
Result<Staged> load_carefully(const CarefulLoad& load);

}  // namespace leat::connectors::postgres
