#include <duckdb.hpp>
#include <duckdb/storage/buffer_manager.hpp>

#include "engine/internals/fault.hpp"

namespace {

duckdb::BufferManager& buffers_of(duckdb_connection connection) {
  return duckdb::BufferManager::GetBufferManager(
      *leat::internals::as_connection(connection).context);
}

}  // namespace

uint64_t leat_memory_limit(duckdb_connection connection) {
  return buffers_of(connection).GetMaxMemory();
}

bool leat_reserve_memory(duckdb_connection connection, uint64_t bytes, leat_fault* fault) {
  return leat::internals::guarded(fault, [&] { buffers_of(connection).ReserveMemory(bytes); });
}

void leat_free_reserved_memory(duckdb_connection connection, uint64_t bytes) {
  buffers_of(connection).FreeReservedMemory(bytes);
}
