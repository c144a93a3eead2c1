#include "connectors/rows/describe.hpp"

#include <atomic>
#include <utility>

#include "base/names.hpp"
#include "base/counted.hpp"
#include "base/quantity.hpp"
#include "clients/text_values/decode.hpp"
#include "config/options.hpp"
#include "connectors/rows/row_table.hpp"
#include "core/inputs.hpp"

namespace leat::connectors::rows {
namespace {

using text_values::Cell;

/// Of the long form; the short one is the list of rows itself.
struct Options {
  const config::Node* values = nullptr;
  std::vector<std::pair<config::Located<std::string>, config::Located<std::string>>> columns;
};

const config::OptionTable<Options>& options() {
  using config::option;
  static const auto table = config::option_table<Options>({
      option("values", &Options::values, "The rows: a list of maps.")
          .required()
          .example("[{id: 1, day: 2024-01-31}]"),
      option("columns", &Options::columns,
             "Name and type of each column. Not given: all keys, with the types of their values.")
          .example("{id: bigint, day: date}"),
  });
  return table;
}

/// Hands out the rows of a table once.
class Rows final : public ChunkSource {
 public:
  explicit Rows(std::shared_ptr<const RowTable> table) : x_table(std::move(table)) {}

  std::size_t threads_max() const override { return 1; }
  Result<std::unique_ptr<ChunkReader>> make_reader(const std::vector<bool>& wanted) override {
    return std::unique_ptr<ChunkReader>(std::make_unique<Reader>(*this, wanted));
  }
  std::uint64_t records_claimed() const override { return x_next; }
  std::uint64_t bytes_claimed() const override { return 0; }
  std::uint64_t bytes_total() const override { return 0; }
  std::string file_name(std::uint32_t) const override { return ""; }
  Status verify_unchanged() const override { return {}; }

 private:
  class Reader final : public ChunkReader {
   public:
    Reader(Rows& source, std::vector<bool> wanted)
        : x_source(source), x_table(*source.x_table), x_wanted(std::move(wanted)) {}

    Result<std::uint32_t> next(RowBatch& batch) override {
      batch.places.clear();
      batch.faults.clear();
      x_first = x_source.x_next;
      const std::size_t rows = std::min<std::size_t>(batch.rows_max, x_table.rows() - x_first);
      x_source.x_next = x_first + rows;
      for (std::size_t row = 0; row < rows; ++row) batch.places.push_back({x_first + row + 1});
      for (std::size_t i = 0; i < x_table.schema().size() && rows > 0; ++i) {
        if (x_wanted[i] && batch.columns[i] != nullptr) decode(i, rows, batch);
      }
      std::stable_sort(batch.faults.begin(), batch.faults.end(),
                       [](const RowFault& a, const RowFault& b) { return a.row < b.row; });
      return static_cast<std::uint32_t>(rows);
    }
    std::string raw(std::uint32_t row) const override { return x_table.json(x_first + row); }

   private:
    void decode(std::size_t column, std::size_t rows, RowBatch& batch) {
      x_cells.clear();
      for (std::size_t row = 0; row < rows; ++row) {
        x_cells.push_back(x_table.cell(x_first + row, column));
      }
      const data::Column& description = x_table.schema().columns[column];
      text_values::decoder_of(description.type)(
          {x_cells, batch.columns[column], description, x_format, true, x_arena, batch.faults});
    }

    Rows& x_source;
    const RowTable& x_table;
    std::vector<bool> x_wanted;
    text_values::ValueFormat x_format;
    text_values::Arena x_arena;
    std::vector<Cell> x_cells;
    std::size_t x_first = 0;
  };

  std::shared_ptr<const RowTable> x_table;
  std::atomic<std::size_t> x_next{0};
};

class RowsSource final : public Source {
 public:
  explicit RowsSource(std::shared_ptr<const RowTable> table) : x_table(std::move(table)) {}

  Result<data::Schema> schema() override { return x_table->schema(); }

  Result<std::optional<Slice>> next_slice(const Position& from, const SliceLimits&) override {
    Slice slice;
    slice.after = {"\"" + x_table->digest() + "\""};
    const auto past = inputs_of(from, {});
    TRY(require_kind(past, Input::Kind::state, "written rows"));
    if (inputs_between(past, inputs_of(slice.after, {})).empty()) return std::optional<Slice>();
    slice.description = counted(x_table->rows(), "row");
    return std::optional<Slice>(std::move(slice));
  }

  Result<SliceRead> read(const Slice&, const ReadContext&) override {
    std::unique_ptr<ChunkSource> rows = std::make_unique<Rows>(x_table);
    return SliceRead(std::move(rows));
  }

 private:
  std::shared_ptr<const RowTable> x_table;
};

class RowsSpec final : public SourceSpec {
 public:
  explicit RowsSpec(RowTable table) : x_table(std::make_shared<RowTable>(std::move(table))) {}

  Replay replay() const override { return Replay::exact; }
  bool grows() const override { return false; }
  std::optional<data::Schema> declared() const override { return x_table->schema(); }
  Result<std::unique_ptr<Source>> build(const BuildContext&) const override {
    return std::unique_ptr<Source>(std::make_unique<RowsSource>(x_table));
  }

 private:
  std::shared_ptr<const RowTable> x_table;
};

std::optional<data::Schema> read_columns(const Options& read, config::Findings& findings) {
  data::Schema schema;
  for (const auto& [name, type] : read.columns) {
    const auto parsed = data::parse_type(type.text);
    if (!parsed.ok()) {
      findings.add(type.place, parsed.error().message(), parsed.error().hint_text(), type.length);
    } else if (text_values::decoder_of(*parsed) == nullptr) {
      findings.add(type.place, "no " + data::sql_of(*parsed) + " can be written here",
                   "write them as varchar and convert them in a model", type.length);
    } else if (schema.find(name.text)) {
      findings.add(name.place, "column `" + name.text + "` is declared twice",
                   "letter case makes no difference", name.length);
    } else {
      schema.columns.push_back({name.text, *parsed, true});
    }
  }
  if (schema.columns.empty()) return std::nullopt;
  return schema;
}

std::unique_ptr<SourceSpec> parse(const config::Node& node, config::Findings& findings) {
  const std::size_t before = findings.size();
  const config::Node* values = &node;
  std::optional<data::Schema> declared;
  if (node.is_map()) {
    const auto read = config::read_options(options(), node, findings);
    if (!read) return nullptr;
    values = node.find("values");
    declared = read_columns(*read, findings);
    if (findings.size() != before) return nullptr;
  }
  auto table = RowTable::make(*values, declared, findings);
  if (!table) return nullptr;
  return std::make_unique<RowsSpec>(std::move(*table));
}

}  // namespace

void describe(Catalog& catalog) {
  catalog.add(SourceEntry{
      .name = "rows",
      .summary = "Rows that stand in the pipeline file itself.",
      .example = "rows: [{id: 1, name: ann}, {id: 2, name: bob}]",
      .replay = Replay::exact,
      .options = &options(),
      .parse = parse,
  });
}

}  // namespace leat::connectors::rows
