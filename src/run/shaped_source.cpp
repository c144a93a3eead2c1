#include "run/shaped_source.hpp"

#include <duckdb.h>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <functional>
#include <map>
#include <optional>
#include <set>

#include "base/names.hpp"
#include "data/chunk_view.hpp"
#include "engine/column_cast.hpp"
#include "engine/engine_table.hpp"
#include "core/wrapped_chunks.hpp"

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

/// The same type with more room for digits: what a value loses on its way shows there. Names of
/// fields in quotes stay.
std::string with_room(const std::string& type) {
  static const std::map<std::string, std::string, std::less<>> kWider{
      {"tinyint", "DECIMAL(38,10)"},   {"smallint", "DECIMAL(38,10)"},
      {"integer", "DECIMAL(38,10)"},   {"int", "DECIMAL(38,10)"},
      {"bigint", "DECIMAL(38,10)"},    {"utinyint", "DECIMAL(38,10)"},
      {"usmallint", "DECIMAL(38,10)"}, {"uinteger", "DECIMAL(38,10)"},
      {"ubigint", "DECIMAL(38,10)"},   {"timestamp", "TIMESTAMP_NS"},
      {"timestamp_s", "TIMESTAMP_NS"}, {"timestamp_ms", "TIMESTAMP_NS"}};
  constexpr std::string_view kWithZone = " with time zone";  // No type has more room than these.
  std::string out;
  for (std::size_t at = 0; at < type.size();) {
    if (type[at] == '"') {
      auto end = type.find('"', at + 1);
      end = end == std::string::npos ? type.size() : end + 1;
      out += type.substr(at, end - at);
      at = end;
      continue;
    }
    auto end = at;
    while (end < type.size() &&
           (std::isalnum(static_cast<unsigned char>(type[end])) || type[end] == '_')) {
      ++end;
    }
    const auto word = to_lower(type.substr(at, end - at));
    if (word == "decimal" && type[end] == '(') {
      out += "DECIMAL(38,18)";
      at = type.find(')', end) + 1;
      continue;
    }
    if (to_lower(type.substr(end, kWithZone.size())) == kWithZone) {
      out += type.substr(at, end + kWithZone.size() - at);
      at = end + kWithZone.size();
      continue;
    }
    const auto wider = kWider.find(word);
    out += wider == kWider.end() ? type.substr(at, end - at) : wider->second;
    at = end;
    if (word.empty()) out += type[at++];
  }
  return out;
}

/// True where the value that the engine made, taken back to a wider type, is not what stood there.
std::string rounds(const std::string& name, const data::Type& to) {
  const auto type = data::sql_of(to);
  const auto wider = with_room(type);
  if (wider == type) return "false";
  return "TRY(CAST(" + name + " AS " + wider + ")) IS DISTINCT FROM TRY(CAST(CAST(" + name +
         " AS " + type + ") AS " + wider + "))";
}

/// True where a number of a JSON text is beyond all of its type: the engine makes it infinite.
/// Texts may say that they are.
std::string becomes_infinite(const std::string& name, const data::Type& to) {
  const auto type = data::sql_of(to);
  if (type.find("DOUBLE") == std::string::npos && type.find("FLOAT") == std::string::npos) {
    return "false";
  }
  const auto holds = [](const std::string& text) {
    return "contains(lower(CAST(" + text + " AS VARCHAR)), 'inf')";
  };
  return "(" + holds("TRY(CAST(" + name + " AS " + type + "))") + " AND NOT " + holds(name) + ")";
}

/// True where the cast loses something; a text must look like a whole number to become one.
std::string loses(const std::string& name, const data::Type& from, const data::Type& to) {
  const auto cast = "TRY_CAST(" + name + " AS " + data::sql_of(to) + ")";
  const auto lost = cast + " IS NULL";
  const bool is_nested = from.id == data::TypeId::json && to.id == data::TypeId::other;
  // What does not fit inside of a list becomes null alone, without a word.
  if (is_nested) {
    return "TRY(CAST(" + name + " AS " + data::sql_of(to) + ")) IS NULL OR " + rounds(name, to) +
           " OR " + becomes_infinite(name, to);
  }
  if (from.is_text()) {
    const auto type = data::sql_of(to);
    if (type == "TIME_NS") return lost + " OR regexp_matches(" + name + ", '[-+]')";
    if (!to.is_whole() && type != "BIGNUM") return lost + " OR " + rounds(name, to);
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
              " AS VARCHAR) || " + quote_literal("` is not " + data::with_article(column.type));
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

/// A column whose values become those of another type.
struct CastColumn {
  std::size_t wanted;  ///< Of the contract.
  std::size_t found;
  std::shared_ptr<const engine::ColumnCast> cast;
};

/// How the columns that were found become those of the contract.
struct Casting {
  plan::SourceShape shape;
  data::Schema wanted;
  std::vector<CastColumn> casts;
  std::vector<std::size_t> refused;              ///< Of `found`: a value in them is a fault.
  std::optional<engine::EngineTable> own_types;  ///< By own_column.

  /// Columns of `found` that are read into vectors of our own: refused ones, then those to cast.
  std::size_t own_column(std::size_t own) const {
    return own < refused.size() ? refused[own] : casts[own - refused.size()].found;
  }
  std::size_t own_columns() const { return refused.size() + casts.size(); }
};

/// One thread's hand: puts the vectors of the contract where the reader expects those it found, and
/// vectors of its own where a type differs.
class ShapedReader final : public ChunkReader {
 public:
  static Result<std::unique_ptr<ChunkReader>> open(std::unique_ptr<ChunkReader> reader,
                                                   const Casting& plan) {
    auto shaped = std::make_unique<ShapedReader>(std::move(reader), plan);
    for (const auto& column : plan.casts) {
      TRY(auto run, column.cast->open());
      shaped->x_runs.push_back(std::move(run));
    }
    return std::unique_ptr<ChunkReader>(std::move(shaped));
  }
  ShapedReader(std::unique_ptr<ChunkReader> reader, const Casting& plan)
      : x_reader(std::move(reader)), x_plan(plan) {
    auto types = plan.own_types->types();
    if (!types.empty()) x_own = duckdb_create_data_chunk(types.data(), types.size());
  }
  ~ShapedReader() override { duckdb_destroy_data_chunk(&x_own); }
  ShapedReader(const ShapedReader&) = delete;
  ShapedReader& operator=(const ShapedReader&) = delete;

  Result<std::uint32_t> next(RowBatch& batch) override {
    const auto& from = x_plan.shape.from;
    x_found.assign(x_plan.shape.found.size(), nullptr);
    for (std::size_t i = 0; i < from.size(); ++i) {
      if (from[i]) x_found[*from[i]] = batch.columns[i];
    }
    if (x_own != nullptr) duckdb_data_chunk_reset(x_own);
    for (std::size_t i = 0; i < x_plan.own_columns(); ++i) {
      const bool unwanted = i >= x_plan.refused.size() && x_found[x_plan.own_column(i)] == nullptr;
      if (!unwanted) x_found[x_plan.own_column(i)] = duckdb_data_chunk_get_vector(x_own, i);
    }
    const auto outer = batch.columns;
    batch.columns = x_found;
    auto rows = x_reader->next(batch);
    batch.columns = outer;
    if (!rows.ok() || *rows == 0) return rows;
    clear_missing(outer, *rows);
    const auto before = batch.faults.size();
    TRY(cast(batch, *rows));
    refuse(batch, *rows);
    if (batch.faults.size() != before) {
      std::stable_sort(batch.faults.begin(), batch.faults.end(),
                       [](const RowFault& a, const RowFault& b) { return a.row < b.row; });
    }
    return rows;
  }
  std::string raw(std::uint32_t row) const override { return x_reader->raw(row); }

 private:
  void clear_missing(std::span<const duckdb_vector> columns, std::uint32_t rows) const {
    for (std::size_t i = 0; i < x_plan.shape.from.size(); ++i) {
      if (x_plan.shape.from[i] || columns[i] == nullptr) continue;
      duckdb_vector_ensure_validity_writable(columns[i]);
      std::memset(duckdb_vector_get_validity(columns[i]), 0, (rows + 63) / 64 * 8);
    }
  }

  Status cast(RowBatch& batch, std::uint32_t rows) {
    for (std::size_t i = 0; i < x_plan.casts.size(); ++i) {
      const auto& column = x_plan.casts[i];
      if (x_found[column.found] == nullptr) continue;
      engine::RowBits lost;
      TRY(x_runs[i]->apply(x_found, rows, batch.columns[column.wanted], lost));
      const auto& wanted = x_plan.wanted.columns[column.wanted];
      lost.each([&](std::uint32_t row) {
        batch.faults.push_back(
            {row, wanted.name,
             "`" + x_runs[i]->shown(x_found, row) + "` is not " + data::with_article(wanted.type)});
      });
    }
    return {};
  }

  void refuse(RowBatch& batch, std::uint32_t rows) const {
    for (std::size_t i = 0; i < x_plan.refused.size(); ++i) {
      const auto& column = x_plan.shape.found.columns[x_plan.refused[i]];
      const auto view = data::view_column(duckdb_data_chunk_get_vector(x_own, i), column.type);
      for (std::uint32_t row = 0; row < rows; ++row) {
        if (view.is_valid(row)) batch.faults.push_back({row, "", not_in_contract(column.name)});
      }
    }
  }

  std::unique_ptr<ChunkReader> x_reader;
  const Casting& x_plan;
  std::vector<std::unique_ptr<engine::ColumnCast::Run>> x_runs;
  std::vector<duckdb_vector> x_found;  ///< By column of `found`.
  duckdb_data_chunk x_own = nullptr;
};

class ShapedChunks final : public WrappedChunks {
 public:
  ShapedChunks(std::unique_ptr<ChunkSource> source, Casting plan)
      : WrappedChunks(std::move(source)), x_plan(std::move(plan)) {}

  Result<std::unique_ptr<ChunkReader>> make_reader(const std::vector<bool>& wanted) override {
    std::vector<bool> needed(x_plan.shape.found.size(), false);
    for (std::size_t i = 0; i < x_plan.shape.from.size(); ++i) {
      if (x_plan.shape.from[i] && wanted[i]) needed[*x_plan.shape.from[i]] = true;
    }
    for (const auto at : x_plan.refused) needed[at] = true;
    TRY(auto reader, inner().make_reader(needed));
    return ShapedReader::open(std::move(reader), x_plan);
  }

 private:
  Casting x_plan;
};

}  // namespace

Result<SliceRead> shape_read(engine::Session& session, SliceRead read,
                             const plan::SourceShape& shape, const data::Schema& wanted) {
  if (auto* scan = std::get_if<EngineScan>(&read)) {
    return SliceRead(shape_scan(std::move(*scan), shape, wanted));
  }
  Casting plan{shape, wanted, {}, new_columns(shape), std::nullopt};
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!shape.from[i]) continue;
    const auto& found = shape.found.columns[*shape.from[i]];
    const auto& type = wanted.columns[i].type;
    if (found.type == type) continue;
    const auto name = quote_identifier(found.name);
    const auto lost = name + " IS NOT NULL AND (" + loses(name, found.type, type) + ")";
    TRY(auto cast, engine::ColumnCast::make(session, shape.found, *shape.from[i], lost));
    plan.casts.push_back({i, *shape.from[i], std::move(cast)});
  }
  data::Schema own;
  for (std::size_t i = 0; i < plan.own_columns(); ++i) {
    own.columns.push_back(shape.found.columns[plan.own_column(i)]);
  }
  TRY(auto types, engine::EngineTable::make(session, "own", own));
  plan.own_types.emplace(std::move(types));
  auto chunks = std::move(std::get<std::unique_ptr<ChunkSource>>(read));
  return SliceRead(std::make_unique<ShapedChunks>(std::move(chunks), std::move(plan)));
}

}  // namespace leat::run
