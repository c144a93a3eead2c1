#include <unistd.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "base/clock.hpp"
#include "base/uuid.hpp"
#include "engine/engine_fault.hpp"
#include "engine/engine_table.hpp"
#include "engine/open_session.hpp"

namespace leat::engine {
namespace {

constexpr std::uint64_t kMemoryShare = 4;  // of the machine, one part in so many

std::uint64_t machine_memory() {
  const auto pages = sysconf(_SC_PHYS_PAGES);
  const auto page = sysconf(_SC_PAGESIZE);
  return std::uint64_t(std::max(pages, 0L)) * std::uint64_t(std::max(page, 0L));
}

/// A configuration that cannot be changed any more once the database is open.
class Configuration {
 public:
  Configuration() { duckdb_create_config(&x_config); }
  ~Configuration() { duckdb_destroy_config(&x_config); }
  Configuration(const Configuration&) = delete;
  Configuration& operator=(const Configuration&) = delete;

  Status set(const char* name, const std::string& value) {
    if (duckdb_set_config(x_config, name, value.c_str()) == DuckDBSuccess) return {};
    // All of them are known to it: it says no more of why than that it could not.
    return Error(Fault::external, "the engine could not take a setting: is there no memory left?")
        .with(name, value);
  }
  duckdb_config get() const { return x_config; }

 private:
  duckdb_config x_config = nullptr;
};

Status fill(Configuration& config, const SessionOptions& options, std::size_t threads,
            const std::filesystem::path& spill) {
  const auto memory =
      options.memory_bytes != 0 ? options.memory_bytes : machine_memory() / kMemoryShare;
  TRY(config.set("threads", std::to_string(threads)));
  if (memory != 0) TRY(config.set("memory_limit", std::to_string(memory) + "B"));
  TRY(config.set("temp_directory", spill.string()));
  TRY(config.set("preserve_insertion_order", options.keeps_order ? "true" : "false"));
  // It joins the rows of a window with themselves, and the rows of a source are read once.
  TRY(config.set("disabled_optimizers", "window_self_join"));
  // It would give the bytes of a file of the same name that was there a moment ago.
  TRY(config.set("enable_external_file_cache", "false"));
  TRY(config.set("autoinstall_known_extensions", "false"));
  TRY(config.set("autoload_known_extensions", "false"));
  TRY(config.set("allow_community_extensions", "false"));
  TRY(config.set("allow_persistent_secrets", "false"));
  return {};
}

/// Gathers what leat_query tells.
struct TextRows {
  TextTable table;
  std::size_t rows_max = 0;
  bool too_many = false;
};

void take_column(void* self, const char* name, duckdb_logical_type type, const char* type_sql) {
  append_column(&static_cast<TextRows*>(self)->table.schema, name, type, type_sql);
}

bool take_row(void* self, const char* const* cells, const std::size_t* sizes, std::size_t columns) {
  auto& rows = *static_cast<TextRows*>(self);
  if (rows.rows_max != 0 && rows.table.rows.size() == rows.rows_max) {
    rows.too_many = true;
    return false;
  }
  TextRow row(columns);
  for (std::size_t i = 0; i < columns; ++i) {
    if (cells[i] != nullptr) row[i] = std::string(cells[i], sizes[i]);
  }
  rows.table.rows.push_back(std::move(row));
  return true;
}

}  // namespace

Result<std::unique_ptr<Session>> Session::open(const SessionOptions& options) {
  auto session = std::make_unique<OpenSession>();
  TRY(session->start(options));
  return std::unique_ptr<Session>(std::move(session));
}

Status OpenSession::start(const SessionOptions& options) {
  x_threads = options.threads != 0 ? options.threads
                                   : std::max<std::size_t>(1, std::thread::hardware_concurrency());
  if (!options.temp_folder.empty()) {
    x_spill = options.temp_folder / ("engine-" + make_uuid7(system_clock()).text());
  }
  Configuration config;
  TRY(fill(config, options, x_threads, x_spill));
  char* complaint = nullptr;
  if (duckdb_open_ext(nullptr, &x_database, config.get(), &complaint) != DuckDBSuccess) {
    const std::string said = complaint != nullptr ? complaint : "no engine";
    const bool is_memory = said.starts_with("Out of Memory Error");
    auto error = engine_error(is_memory ? DUCKDB_ERROR_OUT_OF_MEMORY : DUCKDB_ERROR_INTERNAL, said);
    duckdb_free(complaint);
    return error;
  }
  if (duckdb_connect(x_database, &x_connection) != DuckDBSuccess) {
    return no_memory("the engine gives no connection");
  }
  x_key_memory.emplace(x_connection);
  TRY(x_registry.install(x_connection));
  TRY(execute("SET TimeZone = 'UTC'"));
  return execute("SET lock_configuration = true");
}

OpenSession::~OpenSession() {
  duckdb_disconnect(&x_connection);
  duckdb_close(&x_database);
  std::error_code ignored;  // what cannot be removed now is removed with the folder around it
  if (!x_spill.empty()) std::filesystem::remove_all(x_spill, ignored);
}

Status OpenSession::execute(const std::string& sql) {
  duckdb_result result{};  // A call that gets no memory for itself fills nothing in.
  const bool done = duckdb_query(x_connection, sql.c_str(), &result) == DuckDBSuccess;
  Status status;
  if (!done) {
    const auto* text = duckdb_result_error(&result);
    status = text == nullptr ? no_memory("the engine could not take up a statement")
                             : engine_error(int(duckdb_result_error_type(&result)), text);
  }
  duckdb_destroy_result(&result);
  return status;
}

Result<TextTable> OpenSession::query(const std::string& sql, std::size_t rows_max) {
  return ask(sql, rows_max, false);
}

Result<TextTable> OpenSession::select(const std::string& sql, std::size_t rows_max) {
  return ask(sql, rows_max, true);
}

Result<TextTable> OpenSession::ask(const std::string& sql, std::size_t rows_max, bool one_select) {
  TextRows rows;
  rows.rows_max = rows_max;
  EngineFault fault;
  if (!leat_query(x_connection, sql.c_str(), one_select, take_column, take_row, &rows,
                  fault.get())) {
    return fault.to_error();
  }
  if (rows.too_many) {
    return Error(Fault::config, "the query yields more than " + std::to_string(rows_max) + " rows")
        .hint("add a LIMIT, or ask for more rows");
  }
  return std::move(rows.table);
}

Result<data::Schema> OpenSession::describe(const std::string& select) {
  data::Schema schema;
  EngineFault fault;
  if (!leat_bind_select(x_connection, select.c_str(), nullptr, 0, append_column, &schema,
                        fault.get())) {
    return fault.to_error();
  }
  return schema;
}

void OpenSession::interrupt() { duckdb_interrupt(x_connection); }

}  // namespace leat::engine
