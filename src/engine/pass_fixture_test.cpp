#include <unistd.h>

#include <algorithm>
#include <utility>

#include "engine/pass_fixture.hpp"
#include "engine/sql.hpp"

namespace leat::engine {
namespace {

/// Gives out the rows that its blocks hold.
class NumberReader final : public ChunkReader {
 public:
  NumberReader(NumberedRows& source, std::vector<bool> wanted)
      : x_source(source), x_wanted(std::move(wanted)) {}

  Result<std::uint32_t> next(RowBatch& batch) override {
    if (x_at == x_end) {
      const auto [first, count] = x_source.claim();
      x_at = first;
      x_end = first + count;
    }
    const auto rows = std::uint32_t(std::min<std::uint64_t>(x_end - x_at, batch.rows_max));
    x_first = x_at;
    for (std::uint32_t row = 0; row < rows; ++row) {
      const auto id = x_at++;
      if (id >= x_source.ways().error_at) {
        return Error(Fault::external, "the disk is on fire").with("id", std::to_string(id)).busy();
      }
      put(batch, row, id);
    }
    return rows;
  }

  std::string raw(std::uint32_t row) const override {
    return "raw " + std::to_string(x_first + row);
  }

 private:
  void put(RowBatch& batch, std::uint32_t row, std::uint64_t id) {
    batch.places.push_back({id + 1, id + 2, id * 10, 0});
    bool id_lost = false;
    for (const auto& fault : x_source.ways().faults) {
      if (fault.row != id) continue;
      batch.faults.push_back({row, fault.column, fault.message, fault.is_above_records});
      id_lost |= fault.column == "id" || fault.column.empty();
    }
    const auto& id_of = x_source.ways().id_of;
    const auto value = id_of ? id_of(id) : std::int64_t(id);
    if (x_wanted[0]) {
      static_cast<std::int64_t*>(duckdb_vector_get_data(batch.columns[0]))[row] = value;
      if (id_lost) set_null(batch.columns[0], row);
    }
    if (x_wanted[1]) {
      const auto text = "row number " + std::to_string(id);
      duckdb_vector_assign_string_element(batch.columns[1], row, text.c_str());
    }
    if (x_wanted[2]) {
      static_cast<double*>(duckdb_vector_get_data(batch.columns[2]))[row] = double(id) / 2;
      if (id % 5 == 0) set_null(batch.columns[2], row);
    }
  }

  static void set_null(duckdb_vector vector, std::uint32_t row) {
    duckdb_vector_ensure_validity_writable(vector);
    duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector), row);
  }

  NumberedRows& x_source;
  std::vector<bool> x_wanted;
  std::uint64_t x_at = 0;
  std::uint64_t x_end = 0;
  std::uint64_t x_first = 0;
};

std::filesystem::path fresh_folder() {
  static std::atomic<int> count{0};
  auto folder = std::filesystem::temp_directory_path() /
                ("leat_pass_test_" + std::to_string(getpid()) + "_" + std::to_string(++count));
  std::filesystem::create_directories(folder);
  return folder;
}

}  // namespace

Status CollectedBadRows::add(std::vector<BadRow> rows) {
  const std::lock_guard lock(x_mutex);
  if (++x_calls == x_fail_at) return Error(Fault::external, "no room for bad rows");
  for (auto& row : rows) x_rows.push_back(std::move(row));
  return {};
}

std::vector<BadRow> CollectedBadRows::all() const {
  const std::lock_guard lock(x_mutex);
  auto rows = x_rows;
  std::sort(rows.begin(), rows.end(),
            [](const BadRow& a, const BadRow& b) { return a.record < b.record; });
  return rows;
}

std::size_t CollectedBadRows::size() const {
  const std::lock_guard lock(x_mutex);
  return x_rows.size();
}

data::Schema NumberedRows::schema() {
  return {{{"id", {data::TypeId::int64, 0, 0, {}}, true},
           {"name", {data::TypeId::varchar, 0, 0, {}}, true},
           {"amount", {data::TypeId::float64, 0, 0, {}}, true}}};
}

Result<std::unique_ptr<ChunkReader>> NumberedRows::make_reader(const std::vector<bool>& wanted) {
  const std::lock_guard lock(x_mutex);
  x_asked.push_back(wanted);
  return std::unique_ptr<ChunkReader>(std::make_unique<NumberReader>(*this, wanted));
}

std::uint64_t NumberedRows::records_claimed() const {
  const std::lock_guard lock(x_mutex);
  return x_next + (x_ways.claims_too_many ? 1 : 0);
}

Status NumberedRows::verify_unchanged() const {
  if (!x_ways.changed) return {};
  return Error(Fault::external, "numbers.txt changed while it was read");
}

std::pair<std::uint64_t, std::uint64_t> NumberedRows::claim() {
  const std::lock_guard lock(x_mutex);
  const auto count = std::min(x_ways.block, x_ways.rows - x_next);
  x_next += count;
  return {x_next - count, count};
}

std::vector<std::vector<bool>> NumberedRows::asked() const {
  const std::lock_guard lock(x_mutex);
  return x_asked;
}

PassTest::PassTest() : x_folder(fresh_folder()) {
  auto session = Session::open({.threads = 2, .memory_bytes = 512 << 20, .temp_folder = x_folder});
  EXPECT_TRUE(session.ok());
  x_session = std::move(session).value();
  x_context.session = x_session.get();
  x_context.bad_rows = &x_bad;
}

PassTest::~PassTest() {
  x_session.reset();
  std::filesystem::remove_all(x_folder);
}

Check PassTest::sql_check(std::string id, std::string sql, OnFail on_fail) {
  Check check;
  check.id = id;
  check.name = std::move(id);
  check.test = RowTest{"", "", {}, std::move(sql)};
  check.on_fail = on_fail;
  check.message = check.id + " says no to {value}";
  return check;
}

Check PassTest::kernel_check(std::string id, std::string kernel, std::string column,
                             data::KernelArgs args, std::string sql) {
  auto check = sql_check(std::move(id), "");
  check.test = RowTest{std::move(kernel), std::move(column), std::move(args), std::move(sql)};
  return check;
}

Check PassTest::key_check(std::string id, std::vector<std::string> columns) {
  auto check = sql_check(std::move(id), "");
  check.test = KeyTest{std::move(columns)};
  return check;
}

Pass PassTest::numbers(NumberedRows::Ways ways, std::string select, std::vector<Check> checks) {
  Pass pass;
  pass.dataset = "out";
  pass.select = std::move(select);
  pass.inputs.push_back({"n", NumberedRows::schema(),
                         std::make_unique<NumberedRows>(std::move(ways)), std::move(checks), true});
  describe(pass);
  return pass;
}

Pass PassTest::parquet_numbers(std::uint64_t rows, std::string select, std::vector<Check> checks) {
  const auto file = path("numbers.parquet");
  const auto written = x_session->execute(
      "COPY (SELECT i AS id, 'row number ' || i AS name, "
      "CASE WHEN i % 5 <> 0 THEN i / 2 END AS amount FROM range(" +
      std::to_string(rows) + ") r(i)) TO '" + file + "' (FORMAT parquet, ROW_GROUP_SIZE 2048)");
  EXPECT_TRUE(written.ok()) << written.error().text();
  Pass pass;
  pass.dataset = "out";
  pass.select = std::move(select);
  EngineScan scan{"read_parquet('" + file + "', file_row_number = true)", "'" + file + "'",
                  "file_row_number + 1"};
  pass.inputs.push_back({"n", NumberedRows::schema(), std::move(scan), std::move(checks), true});
  describe(pass);
  return pass;
}

void PassTest::describe(Pass& pass) {
  std::vector<NamedSchema> tables;
  for (const auto& input : pass.inputs) tables.push_back({input.dataset, input.schema});
  auto outcome = bind_select(*x_session, pass.select, tables);
  EXPECT_TRUE(outcome.complaints.empty()) << outcome.complaints[0].message;
  pass.schema = outcome.value;
  pass.row_wise = parse_select(pass.select).value.row_wise;
}

void PassTest::write_to(Pass& pass, const std::string& file, const std::string& format) {
  pass.stages.push_back(StageTarget{path(file), format, {}, {}});
}

Result<PassReport> PassTest::run(Pass& pass) { return run_pass(pass, x_context); }

PassReport PassTest::run_ok(Pass& pass) {
  auto report = run(pass);
  EXPECT_TRUE(report.ok()) << report.error().text();
  return report.ok() ? std::move(report).value() : PassReport{};
}

std::string PassTest::cell(const std::string& sql) {
  const auto table = x_session->query(sql);
  if (!table.ok()) return "error: " + table.error().text();
  return table->rows.at(0).at(0).value_or("(null)");
}

}  // namespace leat::engine
