#include "engine/scan_function.hpp"

#include <algorithm>

#include "engine/chunk_scan.hpp"
#include "engine/engine_fault.hpp"
#include "engine/second_look.hpp"

namespace leat::engine {
namespace {

ChunkScan* scan_of(duckdb_bind_info info) {
  auto value = duckdb_bind_get_parameter(info, 0);
  const auto handle = duckdb_get_uint64(value);
  duckdb_destroy_value(&value);
  return static_cast<PassRegistry*>(duckdb_bind_get_extra_info(info))->find<ChunkScan*>(handle);
}

/// The engine reads the first column where it only counts rows.
void add_nothing(duckdb_bind_info info) {
  auto* boolean = duckdb_create_logical_type(DUCKDB_TYPE_BOOLEAN);
  duckdb_bind_add_result_column(info, kScanNothing, boolean);
  duckdb_destroy_logical_type(&boolean);
}

void add_places(duckdb_bind_info info) {
  auto* number = duckdb_create_logical_type(DUCKDB_TYPE_BIGINT);
  for (const auto* name : kPlaceColumns) duckdb_bind_add_result_column(info, name, number);
  duckdb_destroy_logical_type(&number);
}

void bind_scan(duckdb_bind_info info) {
  auto* const scan = scan_of(info);
  if (scan == nullptr) {
    duckdb_bind_set_error(info, "leat_scan is not for use in SQL");
    return;
  }
  add_nothing(info);
  const auto view = scan->judge().table().view();
  for (std::size_t i = 0; i < view.size; ++i) {
    duckdb_bind_add_result_column(info, view.names[i], view.types[i]);
  }
  if (scan->limits().with_places) add_places(info);
  if (const auto rows = scan->rows_guess()) duckdb_bind_set_cardinality(info, rows, false);
  duckdb_bind_set_bind_data(info, scan, nullptr);
}

void init_scan(duckdb_init_info info) {
  auto* const scan = static_cast<ChunkScan*>(duckdb_init_get_bind_data(info));
  duckdb_init_set_max_threads(info, scan->threads());
  auto started = scan->start();
  if (started.ok()) return;
  scan->first_error().set(std::move(started).error());
  duckdb_init_set_error(info, scan->first_error().text());
}

void init_local(duckdb_init_info info) {
  auto* const scan = static_cast<ChunkScan*>(duckdb_init_get_bind_data(info));
  LocalScan::Projection projected(duckdb_init_get_column_count(info));
  const auto columns =
      scan->judge().schema().size() + (scan->limits().with_places ? kPlaceColumns.size() : 0);
  for (idx_t i = 0; i < projected.size(); ++i) {
    const auto column = duckdb_init_get_column_index(info, i);
    if (column > 0 && column <= columns) projected[i] = column - 1;
  }
  auto local = scan->open_local(projected);
  if (local.ok()) {
    duckdb_init_set_init_data(info, *local, nullptr);
    return;
  }
  scan->first_error().set(std::move(local).error());
  duckdb_init_set_error(info, scan->first_error().text());
}

void fill_chunk(duckdb_function_info info, duckdb_data_chunk output) {
  auto* const scan = static_cast<ChunkScan*>(duckdb_function_get_bind_data(info));
  auto* const local = static_cast<LocalScan*>(duckdb_function_get_local_init_data(info));
  auto filled = local->fill(output);
  if (filled.ok()) return;
  scan->first_error().set(std::move(filled).error());
  duckdb_function_set_error(info, scan->first_error().text());
}

}  // namespace

Status install_scan_function(duckdb_connection connection, PassRegistry& registry) {
  auto* function = duckdb_create_table_function();
  auto* handle = duckdb_create_logical_type(DUCKDB_TYPE_UBIGINT);
  duckdb_table_function_set_name(function, "leat_scan");
  duckdb_table_function_add_parameter(function, handle);
  duckdb_table_function_set_extra_info(function, &registry, nullptr);
  duckdb_table_function_set_bind(function, bind_scan);
  duckdb_table_function_set_init(function, init_scan);
  duckdb_table_function_set_local_init(function, init_local);
  duckdb_table_function_set_function(function, fill_chunk);
  duckdb_table_function_supports_projection_pushdown(function, true);
  const auto state = duckdb_register_table_function(connection, function);
  duckdb_destroy_logical_type(&handle);
  duckdb_destroy_table_function(&function);
  if (state == DuckDBSuccess) return {};
  return no_memory("the engine refuses the function leat_scan");
}

}  // namespace leat::engine
