#include "core/provenance.hpp"

#include <duckdb.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/names.hpp"
#include "core/carried_types.hpp"
#include "core/ordered_rows.hpp"
#include "core/reads_texts.hpp"
#include "core/wrapped_chunks.hpp"

namespace leat {
namespace {

constexpr std::size_t kOfFile = 0;  ///< Which of the columns; numbers follow.

std::size_t width() { return provenance_columns().size(); }

data::Schema with_places(data::Schema columns) {
  const auto& more = provenance_columns().columns;
  columns.columns.insert(columns.columns.end(), more.begin(), more.end());
  return columns;
}

data::Schema without_places(data::Schema columns) {
  std::erase_if(columns.columns,
                [](const auto& column) { return is_provenance_column(column.name); });
  return columns;
}

/// A text that lies elsewhere, as the engine's vectors hold it.
duckdb_string_t text_at(const std::string& text) {
  duckdb_string_t out{};
  out.value.inlined.length = static_cast<std::uint32_t>(text.size());
  if (duckdb_string_is_inlined(out)) {
    std::memcpy(out.value.inlined.inlined, text.data(), text.size());
    return out;
  }
  std::memcpy(out.value.pointer.prefix, text.data(), sizeof(out.value.pointer.prefix));
  out.value.pointer.ptr = const_cast<char*>(text.data());  // The engine only reads it.
  return out;
}

class PlacedReader final : public ChunkReader {
 public:
  PlacedReader(const ChunkSource& source, std::unique_ptr<ChunkReader> reader)
      : x_source(source), x_reader(std::move(reader)) {}

  Result<std::uint32_t> next(RowBatch& batch) override {
    const auto outer = batch.columns;
    batch.columns = outer.first(outer.size() - width());
    auto rows = x_reader->next(batch);
    batch.columns = outer;
    if (!rows.ok() || *rows == 0) return rows;
    const auto own = outer.last(width());
    if (own[kOfFile] != nullptr) write_files(own[kOfFile], batch);
    write_numbers(own[1], batch, &data::RowPlace::record);
    write_numbers(own[2], batch, &data::RowPlace::line);
    write_bytes(own[3], batch);
    return rows;
  }
  std::string raw(std::uint32_t row) const override { return x_reader->raw(row); }

 private:
  void write_files(duckdb_vector out, const RowBatch& batch) {
    auto* const texts = static_cast<duckdb_string_t*>(duckdb_vector_get_data(out));
    const std::string* name = nullptr;
    std::uint32_t file = 0;
    for (std::size_t row = 0; row < batch.places.size(); ++row) {
      if (name == nullptr || batch.places[row].file != file) {
        file = batch.places[row].file;
        const auto [at, is_new] = x_names.try_emplace(file);
        if (is_new) at->second = x_source.file_name(file);
        name = &at->second;
      }
      texts[row] = text_at(*name);
    }
  }

  static void write_numbers(duckdb_vector out, const RowBatch& batch,
                            std::uint64_t data::RowPlace::* number) {
    if (out == nullptr) return;
    auto* const numbers = static_cast<std::int64_t*>(duckdb_vector_get_data(out));
    for (std::size_t row = 0; row < batch.places.size(); ++row) {
      const auto value = batch.places[row].*number;
      numbers[row] = std::int64_t(value);
      if (value == 0) set_null(out, row);
    }
  }

  /// The first byte has the number 0; where no line is known, no byte is.
  static void write_bytes(duckdb_vector out, const RowBatch& batch) {
    if (out == nullptr) return;
    auto* const numbers = static_cast<std::int64_t*>(duckdb_vector_get_data(out));
    for (std::size_t row = 0; row < batch.places.size(); ++row) {
      numbers[row] = std::int64_t(batch.places[row].byte_offset);
      if (batch.places[row].line == 0) set_null(out, row);
    }
  }

  static void set_null(duckdb_vector out, std::size_t row) {
    duckdb_vector_ensure_validity_writable(out);
    duckdb_validity_set_row_invalid(duckdb_vector_get_validity(out), row);
  }

  const ChunkSource& x_source;
  std::unique_ptr<ChunkReader> x_reader;
  std::map<std::uint32_t, std::string> x_names;
};

class PlacedChunks final : public WrappedChunks {
 public:
  using WrappedChunks::WrappedChunks;

  Result<std::unique_ptr<ChunkReader>> make_reader(const std::vector<bool>& wanted) override {
    const auto own = static_cast<std::ptrdiff_t>(wanted.size() - width());
    TRY(auto reader, inner().make_reader({wanted.begin(), wanted.begin() + own}));
    return std::unique_ptr<ChunkReader>(std::make_unique<PlacedReader>(inner(), std::move(reader)));
  }
};

/// Nothing is known of the places before they are read.
TellFacts facts_without_places(TellFacts inner) {
  if (!inner) return inner;
  return [inner = std::move(inner)](
             const std::vector<std::string>& columns) -> Result<std::vector<ColumnFacts>> {
    auto own = columns;
    std::erase_if(own, [](const auto& name) { return is_provenance_column(name); });
    TRY(auto known, inner(own));
    std::vector<ColumnFacts> all;
    std::size_t next = 0;
    for (const auto& name : columns) {
      const bool is_place = is_provenance_column(name);
      all.push_back(is_place ? ColumnFacts{} : std::move(known.at(next)));
      next += is_place ? 0 : 1;
    }
    return all;
  };
}

EngineScan place_scan(EngineScan scan, const data::Schema& columns) {
  const auto or_null = [](const std::string& sql) { return sql.empty() ? "NULL" : sql; };
  const auto& names = provenance_columns().columns;
  std::string list;
  for (const auto& name : columns.names()) list += quote_identifier(name) + ", ";
  list += "CAST(" + or_null(scan.file_sql) + " AS VARCHAR) AS " + names[0].name;
  list += ", CAST(" + or_null(scan.record_sql) + " AS BIGINT) AS " + names[1].name;
  list +=
      ", CAST(NULL AS BIGINT) AS " + names[2].name + ", CAST(NULL AS BIGINT) AS " + names[3].name;
  list += ", " + or_null(scan.order_sql) + " AS leat_placed_order, " + or_null(scan.fault_sql) +
          " AS leat_placed_fault";
  scan.from_sql = "(SELECT " + list + " FROM " + scan.from_sql + ")";
  scan.file_sql = names[0].name;
  scan.record_sql = names[1].name;
  if (!scan.order_sql.empty()) scan.order_sql = "leat_placed_order";
  if (!scan.fault_sql.empty()) scan.fault_sql = "leat_placed_fault";
  scan.facts = facts_without_places(std::move(scan.facts));
  return scan;
}

class PlacedSource final : public Source, public ReadsInOrder, public ReadsTexts {
 public:
  explicit PlacedSource(std::unique_ptr<Source> source) : x_source(std::move(source)) {}

  void read_in_order() override {
    if (auto* inner = dynamic_cast<ReadsInOrder*>(x_source.get())) inner->read_in_order();
  }
  Result<data::Schema> schema() override {
    TRY(auto own, x_source->schema());
    for (const auto& column : own.columns) {
      if (!is_provenance_column(column.name)) continue;
      return Error(Fault::config, "`provenance: row` adds the column `" + column.name +
                                      "`, which is there already")
          .hint("leave `provenance` out, or that column, by `columns`");
    }
    return with_places(std::move(own));
  }
  Result<std::optional<Slice>> next_slice(const Position& from,
                                          const SliceLimits& limits) override {
    return x_source->next_slice(from, limits);
  }
  Result<SliceRead> read(const Slice& slice, const ReadContext& context) override {
    TRY(auto read, x_source->read(slice, context));
    if (auto* scan = std::get_if<EngineScan>(&read)) {
      TRY(const auto own, x_source->schema());
      return SliceRead(place_scan(std::move(*scan), own));
    }
    auto chunks = std::move(std::get<std::unique_ptr<ChunkSource>>(read));
    return SliceRead(std::make_unique<PlacedChunks>(std::move(chunks)));
  }
  Result<Position> position_after(const Slice& slice) override {
    return x_source->position_after(slice);
  }
  Result<std::unique_ptr<ChunkSource>> read_texts(NextRecord next, const data::Schema& columns,
                                                  const ReadContext& context) override {
    TRY(auto chunks, x_source->read_texts(std::move(next), without_places(columns), context));
    if (chunks == nullptr) return chunks;
    return std::unique_ptr<ChunkSource>(std::make_unique<PlacedChunks>(std::move(chunks)));
  }
  bool reads_texts_of(const std::string& file) const override {
    return leat::reads_texts_of(*x_source, file);
  }
  std::vector<std::string> take_warnings() override { return x_source->take_warnings(); }

 private:
  std::unique_ptr<Source> x_source;
};

class PlacedSpec final : public SourceSpec, public CarriesTypes {
 public:
  explicit PlacedSpec(std::shared_ptr<const SourceSpec> spec) : x_spec(std::move(spec)) {}

  Replay replay() const override { return x_spec->replay(); }
  bool grows() const override { return x_spec->grows(); }
  bool asks_engine() const override { return x_spec->asks_engine(); }
  bool is_remote() const override { return x_spec->is_remote(); }
  std::optional<data::Schema> declared() const override {
    auto own = x_spec->declared();
    if (!own) return own;
    return with_places(std::move(*own));
  }
  std::optional<data::Schema> declared_types() const override {
    const auto* inner = dynamic_cast<const CarriesTypes*>(x_spec.get());
    auto types = inner != nullptr ? inner->declared_types() : std::nullopt;
    return types ? std::optional(with_places(std::move(*types))) : std::nullopt;
  }
  std::vector<std::filesystem::path> would_read(
      const BuildContext& context, const std::vector<std::filesystem::path>& files) const override {
    return x_spec->would_read(context, files);
  }
  std::unique_ptr<SourceSpec> read_as(const data::Schema& types) const override {
    auto inner = x_spec->read_as(without_places(types));
    return inner ? with_provenance(std::move(inner)) : nullptr;
  }
  Result<FoundOptions> find_options(const BuildContext& context) const override {
    return x_spec->find_options(context);
  }
  std::string remark_on(const std::vector<std::string>& kept) const override {
    return x_spec->remark_on(kept);
  }
  Result<std::unique_ptr<Source>> build(const BuildContext& context) const override {
    TRY(auto source, x_spec->build(context));
    return std::unique_ptr<Source>(std::make_unique<PlacedSource>(std::move(source)));
  }

 private:
  std::shared_ptr<const SourceSpec> x_spec;
};

}  // namespace

const data::Schema& provenance_columns() {
  static const data::Schema columns{{{"_leat_file", {data::TypeId::varchar, 0, 0, {}}, true},
                                     {"_leat_record_no", {data::TypeId::int64, 0, 0, {}}, true},
                                     {"_leat_line_no", {data::TypeId::int64, 0, 0, {}}, true},
                                     {"_leat_byte_offset", {data::TypeId::int64, 0, 0, {}}, true}}};
  return columns;
}

bool is_provenance_column(std::string_view name) {
  return provenance_columns().find(std::string(name)).has_value();
}

std::unique_ptr<SourceSpec> with_provenance(std::shared_ptr<const SourceSpec> spec) {
  return std::make_unique<PlacedSpec>(std::move(spec));
}

}  // namespace leat
