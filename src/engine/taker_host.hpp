#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "core/chunk_writer.hpp"
#include "data/schema.hpp"
#include "engine/first_error.hpp"
#include "engine/internals/engine_internals.h"

namespace leat::engine {

/// Lets the engine's tee give its chunks to a writer of ours.
///
/// Threads   as leat_taker says.
class TakerHost {
 public:
  /// `schema` has the columns as they travel. All three outlive the statement.
  TakerHost(ChunkWriter& writer, const data::Schema& schema, FirstError& first_error)
      : x_writer(writer), x_schema(schema), x_first_error(first_error) {}

  leat_taker as_c() { return {this, open_local, take, close_local, finish, failure}; }

 private:
  struct Local {
    std::unique_ptr<ChunkWriter::Hand> hand;
    std::vector<data::ColumnView> views;
  };

  static void* open_local(void* self);
  static bool take(void* self, void* local, duckdb_data_chunk chunk);
  static bool close_local(void* self, void* local);
  static bool finish(void* self, std::uint64_t* rows_written);
  static const char* failure(void* self);
  Status open_hand(Local& local);
  bool note(Status status);

  ChunkWriter& x_writer;
  const data::Schema& x_schema;
  FirstError& x_first_error;
  std::mutex x_mutex;
  std::vector<std::unique_ptr<Local>> x_locals;
};

}  // namespace leat::engine
