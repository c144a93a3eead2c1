#include "engine/key_memory.hpp"

#include "engine/engine_fault.hpp"
#include "engine/internals/engine_internals.h"

namespace leat::engine {
namespace {

constexpr std::uint64_t kShare = 2;  // of the limit, one part in so many

}  // namespace

KeyMemory::KeyMemory(duckdb_connection connection)
    : x_connection(connection), x_most(leat_memory_limit(connection) / kShare) {}

bool KeyMemory::take(std::uint64_t bytes) {
  if (x_taken.fetch_add(bytes, std::memory_order_relaxed) + bytes > x_most) return refuse(bytes);
  EngineFault fault;
  return leat_reserve_memory(x_connection, bytes, fault.get()) || refuse(bytes);
}

bool KeyMemory::refuse(std::uint64_t bytes) {
  x_taken.fetch_sub(bytes, std::memory_order_relaxed);
  x_refused.store(true, std::memory_order_relaxed);
  return false;
}

void KeyMemory::give_back(std::uint64_t bytes) {
  if (bytes == 0) return;
  x_taken.fetch_sub(bytes, std::memory_order_relaxed);
  leat_free_reserved_memory(x_connection, bytes);
}

}  // namespace leat::engine
