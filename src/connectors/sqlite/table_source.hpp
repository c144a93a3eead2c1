#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/inputs.hpp"
#include "core/source.hpp"
#include "io/files.hpp"

namespace leat::connectors::sqlite {

/// What a source reads.
struct TableRead {
  std::filesystem::path file;  ///< Absolute.
  std::string shown;           ///< As the author wrote it.
  std::string table;           ///< Or, where it is empty:
  std::string query;
  std::vector<std::pair<std::string, data::Type>> types;  ///< Declared in the pipeline.
  std::chrono::milliseconds wait{0};
};

/// A source that reads one table or the rows of one SELECT, in one snapshot.
///
/// Shape    the columns of the table or SELECT. Types as the pipeline declares them, else as the
///          table does, else as the first 1,000 rows have them.
/// Missing  NULL is null; nothing else is.
/// Errors   config    no file, table or column of that name; a SELECT that is wrong, or writes.
///          external  busy; the file has changed since the slice was made.
std::unique_ptr<Source> open_table_source(io::FileSystem& files, TableRead read);

/// What is read, without its state.
Input input_of(const TableRead& read);

}  // namespace leat::connectors::sqlite
