#include "connectors/postgres/row_reader.hpp"

#include <algorithm>

#include "clients/text_values/decode.hpp"

namespace leat::connectors::postgres {
namespace {

constexpr std::size_t kHeaderBytes = 19;  ///< Of a COPY; what may follow it has its own length.

/// What stands behind the header that comes with the first row.
std::string_view without_header(std::string_view bytes) {
  const auto extra = read_number<std::uint32_t>(bytes.data() + kHeaderBytes - 4);
  return bytes.substr(kHeaderBytes + extra);
}

}  // namespace

class Rows::Reader final : public ChunkReader {
 public:
  Reader(Rows& source, const std::vector<bool>& wanted) : x_source(source) {
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (!wanted[i] && !source.x_keep) continue;
      x_wanted.push_back(i);
      const auto& column = source.x_columns[i];
      x_wires.push_back({column.name, column.type, column.wire});
    }
    x_fields.resize(x_wanted.size());
  }

  Status begin() {
    std::string list;
    for (const auto index : x_wanted) {
      list += (list.empty() ? "" : ", ") + x_source.x_columns[index].sql;
    }
    return x_source.x_server.begin_copy_out("COPY (SELECT " + list + " FROM (" + x_source.x_select +
                                            "\n) AS rows) TO STDOUT (FORMAT binary)");
  }

  Result<std::uint32_t> next(RowBatch& batch) override {
    batch.places.clear();
    batch.faults.clear();
    x_current = 1 - x_current;
    x_arenas[x_current].clear();
    x_rows.clear();
    for (auto& fields : x_fields) fields.clear();
    while (x_rows.size() < batch.rows_max && !x_source.x_is_done) TRY(take_row(batch));
    for (std::size_t i = 0; i < x_wanted.size(); ++i) decode(batch, i);
    std::stable_sort(batch.faults.begin(), batch.faults.end(),
                     [](const RowFault& a, const RowFault& b) { return a.row < b.row; });
    return std::uint32_t(x_rows.size());
  }

  std::string raw(std::uint32_t row) const override { return row_json(x_rows[row], x_wires); }

 private:
  Status take_row(RowBatch& batch) {
    TRY(auto bytes, x_source.x_server.next_row(x_source.x_cancel));
    if (!bytes) {
      x_source.x_is_done = true;
      return {};
    }
    x_source.x_bytes += bytes->size();
    auto row = *bytes;
    if (x_is_first) row = without_header(row);
    x_is_first = false;
    if (row.size() < 2 || read_number<std::int16_t>(row.data()) < 0) return {};  // The end.
    if (x_source.x_keep && !is_kept(row)) return {};
    char* copy = x_arenas[x_current].take(row.size());
    std::copy(row.begin(), row.end(), copy);
    row = {copy, row.size()};
    std::size_t at = 2;
    for (auto& fields : x_fields) {
      const auto size = read_number<std::int32_t>(row.data() + at);
      at += 4;
      fields.push_back(size < 0 ? std::string_view() : row.substr(at, std::size_t(size)));
      at += size < 0 ? 0 : std::size_t(size);
    }
    x_rows.push_back(row);
    batch.places.push_back({++x_source.x_rows, 0, 0, 0});
    return {};
  }

  bool is_kept(std::string_view row) {
    x_travelled.clear();
    std::size_t at = 2;
    for (std::size_t i = 0; i < x_fields.size(); ++i) {
      const auto size = read_number<std::int32_t>(row.data() + at);
      at += 4;
      x_travelled.push_back(size < 0 ? "n" : "v" + std::string(row.substr(at, std::size_t(size))));
      at += size < 0 ? 0 : std::size_t(size);
    }
    return x_source.x_keep(x_travelled);
  }

  void decode(RowBatch& batch, std::size_t index) {
    const auto& column = x_source.x_columns[x_wanted[index]];
    const auto vector = batch.columns[x_wanted[index]];
    if (vector == nullptr) return;
    if (!column.is_text || column.type.id == data::TypeId::blob) {
      return decode_fields({column, x_fields[index], vector}, batch.faults);
    }
    x_cells.clear();
    for (const auto field : x_fields[index]) {
      using Kind = text_values::Cell::Kind;
      x_cells.push_back({field.data() == nullptr ? x_nothing : field.data(),
                         std::uint32_t(field.size()),
                         field.data() == nullptr ? Kind::absent : Kind::quoted});
    }
    const data::Column read{column.name, column.type, true};
    text_values::decoder_of(column.type)(
        {x_cells, vector, read, x_format, true, x_arenas[x_current], batch.faults});
  }

  static constexpr char x_nothing[text_values::kPadding] = {};

  Rows& x_source;
  std::vector<std::size_t> x_wanted;
  std::vector<WireColumn> x_wires;
  std::vector<std::vector<std::string_view>> x_fields;  ///< By wanted column.
  std::vector<std::string_view> x_rows;
  std::vector<std::string> x_travelled;  ///< Of one row.
  std::vector<text_values::Cell> x_cells;
  text_values::ValueFormat x_format;
  text_values::Arena x_arenas[2];
  std::size_t x_current = 0;
  bool x_is_first = true;
};

Result<std::unique_ptr<ChunkReader>> Rows::make_reader(const std::vector<bool>& wanted) {
  auto reader = std::make_unique<Reader>(*this, wanted);
  TRY(reader->begin());
  return std::unique_ptr<ChunkReader>(std::move(reader));
}

}  // namespace leat::connectors::postgres
