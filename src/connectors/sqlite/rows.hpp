#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "clients/sqlite/database.hpp"
#include "core/source.hpp"

namespace leat::connectors::sqlite {

/// A SELECT over the file, ready to be stepped.
struct OpenRead {
  leat::sqlite::Database database;
  leat::sqlite::Statement select;
  bool has_rowid = false;  ///< The last column is the row's number in its table.
};

/// Whether a row is read, by its values as they are stored; empty: all are.
using KeepStored = std::function<bool(const std::vector<std::string>&)>;

/// The rows of a SELECT, in one thread.
std::unique_ptr<ChunkSource> step_rows(OpenRead read, data::Schema schema, std::string shown,
                                       const CancelToken* cancel, KeepStored keep = {});

}  // namespace leat::connectors::sqlite
