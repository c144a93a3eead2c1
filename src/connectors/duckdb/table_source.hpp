#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/source.hpp"
#include "engine/session.hpp"
#include "io/files.hpp"

namespace leat::connectors::duckdb {

/// What is read of a DuckDB file: a table or view, or one SELECT over its tables.
struct TableRead {
  std::filesystem::path file;
  std::string shown;  ///< The path as the pipeline has it.
  std::string schema = "main";
  std::string table;
  std::string query;  ///< Instead of `table`.
};

/// Reads it by the engine's own scan. The session and the disk outlive the source.
std::unique_ptr<Source> open_table_source(engine::Session& session, io::FileSystem& files,
                                          TableRead read);

}  // namespace leat::connectors::duckdb
