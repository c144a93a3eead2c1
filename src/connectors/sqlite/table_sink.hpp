#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "core/sink.hpp"
#include "io/files.hpp"

namespace leat::connectors::sqlite {

/// What a table sink works on and with.
struct TableTarget {
  std::filesystem::path file;  ///< Absolute, links resolved.
  std::string shown;           ///< As the author wrote it.
  std::string table;
  bool overwrite = false;             ///< Replace a table that Leat did not make.
  std::chrono::milliseconds wait{0};  ///< For another writer.
  std::filesystem::path scratch;      ///< The stage lies here.
};

/// A sink that publishes one table: rows wait in a file of their own, and one short transaction
/// brings them into the table together with their receipt. architecture, section 3.
///
/// Promise   as Sink. A table that may refuse rows is asked by `seal`, in a transaction that leaves
///           nothing. Only while it looks, asks or commits is the database open. Other tables,
///           indexes, triggers and views are left alone; those of the table itself stay as long as
///           its columns do.
std::unique_ptr<Sink> open_table_sink(io::FileSystem& files, TableTarget target);

}  // namespace leat::connectors::sqlite
