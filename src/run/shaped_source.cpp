#include "run/shaped_source.hpp"

#include <duckdb.h>

#include <algorithm>
#include <cstring>
#include <set>

#include "base/names.hpp"
#include "data/chunk_view.hpp"

namespace leat::run {
namespace {

/// Columns of what was found that the contract does not have.
std::vector<std::size_t> new_columns(const plan::SourceShape& shape) {
  std::vector<std::size_t> out;
  if (!shape.refuses_new) return out;
  for (std::size_t i = 0; i < shape.found.size(); ++i) {
    if (std::find(shape.from.begin(), shape.from.end(), i) == shape.from.end()) out.push_back(i);
  }
  return out;
}

std::string not_in_contract(const std::string& column) {
  return "column " + column + " is not in the contract";
}

/// True where the cast loses something; a text must look like a whole number to become one.
std::string loses(const std::string& name, const data::Type& from, const data::Type& to) {
  const auto cast = "TRY_CAST(" + name + " AS " + data::sql_of(to) + ")";
  const auto lost = cast + " IS NULL";
  if (from.is_text()) {
    if (!to.is_whole()) return lost;
    return lost + " OR NOT regexp_full_match(" + name + ", '\\s*[+-]?[0-9]+\\s*')";
  }
  if (to.is_text()) return lost;
  return lost + " OR TRY_CAST(" + cast + " AS " + data::sql_of(from) + ") IS DISTINCT FROM " + name;
}

EngineScan shape_scan(EngineScan scan, const plan::SourceShape& shape, const data::Schema& wanted) {
  std::string list;
  std::string faults;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto& column = wanted.columns[i];
    const auto type = data::sql_of(column.type);
    const auto as = " AS " + quote_identifier(column.name);
    list += i ? ", " : "";
    if (!shape.from[i]) {
      list += "CAST(NULL AS " + type + ")" + as;
      continue;
    }
    const auto& found = shape.found.columns[*shape.from[i]];
    const auto name = quote_identifier(found.name);
    if (found.type == column.type) {
      list += name + as;
      continue;
    }
    list += "TRY_CAST(" + name + " AS " + type + ")" + as;
    faults += " WHEN " + name + " IS NOT NULL AND (" + loses(name, found.type, column.type) +
              ") THEN " + quote_literal(column.name + ": ") + " || '`' || CAST(" + name +
              " AS VARCHAR) || " + quote_literal("` is not a " + type);
  }
  for (const auto at : new_columns(shape)) {
    const auto& name = shape.found.columns[at].name;
    faults += " WHEN " + quote_identifier(name) + " IS NOT NULL THEN " +
              quote_literal(not_in_contract(name));
  }
  const auto place = [](const std::string& sql) { return sql.empty() ? "NULL" : sql; };
  scan.from_sql = "(SELECT " + list + ", " + place(scan.file_sql) + " AS leat_shape_file, " +
                  place(scan.record_sql) + " AS leat_shape_record, " + place(scan.order_sql) +
                  " AS leat_shape_order, " + (faults.empty() ? "NULL" : "CASE" + faults + " END") +
                  " AS leat_shape_fault FROM " + scan.from_sql + ")";
  if (!scan.file_sql.empty()) scan.file_sql = "leat_shape_file";
  if (!scan.record_sql.empty()) scan.record_sql = "leat_shape_record";
  if (!scan.order_sql.empty()) scan.order_sql = "leat_shape_order";
  if (!faults.empty()) scan.fault_sql = "leat_shape_fault";
  return scan;
}

/// One thread's hand: puts the vectors of the contract where the reader expects those it found.
class ShapedReader final : public ChunkReader {
 public:
  ShapedReader(std::unique_ptr<ChunkReader> reader, const plan::SourceShape& shape,
               const std::vector<std::size_t>& refused)
      : x_reader(std::move(reader)), x_shape(shape), x_refused(refused) {
    std::vector<duckdb_logical_type> types;
    for (const auto at : refused) {
      types.push_back(data::type_to_engine(shape.found.columns[at].type));
    }
    if (!types.empty()) x_extra = duckdb_create_data_chunk(types.data(), types.size());
    for (auto& type : types) duckdb_destroy_logical_type(&type);
  }
  ~ShapedReader() override { duckdb_destroy_data_chunk(&x_extra); }
  ShapedReader(const ShapedReader&) = delete;
  ShapedReader& operator=(const ShapedReader&) = delete;

  Result<std::uint32_t> next(RowBatch& batch) override {
    std::vector<duckdb_vector> inner(x_shape.found.size(), nullptr);
    for (std::size_t i = 0; i < x_shape.from.size(); ++i) {
      if (x_shape.from[i]) inner[*x_shape.from[i]] = batch.columns[i];
    }
    if (x_extra != nullptr) duckdb_data_chunk_reset(x_extra);
    for (std::size_t i = 0; i < x_refused.size(); ++i) {
      inner[x_refused[i]] = duckdb_data_chunk_get_vector(x_extra, i);
    }
    const auto outer = batch.columns;
    batch.columns = inner;
    auto rows = x_reader->next(batch);
    batch.columns = outer;
    if (!rows.ok() || *rows == 0) return rows;
    clear_missing(outer, *rows);
    refuse(batch, *rows);
    return rows;
  }
  std::string raw(std::uint32_t row) const override { return x_reader->raw(row); }

 private:
  void clear_missing(std::span<const duckdb_vector> columns, std::uint32_t rows) const {
    for (std::size_t i = 0; i < x_shape.from.size(); ++i) {
      if (x_shape.from[i] || columns[i] == nullptr) continue;
      duckdb_vector_ensure_validity_writable(columns[i]);
      std::memset(duckdb_vector_get_validity(columns[i]), 0, (rows + 63) / 64 * 8);
    }
  }

  void refuse(RowBatch& batch, std::uint32_t rows) const {
    const auto before = batch.faults.size();
    for (std::size_t i = 0; i < x_refused.size(); ++i) {
      const auto& column = x_shape.found.columns[x_refused[i]];
      const auto view = data::view_column(duckdb_data_chunk_get_vector(x_extra, i), column.type);
      for (std::uint32_t row = 0; row < rows; ++row) {
        if (view.is_valid(row)) batch.faults.push_back({row, "", not_in_contract(column.name)});
      }
    }
    if (batch.faults.size() == before) return;
    std::stable_sort(batch.faults.begin(), batch.faults.end(),
                     [](const RowFault& a, const RowFault& b) { return a.row < b.row; });
  }

  std::unique_ptr<ChunkReader> x_reader;
  const plan::SourceShape& x_shape;
  const std::vector<std::size_t>& x_refused;
  duckdb_data_chunk x_extra = nullptr;
};

class ShapedChunks final : public ChunkSource {
 public:
  ShapedChunks(std::unique_ptr<ChunkSource> source, const plan::SourceShape& shape)
      : x_source(std::move(source)), x_shape(shape), x_refused(new_columns(shape)) {}

  std::size_t threads_max() const override { return x_source->threads_max(); }
  Result<std::unique_ptr<ChunkReader>> make_reader(const std::vector<bool>& wanted) override {
    std::vector<bool> inner(x_shape.found.size(), false);
    for (std::size_t i = 0; i < x_shape.from.size(); ++i) {
      if (x_shape.from[i] && wanted[i]) inner[*x_shape.from[i]] = true;
    }
    for (const auto at : x_refused) inner[at] = true;
    TRY(auto reader, x_source->make_reader(inner));
    return std::unique_ptr<ChunkReader>(
        std::make_unique<ShapedReader>(std::move(reader), x_shape, x_refused));
  }
  std::uint64_t records_claimed() const override { return x_source->records_claimed(); }
  std::uint64_t bytes_claimed() const override { return x_source->bytes_claimed(); }
  std::uint64_t bytes_total() const override { return x_source->bytes_total(); }
  std::string file_name(std::uint32_t file) const override { return x_source->file_name(file); }
  Status verify_unchanged() const override { return x_source->verify_unchanged(); }

 private:
  std::unique_ptr<ChunkSource> x_source;
  plan::SourceShape x_shape;
  std::vector<std::size_t> x_refused;
};

}  // namespace

SliceRead shape_read(SliceRead read, const plan::SourceShape& shape, const data::Schema& wanted) {
  if (auto* scan = std::get_if<EngineScan>(&read)) {
    return shape_scan(std::move(*scan), shape, wanted);
  }
  return SliceRead(std::make_unique<ShapedChunks>(
      std::move(std::get<std::unique_ptr<ChunkSource>>(read)), shape));
}

}  // namespace leat::run
