#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "engine/session.hpp"

namespace leat::app {

struct QueryOptions {
  std::filesystem::path database;  ///< A DuckDB file to look into, read-only; empty: none.
  std::size_t rows_max = 0;        ///< 0: all.
};

/// Runs one SELECT over plain files ('out/x.parquet') and, if asked, a DuckDB file.
/// Promise   reads only.
Result<engine::TextTable> query(const std::string& sql, const QueryOptions& options);

}  // namespace leat::app
