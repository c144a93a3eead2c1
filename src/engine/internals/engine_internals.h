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

#include <duckdb.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A complaint of the database. */
typedef struct leat_fault {
  int type;       /* a duckdb_error_type */
  char* message;  /* of leat_fault_clear */
  int64_t offset; /* bytes into the SQL; -1: not known */
} leat_fault;

void leat_fault_clear(leat_fault* fault);

/* Receives one text. */
typedef void (*leat_text_fn)(void* self, const char* text, size_t size);

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

/* Hands over what the engine calls a type. Needs no database. */
bool leat_type_print(duckdb_logical_type type, leat_text_fn text, void* self, leat_fault* fault);

/* Receives columns one after the other; `type` lives only during the call. */
typedef void (*leat_column_fn)(void* self, const char* name, duckdb_logical_type type,
                               const char* type_sql);

/* ---- memory ---- */

/* In bytes. */
uint64_t leat_memory_limit(duckdb_connection connection);

/* Counts memory of ours as the database's: what it holds itself leaves or goes to disk for it.
   Any thread, also while a statement runs. */
bool leat_reserve_memory(duckdb_connection connection, uint64_t bytes, leat_fault* fault);
void leat_free_reserved_memory(duckdb_connection connection, uint64_t bytes);

/* ---- files ---- */

/* From here on a checkpoint of this attached file writes into none of the blocks that the file is
   read by. The engine would put what is new into the free parts of such a block and write it again
   where it lies: a process that is killed half way leaves a file that nobody can open. */
bool leat_keep_live_blocks(duckdb_connection connection, const char* database, leat_fault* fault);

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

/* How a value comes into being: as it stood, by an expression, or out of several rows. */
typedef enum leat_use { LEAT_COPIED, LEAT_COMPUTED, LEAT_AGGREGATED } leat_use;

/* What feeds the columns of a SELECT: column `column` of table `table` (an index into `tables`)
 * feeds output column `output`; with output -1 it decides which rows there are. `keeps_unit`: by
 * copying, adding up or choosing alone, so that its numbers are amounts of the same unit there. */
typedef void (*leat_feed_fn)(void* self, int64_t output, size_t table, size_t column, leat_use use,
                             bool keeps_unit);

/* Binds the SELECT over the tables and follows each of its columns back to theirs. */
bool leat_trace_columns(duckdb_connection connection, const char* sql, const leat_table* tables,
                        size_t tables_size, leat_feed_fn feed, void* self, leat_fault* fault);

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

/* Runs any statements; with `one_select` exactly one SELECT and nothing that writes. `column` is
 * called for each column of the last one, then `row` for each row. */
bool leat_query(duckdb_connection connection, const char* sql, bool one_select,
                leat_column_fn column, leat_row_fn row, void* self, leat_fault* fault);

/* ---- one pass ---- */

/* What judges the chunks of a barrier or of a tee: one local object a thread. Chunks are flat.
 *
 * Threads   open_local and consume in any number of threads; a local object in one at a time. Local
 *           objects belong to `self`, which outlives the statement.
 */
typedef struct leat_judge {
  void* self;
  /* Null when it failed. */
  void* (*open_local)(void* self);
  /* Writes the rows that stay into `selected` (room for the vector size), their number into
   * `count`. Returns false when it failed. */
  bool (*consume)(void* self, void* local, duckdb_data_chunk chunk, uint32_t* selected,
                  size_t* count);
  /* Why it failed; lives as long as `self`. */
  const char* (*failure)(void* self);
} leat_judge;

/* Judges the rows of a scan: `leat_barrier((SELECT …), handle)`. Its input has the columns of
 * `table` and then `hidden` more, which do not leave it. */
typedef struct leat_barrier {
  leat_table table;
  size_t hidden;
  leat_judge judge;
} leat_barrier;

/* Takes the chunks of a stage that the engine does not write itself. Chunks are flat.
 *
 * Threads   as leat_judge; `close_local` ends a local object, `finish` comes after all of them.
 */
typedef struct leat_taker {
  void* self;
  /* Null when it failed. */
  void* (*open_local)(void* self);
  bool (*take)(void* self, void* local, duckdb_data_chunk chunk);
  bool (*close_local)(void* self, void* local);
  bool (*finish)(void* self, uint64_t* rows_written);
  /* Why it failed; lives as long as `self`. */
  const char* (*failure)(void* self);
} leat_taker;

/* A file that the engine writes, or what takes its chunks instead. */
typedef struct leat_stage {
  const leat_taker* taker; /* null: the engine writes a file */
  const char* path;
  const char* format; /* a copy function, or "json": one object a line */
  size_t options_size;
  const char* const* option_names;
  const char* const* option_values; /* SQL literals */
  size_t casts_size;
  const size_t* cast_columns;
  const duckdb_logical_type* cast_types;
  uint64_t rows_written; /* filled in: what the writer itself counted */
} leat_stage;

/* Judges the rows of a query and gives those that stay to each stage. */
typedef struct leat_tee {
  leat_table table;
  leat_judge judge;
  leat_stage* stages;
  size_t stages_size;
} leat_tee;

/* Finds what a handle means; null: nothing (any more). */
typedef struct leat_registry {
  void* self;
  const leat_barrier* (*barrier)(void* self, uint64_t handle);
  const leat_tee* (*tee)(void* self, uint64_t handle);
} leat_registry;

/* Adds leat_barrier and the copy function `leat` to the database. `registry` outlives it. */
bool leat_register(duckdb_connection connection, const leat_registry* registry, leat_fault* fault);

/* What stands for a dataset in a query. */
typedef struct leat_input {
  const char* name;
  const char* select;
} leat_input;

/* Runs `select` over the inputs into the tee that `handle` means. An input that is named more than
 * once is kept in memory or in spill, so that it is read once. `over` is a SELECT of ours over the
 * table "leat rows", which is `select`; empty: `select` itself is run. `scratch_path` is a path
 * where nothing is. */
bool leat_run_pass(duckdb_connection connection, const char* select, const leat_input* inputs,
                   size_t inputs_size, const char* over, uint64_t handle, const char* scratch_path,
                   leat_fault* fault);

/* The optimized plan of the same, as text. */
bool leat_explain_pass(duckdb_connection connection, const char* select, const leat_input* inputs,
                       size_t inputs_size, const char* over, leat_text_fn text, void* self,
                       leat_fault* fault);

/* ---- casting ---- */

/* Casts the values of a flat vector into another one of another type; what cannot be cast becomes
 * null there. Any thread, while a statement of the connection runs. */
bool leat_cast(duckdb_connection connection, duckdb_vector from, size_t rows, duckdb_vector to,
               leat_fault* fault);

/* ---- showing rows ---- */

/* A cell as the engine prints it; nothing is told of a null. Flat vectors only. */
bool leat_cell_text(duckdb_vector vector, size_t row, leat_text_fn text, void* self,
                    leat_fault* fault);
/* A row as one JSON object: numbers and booleans as such, nested values nested, anything else, and
 * numbers that JSON does not know, as text. Columns whose vector is null are left out. */
bool leat_row_json(const leat_table* table, const duckdb_vector* vectors, size_t row,
                   leat_text_fn text, void* self, leat_fault* fault);

#ifdef __cplusplus
}
#endif
