#include "engine/pass_registry.hpp"

#include "engine/engine_fault.hpp"
#include "engine/scan_function.hpp"

namespace leat::engine {
namespace {

const leat_barrier* find_barrier(void* self, std::uint64_t handle) {
  return static_cast<PassRegistry*>(self)->find<const leat_barrier*>(handle);
}

const leat_tee* find_tee(void* self, std::uint64_t handle) {
  return static_cast<PassRegistry*>(self)->find<const leat_tee*>(handle);
}

}  // namespace

Status PassRegistry::install(duckdb_connection connection) {
  TRY(install_scan_function(connection, *this));
  x_functions = {this, find_barrier, find_tee};
  EngineFault fault;
  if (!leat_register(connection, &x_functions, fault.get())) return fault.to_error();
  return {};
}

std::uint64_t PassRegistry::add(Entry entry) {
  const std::lock_guard lock(x_mutex);
  x_entries.emplace(++x_last, entry);
  return x_last;
}

void PassRegistry::remove(std::uint64_t handle) {
  const std::lock_guard lock(x_mutex);
  x_entries.erase(handle);
}

}  // namespace leat::engine
