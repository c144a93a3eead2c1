#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "clients/postgres/connection.hpp"
#include "connectors/postgres/copy_file.hpp"
#include "core/chunk_writer.hpp"

namespace leat::connectors::postgres {

/// Writes the rows of a stage to the server, in a COPY that is under way, and beside it to a file:
/// when the server takes offence at a row all are gone there, and have to be sent again. Without a
/// file they are not kept.
///
/// Threads   as ChunkWriter; rows are encoded at once and sent one hand after the other.
/// Errors    external  the connection, the disk.
class CopyWriter final : public ChunkWriter {
 public:
  CopyWriter(leat::postgres::Connection& server, std::unique_ptr<CopyFile> file,
             const std::vector<WireColumn>& columns)
      : x_server(server), x_file(std::move(file)), x_encoder(columns) {}

  Result<std::unique_ptr<Hand>> open_hand() override;
  Result<std::uint64_t> finish() override;

  std::uint64_t rows() const { return x_rows; }
  std::uint64_t bytes() const { return x_bytes; }
  /// What the server said at the end: how many rows it has, or which kind of fault it found.
  const Result<std::uint64_t>& taken() const { return *x_taken; }

 private:
  class OneHand;

  Status take(std::string_view rows, std::string_view packed, std::uint64_t count);

  leat::postgres::Connection& x_server;
  std::unique_ptr<CopyFile> x_file;
  RowEncoder x_encoder;
  std::mutex x_mutex;
  std::uint64_t x_rows = 0;
  std::uint64_t x_bytes = 0;
  std::optional<Result<std::uint64_t>> x_taken;
};

}  // namespace leat::connectors::postgres
