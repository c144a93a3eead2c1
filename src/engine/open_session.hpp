#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <duckdb.h>
#include "engine/key_memory.hpp"
#include "engine/pass_registry.hpp"
#include "engine/session.hpp"

namespace leat::engine {

/// The session as this folder sees it: with its connection.
class OpenSession final : public Session {
 public:
  OpenSession() = default;
  ~OpenSession() override;
  OpenSession(const OpenSession&) = delete;
  OpenSession& operator=(const OpenSession&) = delete;

  /// Calls once, before anything else.
  Status start(const SessionOptions& options);

  Status execute(const std::string& sql) override;
  Result<TextTable> query(const std::string& sql, std::size_t rows_max) override;
  Result<TextTable> select(const std::string& sql, std::size_t rows_max) override;
  Result<data::Schema> describe(const std::string& select) override;
  void interrupt() override;
  bool keys_outgrew() const override { return x_key_memory->was_refused(); }

  duckdb_connection connection() const { return x_connection; }
  PassRegistry& registry() { return x_registry; }
  KeyMemory& key_memory() { return *x_key_memory; }
  std::size_t threads() const { return x_threads; }
  /// Every session is one of these.
  static OpenSession& of(Session& session) { return static_cast<OpenSession&>(session); }

 private:
  Result<TextTable> ask(const std::string& sql, std::size_t rows_max, bool one_select);

  duckdb_database x_database = nullptr;
  duckdb_connection x_connection = nullptr;
  std::filesystem::path x_spill;
  std::size_t x_threads = 1;
  PassRegistry x_registry;
  std::optional<KeyMemory> x_key_memory;
};

}  // namespace leat::engine
