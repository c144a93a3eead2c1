#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "connectors/duckdb/table.hpp"
#include "core/sink.hpp"
#include "engine/session.hpp"
#include "io/files.hpp"

namespace leat::connectors::duckdb {

/// What a table sink works on and with.
struct TableTarget {
  std::filesystem::path file;  ///< Absolute, links resolved.
  std::string shown;           ///< As the author wrote it.
  TableName table;
  bool overwrite = false;         ///< Replace a table that Leat did not make.
  std::filesystem::path scratch;  ///< The stage lies here.
};

/// A sink that publishes one table: rows wait in a file of their own, and one short transaction
/// brings them into the table together with their receipt. architecture, section 3.
///
/// Promise   as Sink. Only while it looks or commits is the database open.
std::unique_ptr<Sink> open_table_sink(engine::Session& session, io::FileSystem& files,
                                      TableTarget target);

}  // namespace leat::connectors::duckdb
