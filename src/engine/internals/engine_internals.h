#pragma once

/* What the rest of the engine folder may ask of the folder that sees DuckDB's own classes. Plain C:
 * that folder is compiled as C++14 (see CMakeLists.txt) and shares no C++ type with us.
 *
 * Threads   as the database's own objects: one statement a connection at a time.
 * Promise   no exception leaves; a function that can fail returns false and fills its fault.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "duckdb.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A complaint of the database. */
typedef struct leat_fault {
  int type;        /* a duckdb_error_type */
  char* message;   /* of leat_fault_clear */
  int64_t offset;  /* bytes into the SQL; -1: not known */
} leat_fault;

void leat_fault_clear(leat_fault* fault);

/* A dataset's columns. */
typedef struct leat_table {
  const char* name;
  size_t size;
  const char* const* names;
  const duckdb_logical_type* types;
} leat_table;

/* ---- types ---- */

/* Any type name of the engine. The caller destroys the type. */
bool leat_type_parse(duckdb_connection connection, const char* sql, duckdb_logical_type* type,
                     leat_fault* fault);

/* Receives columns one after the other; `type` lives only during the call. */
typedef void (*leat_column_fn)(void* self, const char* name, duckdb_logical_type type,
                               const char* type_sql);

/* ---- parsing ---- */

typedef struct leat_select_listener {
  void* self;
  void (*table)(void* self, const char* name, size_t offset);
  void (*complain)(void* self, const char* message, int64_t offset); /* -1: not known */
} leat_select_listener;

/* Returns whether the SELECT is row-wise. Needs no database. */
bool leat_parse_select(const char* sql, const leat_select_listener* listener);

/* ---- binding ---- */

/* The columns of a SELECT. With `tables` it may name those; without, what the database holds. */
bool leat_bind_select(duckdb_connection connection, const char* sql, const leat_table* tables,
                      size_t tables_size, leat_column_fn column, void* self, leat_fault* fault);

/* A boolean expression over the columns of one table, bound once and shared by threads. */
typedef struct leat_test leat_test;
/* One thread's hand on it. */
typedef struct leat_test_run leat_test_run;

bool leat_test_bind(duckdb_connection connection, const char* sql, const leat_table* table,
                    leat_test** test, leat_fault* fault);
void leat_test_free(leat_test* test);
/* Indices of the columns it reads. */
size_t leat_test_columns(const leat_test* test, const size_t** columns);

bool leat_test_open(const leat_test* test, leat_test_run** run, leat_fault* fault);
void leat_test_close(leat_test_run* run);
/* `vectors` are those of leat_test_columns, in that order. Bit i of `is_true` and `is_false` says
 * what row i gives; neither is set where it gives null. `rows` is at most the vector size. */
bool leat_test_judge(leat_test_run* run, const duckdb_vector* vectors, size_t rows,
                     uint64_t* is_true, uint64_t* is_false, leat_fault* fault);
/* The same for one row. */
bool leat_test_judge_row(leat_test_run* run, const duckdb_vector* vectors, size_t row,
                         bool* is_true, bool* is_false, leat_fault* fault);

/* ---- running ---- */

/* Receives the cells of a row as text; null pointers for null. Returns false to stop. */
typedef bool (*leat_row_fn)(void* self, const char* const* cells, const size_t* sizes,
                            size_t columns);

/* Runs any statement. `column` is called for each column, then `row` for each row. */
bool leat_query(duckdb_connection connection, const char* sql, leat_column_fn column,
                leat_row_fn row, void* self, leat_fault* fault);

#ifdef __cplusplus
}
#endif
