#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <variant>

#include "base/result.hpp"
#include "engine/internals/engine_internals.h"

namespace leat::engine {

class ChunkScan;

/// What the numbers mean that a pass writes into its SQL: `leat_scan(17)`.
///
/// Calls     `install` once. Entries must outlive their statement.
/// Threads   any.
class PassRegistry {
 public:
  using Entry = std::variant<ChunkScan*, const leat_barrier*, const leat_tee*>;

  /// Adds leat_scan, leat_barrier and the copy function `leat` to the database.
  Status install(duckdb_connection connection);
  std::uint64_t add(Entry entry);
  void remove(std::uint64_t handle);

  /// Null when the handle means nothing, or something else.
  template <typename T>
  T find(std::uint64_t handle) {
    const std::lock_guard lock(x_mutex);
    const auto found = x_entries.find(handle);
    if (found == x_entries.end() || !std::holds_alternative<T>(found->second)) return nullptr;
    return std::get<T>(found->second);
  }

 private:
  std::mutex x_mutex;
  std::uint64_t x_last = 0;
  std::map<std::uint64_t, Entry> x_entries;
  leat_registry x_functions{};
};

/// An entry, for as long as this lives.
class Registration {
 public:
  Registration(PassRegistry& registry, PassRegistry::Entry entry)
      : x_registry(registry), x_handle(registry.add(entry)) {}
  ~Registration() { x_registry.remove(x_handle); }
  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;
  std::uint64_t handle() const { return x_handle; }

 private:
  PassRegistry& x_registry;
  std::uint64_t x_handle;
};

}  // namespace leat::engine
