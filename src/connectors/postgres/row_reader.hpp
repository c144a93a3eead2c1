#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "connectors/postgres/decode.hpp"

namespace leat::connectors::postgres {

/// Whether a row is read, by its columns as they travel; empty: all are.
using KeepTravelled = std::function<bool(const std::vector<std::string>&)>;

/// The rows of one slice: a COPY in a transaction that sees one snapshot.
///
/// Threads   one reader.
class Rows final : public ChunkSource {
 public:
  Rows(leat::postgres::Connection server, std::string select, std::vector<ReadColumn> columns,
       std::string shown, const CancelToken* cancel, KeepTravelled keep = {})
      : x_server(std::move(server)),
        x_select(std::move(select)),
        x_columns(std::move(columns)),
        x_shown(std::move(shown)),
        x_cancel(cancel),
        x_keep(std::move(keep)) {}

  std::size_t threads_max() const override { return 1; }
  Result<std::unique_ptr<ChunkReader>> make_reader(const std::vector<bool>& wanted) override;
  std::uint64_t records_claimed() const override { return x_rows; }
  std::uint64_t bytes_claimed() const override { return x_bytes; }
  std::uint64_t bytes_total() const override { return 0; }
  std::string file_name(std::uint32_t) const override { return x_shown; }
  Status verify_unchanged() const override { return {}; }  // One snapshot.

 private:
  class Reader;

  leat::postgres::Connection x_server;
  std::string x_select;
  std::vector<ReadColumn> x_columns;
  std::string x_shown;
  const CancelToken* x_cancel;
  KeepTravelled x_keep;
  std::atomic<std::uint64_t> x_rows{0};
  std::atomic<std::uint64_t> x_bytes{0};
  bool x_is_done = false;
};

}  // namespace leat::connectors::postgres
