#include "connectors/sqlite/table_source.hpp"

#include <algorithm>
#include <atomic>
#include <nlohmann/json.hpp>

#include "base/names.hpp"
#include "base/quantity.hpp"
#include "connectors/sqlite/column_types.hpp"
#include "connectors/sqlite/row_reader.hpp"
#include "connectors/sqlite/table_columns.hpp"
#include "core/inputs.hpp"

namespace leat::connectors::sqlite {
namespace {

using data::TypeId;
using leat::sqlite::Database;
using leat::sqlite::Statement;

constexpr int kSniffedRows = 1000;
constexpr int kStepsBetweenLooks = 10'000;
constexpr const char* kPlaceColumn = "leat rowid";

/// A SELECT over the file, ready to be stepped.
struct OpenRead {
  Database database;
  Statement select;
  bool has_rowid = false;  ///< The last column is the row's number in its table.
};

class Rows final : public ChunkSource {
 public:
  Rows(OpenRead read, data::Schema schema, std::string shown, const CancelToken* cancel)
      : x_read(std::move(read)),
        x_schema(std::move(schema)),
        x_shown(std::move(shown)),
        x_cancel(cancel) {
    sqlite3_progress_handler(x_read.database.get(), kStepsBetweenLooks, is_cancelled, this);
  }

  std::size_t threads_max() const override { return 1; }
  Result<std::unique_ptr<ChunkReader>> make_reader(const std::vector<bool>& wanted) override;
  std::uint64_t records_claimed() const override { return x_rows; }
  std::uint64_t bytes_claimed() const override { return 0; }
  std::uint64_t bytes_total() const override { return 0; }
  std::string file_name(std::uint32_t) const override { return x_shown; }
  Status verify_unchanged() const override { return {}; }  // One SELECT sees one state.

 private:
  class Reader;

  static int is_cancelled(void* self) {
    const auto* token = static_cast<Rows*>(self)->x_cancel;
    return token != nullptr && token->requested() ? 1 : 0;
  }

  OpenRead x_read;
  data::Schema x_schema;
  std::string x_shown;
  const CancelToken* x_cancel;
  std::atomic<std::uint64_t> x_rows{0};
  bool x_is_done = false;
};

class Rows::Reader final : public ChunkReader {
 public:
  Reader(Rows& source, const std::vector<bool>& wanted) : x_source(source), x_wanted(wanted) {
    for (const auto& column : source.x_schema.columns) x_columns.emplace_back(column);
  }

  Result<std::uint32_t> next(RowBatch& batch) override {
    batch.places.clear();
    batch.faults.clear();
    x_current = 1 - x_current;
    x_arenas[x_current].clear();
    for (auto& column : x_columns) column.clear();
    std::uint32_t rows = 0;
    while (rows < batch.rows_max && !x_source.x_is_done) {
      TRY(const bool has_row, step());
      if (!has_row) break;
      take_row(batch);
      ++rows;
    }
    if (rows == 0) return rows;
    for (std::size_t i = 0; i < x_columns.size(); ++i) {
      if (!x_wanted[i] || batch.columns[i] == nullptr) continue;
      x_columns[i].decode(batch.columns[i], x_arenas[x_current], batch.faults);
    }
    std::stable_sort(batch.faults.begin(), batch.faults.end(),
                     [](const RowFault& a, const RowFault& b) { return a.row < b.row; });
    return rows;
  }

  std::string raw(std::uint32_t row) const override {
    std::string text = "{";
    for (const auto& column : x_columns) {
      const auto name = nlohmann::json(column.described().name);
      text += (text.size() > 1 ? "," : "") +
              name.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + ":" +
              column.json(row);
    }
    return text + "}";
  }

 private:
  Result<bool> step() {
    const int code = sqlite3_step(x_source.x_read.select.get());
    if (code == SQLITE_ROW) return true;
    x_source.x_is_done = true;
    if (code == SQLITE_DONE) return false;
    if (code == SQLITE_INTERRUPT) {
      return Error(Fault::external, "reading was stopped").cancelled();
    }
    return leat::sqlite::failure(x_source.x_read.database.get(), code)
        .with("file", x_source.x_shown);
  }

  void take_row(RowBatch& batch) {
    auto* select = x_source.x_read.select.get();
    for (std::size_t i = 0; i < x_columns.size(); ++i) {
      x_columns[i].take(select, static_cast<int>(i), x_arenas[x_current]);
    }
    const std::uint64_t count = ++x_source.x_rows;
    std::uint64_t record = count;
    if (x_source.x_read.has_rowid) {
      const auto rowid = sqlite3_column_int64(select, static_cast<int>(x_columns.size()));
      record = rowid > 0 ? static_cast<std::uint64_t>(rowid) : 0;
    }
    batch.places.push_back({record, 0, 0, 0});
  }

  Rows& x_source;
  std::vector<bool> x_wanted;
  std::vector<StoredColumn> x_columns;
  text_values::Arena x_arenas[2];
  std::size_t x_current = 0;
};

Result<std::unique_ptr<ChunkReader>> Rows::make_reader(const std::vector<bool>& wanted) {
  return std::unique_ptr<ChunkReader>(std::make_unique<Reader>(*this, wanted));
}

/// The type that holds values of both kinds that SQLite stores.
int kind_for_both(int a, int b) {
  if (a == SQLITE_NULL || a == b) return b;
  if (b == SQLITE_NULL) return a;
  const auto is_number = [](int kind) { return kind == SQLITE_INTEGER || kind == SQLITE_FLOAT; };
  return is_number(a) && is_number(b) ? SQLITE_FLOAT : SQLITE_TEXT;
}

data::Type type_of_kind(int kind) {
  switch (kind) {
    case SQLITE_INTEGER: return {TypeId::int64, 0, 0, {}};
    case SQLITE_FLOAT: return {TypeId::float64, 0, 0, {}};
    case SQLITE_BLOB: return {TypeId::blob, 0, 0, {}};
    default: return {TypeId::varchar, 0, 0, {}};
  }
}

class TableSource final : public Source {
 public:
  TableSource(io::FileSystem& files, TableRead read) : x_files(files), x_read(std::move(read)) {}

  Result<data::Schema> schema() override {
    if (!x_schema) TRY(open());
    return *x_schema;
  }

  Result<std::optional<Slice>> next_slice(const Position& from, const SliceLimits&) override {
    auto past = inputs_of(from, {});
    // Positions of older versions tell the state alone.
    std::erase_if(past, [](const Input& input) { return input.kind == Input::Kind::state; });
    TRY(require_kind(past, Input::Kind::table, "a table"));
    Input now;
    now.kind = Input::Kind::table;
    now.place = x_read.file.string();
    now.part = x_read.table.empty() ? "query: " + x_read.query : to_lower(x_read.table);
    TRY(now.state, state_of_file());
    Slice slice;
    slice.after = position_of({now});
    slice.spec = now.state;
    if (inputs_between(inputs_of(from, {}), {std::move(now)}).empty()) {
      return std::optional<Slice>();
    }
    slice.description = x_read.table.empty() ? "a query" : "table " + x_read.table;
    return std::optional<Slice>(std::move(slice));
  }

  Result<SliceRead> read(const Slice& slice, const ReadContext& context) override {
    TRY(auto opened, open());
    // From here on SQLite shows this state, whatever is written meanwhile.
    TRY(const auto state, state_of_file());
    if (state != slice.spec) {
      return Error(Fault::external, x_read.shown + " has changed since it was looked at")
          .hint("run again");
    }
    std::unique_ptr<ChunkSource> rows =
        std::make_unique<Rows>(std::move(opened), *x_schema, x_read.shown, context.cancel);
    return SliceRead(std::move(rows));
  }

 private:
  /// Size and time of the file and of its log: another state is another text.
  Result<std::string> state_of_file() const {
    TRY(require_file());
    auto state = nlohmann::json::array();
    for (const char* suffix : {"", "-wal"}) {
      const std::filesystem::path path = x_read.file.string() + suffix;
      io::FileStat stat;
      if (x_files.exists(path)) {
        TRY(stat, x_files.stat(path));
      }
      if (*suffix != '\0' && stat.size == 0) continue;  // An empty log is as good as none.
      state.push_back({stat.size, stat.mtime_ns, stat.inode});
    }
    return state.dump();
  }

  Status require_file() const {
    if (x_files.exists(x_read.file)) return {};
    return Error(Fault::config, x_read.shown + " is not there").hint("name a SQLite file");
  }

  Error explain(Error error) const {
    if (error.is_busy()) {
      return Error(Fault::external, "somebody else is writing to " + x_read.shown)
          .busy()
          .hint("wait and run again, or wait longer: `wait: 1m`");
    }
    return std::move(error).during("while opening " + x_read.shown);
  }

  Result<OpenRead> open() {
    TRY(require_file());
    auto opened = open_database();
    if (!opened.ok()) return explain(std::move(opened).error());
    return opened;
  }

  /// Opens, learns the columns where they are not known, and begins a snapshot.
  Result<OpenRead> open_database() {
    OpenRead opened;
    TRY(opened.database,
        leat::sqlite::open_database(x_read.file, leat::sqlite::Access::look, x_read.wait));
    auto* database = opened.database.get();
    TRY(leat::sqlite::execute(database, "PRAGMA query_only=ON"));
    TRY(leat::sqlite::execute(database, "BEGIN"));
    TRY(leat::sqlite::execute(database, "SELECT 1 FROM sqlite_schema LIMIT 1"));
    std::string select = x_read.query;
    if (!x_read.table.empty()) {
      TRY(require_table(database));
      const auto table = quote_identifier(x_read.table);
      opened.has_rowid =
          leat::sqlite::prepare(database, "SELECT rowid FROM " + table).ok() && is_table(database);
      select = "SELECT *" +
               (opened.has_rowid ? std::string(", rowid AS ") + quote_identifier(kPlaceColumn)
                                 : std::string()) +
               " FROM " + table;
    }
    TRY(opened.select, prepare_one(database, select));
    if (!x_schema) TRY(learn_schema(opened));
    return opened;
  }

  bool is_table(sqlite3* database) const {
    const auto found = leat::sqlite::query(database,
                                           "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND "
                                           "lower(name) = lower(?1)",
                                           {x_read.table});
    return found.ok() && !found->empty();
  }

  Status require_table(sqlite3* database) const {
    TRY(const auto columns, columns_of(database, x_read.table));
    if (!columns.empty()) return {};
    TRY(const auto names, table_names(database));
    return Error(Fault::config, x_read.shown + " has no table `" + x_read.table + "`")
        .hint(names.empty() ? "there is no table in it" : name_hint(x_read.table, names));
  }

  Result<Statement> prepare_one(sqlite3* database, const std::string& select) const {
    std::string_view rest;
    TRY(auto statement, leat::sqlite::prepare(database, select, &rest));
    const bool is_alone = rest.find_first_not_of(" \t\r\n;") == std::string_view::npos;
    if (statement && is_alone && sqlite3_stmt_readonly(statement.get()) != 0 &&
        sqlite3_column_count(statement.get()) > 0) {
      return statement;
    }
    return Error(Fault::config, "`query` must be one SELECT, and nothing that writes");
  }

  Status learn_schema(OpenRead& opened) {
    data::Schema schema;
    std::vector<std::size_t> unknown;
    auto* select = opened.select.get();
    const int columns = sqlite3_column_count(select) - (opened.has_rowid ? 1 : 0);
    for (int i = 0; i < columns; ++i) {
      data::Column column{sqlite3_column_name(select, i), {}, true};
      if (schema.find(column.name)) {
        return Error(Fault::config, "the column `" + column.name + "` comes twice")
            .hint("give one of them another name: AS …");
      }
      const char* declared = sqlite3_column_decltype(select, i);
      const auto type = type_of_declared(declared != nullptr ? declared : "");
      if (type) {
        column.type = *type;
      } else {
        unknown.push_back(schema.size());
      }
      schema.columns.push_back(std::move(column));
    }
    if (!unknown.empty()) TRY(sniff(opened, schema, unknown));
    TRY(apply_types(schema));
    x_schema = std::move(schema);
    return {};
  }

  Status sniff(OpenRead& opened, data::Schema& schema,
               const std::vector<std::size_t>& unknown) const {
    std::vector<int> kinds(unknown.size(), SQLITE_NULL);
    auto* select = opened.select.get();
    int code = SQLITE_ROW;
    for (int row = 0; row < kSniffedRows && code == SQLITE_ROW; ++row) {
      code = sqlite3_step(select);
      for (std::size_t i = 0; i < unknown.size() && code == SQLITE_ROW; ++i) {
        const int kind = sqlite3_column_type(select, static_cast<int>(unknown[i]));
        kinds[i] = kind_for_both(kinds[i], kind);
      }
    }
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
      return leat::sqlite::failure(opened.database.get(), code);
    }
    sqlite3_reset(select);
    for (std::size_t i = 0; i < unknown.size(); ++i) {
      schema.columns[unknown[i]].type = type_of_kind(kinds[i]);
    }
    return {};
  }

  Status apply_types(data::Schema& schema) const {
    for (const auto& [name, type] : x_read.types) {
      const auto found = schema.find(name);
      if (!found) {
        return Error(Fault::config, "`columns` names `" + name + "`, which is not read")
            .hint(name_hint(name, schema.names()));
      }
      schema.columns[*found].type = type;
    }
    return {};
  }

  io::FileSystem& x_files;
  TableRead x_read;
  std::optional<data::Schema> x_schema;
};

}  // namespace

std::unique_ptr<Source> open_table_source(io::FileSystem& files, TableRead read) {
  return std::make_unique<TableSource>(files, std::move(read));
}

}  // namespace leat::connectors::sqlite
