# The embedded engine: DuckDB's own static archives and headers, brought by scripts/bootstrap.
# -DDUCKDB_ROOT=<folder with include/ and lib/> points at another copy of the same version.
set(LEAT_CACHE "$ENV{LEAT_CACHE}")
if(NOT LEAT_CACHE)
  set(LEAT_CACHE "$ENV{HOME}/.cache/leat")
endif()
set(DUCKDB_ROOT "${LEAT_CACHE}/duckdb-1.5.5" CACHE PATH "DuckDB 1.5.5: include/ and lib/")
if(NOT EXISTS ${DUCKDB_ROOT}/lib/libduckdb_static.a)
  message(FATAL_ERROR "DuckDB 1.5.5 is not in ${DUCKDB_ROOT}: run scripts/bootstrap first")
endif()
file(GLOB duckdb_archives ${DUCKDB_ROOT}/lib/*.a)
list(FILTER duckdb_archives EXCLUDE REGEX "tpc(h|ds)")
add_library(duckdb_c INTERFACE)
target_include_directories(duckdb_c SYSTEM INTERFACE ${DUCKDB_ROOT}/include/c)
add_library(duckdb_cpp INTERFACE)
target_include_directories(duckdb_cpp SYSTEM INTERFACE ${DUCKDB_ROOT}/include)
add_library(duckdb_archives INTERFACE)
target_link_libraries(duckdb_archives INTERFACE -Wl,--start-group ${duckdb_archives}
  -Wl,--end-group pthread dl m)
