#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "connectors/postgres/decode.hpp"
#include "connectors/postgres/piece.hpp"
#include "connectors/postgres/snapshot.hpp"

namespace leat::connectors::postgres {

/// Whether a row is read, by its columns as they travel; empty: all are.
using KeepTravelled = std::function<bool(const std::vector<std::string>&)>;

/// What is read, and how it is divided.
struct RowsTask {
  std::vector<leat::postgres::Connection> servers;  ///< One a reader; they see one snapshot.
  std::vector<std::string> pieces;                  ///< SELECTs: each row is in one of them.
  std::vector<ReadColumn> columns;
  std::string shown;  ///< The server and its database, for people.
  std::string what;   ///< "table orders"
  const CancelToken* cancel = nullptr;
  KeepTravelled keep = {};                      ///< With one reader only.
  std::unique_ptr<PieceMaker> maker = nullptr;  ///< Makes the pieces; null: they are known.
  const Clock* clock = nullptr;                 ///< With a maker.
};

/// What every task says of what is read; it has no servers and no pieces yet.
RowsTask task_of(const TableRead& read, const std::vector<ReadColumn>& columns,
                 const ReadContext& context);

/// The rows of one slice: a COPY for each piece, in transactions that see one snapshot.
///
/// Threads   one reader for each server. Each takes the next piece when it is done with one.
/// Errors    where one reader fails the others stop, and tell its error.
class Rows final : public ChunkSource {
 public:
  explicit Rows(RowsTask task) : x_task(std::move(task)), x_readers(x_task.servers.size()) {}

  std::size_t threads_max() const override { return x_readers; }
  Result<std::unique_ptr<ChunkReader>> make_reader(const std::vector<bool>& wanted) override;
  std::uint64_t records_claimed() const override { return x_rows; }
  std::uint64_t bytes_claimed() const override { return x_bytes; }
  std::uint64_t bytes_total() const override { return 0; }
  std::string file_name(std::uint32_t) const override { return x_task.shown; }
  Status verify_unchanged() const override { return {}; }  // One snapshot.

 private:
  class Reader;

  /// The next one, until all are taken or a reader has failed.
  Result<std::optional<Piece>> take_piece(const std::string& form);
  /// By the user, or by a reader that has failed.
  bool is_stopped();
  /// Stops the others; what is told is the first that went wrong.
  Error stop_all(Error error, std::size_t reader);

  RowsTask x_task;
  const std::size_t x_readers;
  std::mutex x_mutex;
  std::size_t x_servers_taken = 0;
  std::size_t x_pieces_taken = 0;
  std::optional<Error> x_failure;
  CancelToken x_stop;
  std::atomic<std::uint64_t> x_rows{0};
  std::atomic<std::uint64_t> x_bytes{0};
};

}  // namespace leat::connectors::postgres
