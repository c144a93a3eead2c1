#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/cancel.hpp"
#include "base/result.hpp"
#include "data/schema.hpp"

namespace leat::engine {

struct SessionOptions {
  std::size_t threads = 0;            ///< 0: as many as there are cores.
  std::uint64_t memory_bytes = 0;     ///< 0: a quarter of the machine's memory.
  std::filesystem::path temp_folder;  ///< It is there; spill goes into a folder in it, which is
                                      ///< removed at the end.
  bool keeps_order = false;  ///< Rows stay in the order they are read in; then one thread writes.
};

/// One row of a small result, each cell as the engine prints it; nothing for null.
using TextRow = std::vector<std::optional<std::string>>;

struct TextTable {
  data::Schema schema;
  std::vector<TextRow> rows;
};

/// An embedded, empty database of our own in memory, with no way to the network and no file of
/// its own but spill.
///
/// Threads   one statement at a time a session; a statement uses several threads itself. It is
///           gone before the thread that ends the program loses its thread_local objects, so
///           never in static storage: the engine's own are among them.
/// Errors    config    the statement is wrong (its place is in the diagnostics, see sql.hpp).
///           external  disk full, file unreadable, locked by somebody else (busy).
///           internal  the engine's own.
class Session {
 public:
  static Result<std::unique_ptr<Session>> open(const SessionOptions& options);
  virtual ~Session() = default;

  virtual Status execute(const std::string& sql) = 0;
  /// For small results; the rest is an error above `rows_max`, 0 meaning any number.
  virtual Result<TextTable> query(const std::string& sql, std::size_t rows_max = 0) = 0;
  /// The same for exactly one SELECT: anything else, and anything that writes, is a config error.
  virtual Result<TextTable> select(const std::string& sql, std::size_t rows_max = 0) = 0;
  /// Columns that the SELECT would yield; runs nothing.
  virtual Result<data::Schema> describe(const std::string& select) = 0;
  /// Stops the running statement as soon as it sees it. Any thread, and signal handlers' threads.
  virtual void interrupt() = 0;
  /// Did a pass fail since the keys of its checks took all memory that they may? Then it may run
  /// again with Pass::compare_keys.
  virtual bool keys_outgrew() const = 0;
};

}  // namespace leat::engine
