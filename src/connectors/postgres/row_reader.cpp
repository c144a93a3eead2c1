#include "connectors/postgres/row_reader.hpp"

#include <algorithm>
#include <utility>

#include "clients/text_values/decode.hpp"

namespace leat::connectors::postgres {
namespace {

/// A batch ends behind the row that fills it, however long rows are.
constexpr std::size_t kBatchBytes = 4u << 20;
constexpr std::size_t kHeaderBytes = 19;  ///< Of a COPY; what may follow it has its own length.

/// What stands behind the header that comes with the first row.
std::string_view without_header(std::string_view bytes) {
  const auto extra = read_number<std::uint32_t>(bytes.data() + kHeaderBytes - 4);
  return bytes.substr(kHeaderBytes + extra);
}

}  // namespace

class Rows::Reader final : public ChunkReader {
 public:
  Reader(Rows& source, const std::vector<bool>& wanted,
         std::optional<leat::postgres::Connection> server, std::size_t number)
      : x_source(source), x_server(std::move(server)), x_number(number) {
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (!wanted[i] && !source.x_task.keep) continue;
      x_wanted.push_back(i);
      const auto& column = source.x_task.columns[i];
      x_wires.push_back({column.name, column.type, column.wire});
    }
    x_fields.resize(x_wanted.size());
    for (const auto index : x_wanted) {
      x_list += (x_list.empty() ? "" : ", ") + source.x_task.columns[index].sql;
    }
  }

  /// Goes on to the next piece; with none left it is done.
  Status begin() {
    auto piece = take_piece();
    if (!piece.ok()) return x_source.stop_all(std::move(piece).error(), x_number);
    x_is_done = !*piece;
    if (x_is_done) return finish();
    x_piece = std::move(**piece);
    if (x_piece.sealed) return {};
    x_is_first = true;
    if (x_piece.into) x_began = x_source.x_task.clock->steady();
    auto begun = x_server->begin_copy_out("COPY (SELECT " + x_list + " FROM (" + x_piece.select +
                                          "\n) AS rows) TO STDOUT (FORMAT binary)");
    if (!begun.ok()) return x_source.stop_all(begun.error(), x_number);
    return {};
  }

  Result<std::uint32_t> next(RowBatch& batch) override {
    batch.places.clear();
    batch.faults.clear();
    x_current = 1 - x_current;
    x_arenas[x_current].clear();
    x_rows.clear();
    for (auto& fields : x_fields) fields.resize(batch.rows_max);
    x_batch_bytes = 0;
    while (x_rows.size() < batch.rows_max && x_batch_bytes < kBatchBytes && !x_is_done) {
      TRY(take_row(batch));
    }
    for (std::size_t i = 0; i < x_wanted.size(); ++i) decode(batch, i);
    std::stable_sort(batch.faults.begin(), batch.faults.end(),
                     [](const RowFault& a, const RowFault& b) { return a.row < b.row; });
    return std::uint32_t(x_rows.size());
  }

  std::string raw(std::uint32_t row) const override { return row_json(x_rows[row], x_wires); }

 private:
  Result<std::optional<Piece>> take_piece() {
    if (!x_server) return std::optional<Piece>();
    return x_source.take_piece(x_list);
  }

  Status finish() {
    if (!x_source.x_task.maker) return {};
    auto done = x_source.x_task.maker->finish();
    return done.ok() ? done : Status(x_source.stop_all(std::move(done).error(), x_number));
  }

  /// The bytes of a row without what a COPY has around all of them; nothing at the end.
  Result<std::optional<std::string_view>> next_row() {
    if (x_piece.sealed) {
      if (x_source.is_stopped()) return Error(Fault::external, "interrupted").cancelled();
      return x_piece.sealed->next();
    }
    for (;;) {
      TRY(const auto bytes, x_server->next_row(x_source.x_task.cancel, &x_source.x_stop));
      if (!bytes) return bytes;
      const auto row = x_is_first ? without_header(*bytes) : *bytes;
      x_is_first = false;
      if (row.size() < 2 || read_number<std::int16_t>(row.data()) < 0) continue;  // The end.
      return std::optional<std::string_view>(row);
    }
  }

  Status keep_row(std::string_view row) {
    if (!x_piece.into) return {};
    ++x_piece_rows;
    x_piece_bytes += row.size();
    return x_piece.into->add(row);
  }

  Status end_piece() {
    if (x_piece.into) {
      TRY(x_piece.into->seal());
      x_source.x_task.maker->note(std::exchange(x_piece_rows, 0), std::exchange(x_piece_bytes, 0),
                                  x_source.x_task.clock->steady() - x_began);
    }
    x_piece = {};
    return {};
  }

  Status take_row(RowBatch& batch) {
    auto bytes = next_row();
    if (!bytes.ok()) return x_source.stop_all(std::move(bytes).error(), x_number);
    if (!*bytes) {
      if (auto ended = end_piece(); !ended.ok()) {
        return x_source.stop_all(std::move(ended).error(), x_number);
      }
      return begin();
    }
    auto row = **bytes;
    x_source.x_bytes += row.size();
    x_batch_bytes += row.size();
    if (auto kept = keep_row(row); !kept.ok()) {
      return x_source.stop_all(std::move(kept).error(), x_number);
    }
    if (x_source.x_task.keep && !is_kept(row)) return {};
    char* copy = x_arenas[x_current].take(row.size());
    std::copy(row.begin(), row.end(), copy);
    row = {copy, row.size()};
    if (!divide(row)) {
      return x_source.stop_all(Error(Fault::external, "the server has sent a broken row"),
                               x_number);
    }
    x_rows.push_back(row);
    batch.places.push_back({++x_source.x_rows, 0, 0, 0});
    return {};
  }

  /// False where the row is not as long as its fields say.
  bool divide(std::string_view row) {
    const char* at = row.data() + 2;
    const char* const end = row.data() + row.size();
    const auto number = x_rows.size();
    for (auto& fields : x_fields) {
      if (end - at < 4) return false;
      const auto size = read_number<std::int32_t>(at);
      at += 4;
      if (end - at < size) return false;
      fields[number] = size < 0 ? std::string_view() : std::string_view(at, std::size_t(size));
      at += size < 0 ? 0 : size;
    }
    return true;
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
    return x_source.x_task.keep(x_travelled);
  }

  std::span<const std::string_view> fields_of(std::size_t index) const {
    return {x_fields[index].data(), x_rows.size()};
  }

  void decode(RowBatch& batch, std::size_t index) {
    const auto& column = x_source.x_task.columns[x_wanted[index]];
    const auto vector = batch.columns[x_wanted[index]];
    if (vector == nullptr) return;
    if (!column.is_text || column.type.id == data::TypeId::blob) {
      return decode_fields({column, fields_of(index), vector}, batch.faults);
    }
    x_cells.clear();
    for (const auto field : fields_of(index)) {
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
  std::optional<leat::postgres::Connection> x_server;
  std::string x_list;  ///< What is asked of each piece.
  Piece x_piece;
  Micros x_began{0};
  std::uint64_t x_piece_rows = 0;
  std::uint64_t x_piece_bytes = 0;
  std::size_t x_batch_bytes = 0;
  std::size_t x_number;
  std::vector<std::size_t> x_wanted;
  std::vector<WireColumn> x_wires;
  std::vector<std::vector<std::string_view>> x_fields;  ///< By wanted column, as many as rows fit.
  std::vector<std::string_view> x_rows;
  std::vector<std::string> x_travelled;  ///< Of one row.
  std::vector<text_values::Cell> x_cells;
  text_values::ValueFormat x_format;
  text_values::Arena x_arenas[2];
  std::size_t x_current = 0;
  bool x_is_first = true;
  bool x_is_done = false;
};

RowsTask task_of(const TableRead& read, const std::vector<ReadColumn>& columns,
                 const ReadContext& context) {
  RowsTask task;
  task.columns = columns;
  task.shown = read.shown;
  task.what = described(read);
  task.cancel = context.cancel;
  return task;
}

Result<std::optional<Piece>> Rows::take_piece(const std::string& form) {
  if (x_stop.requested()) return std::optional<Piece>();  // A reader has told why.
  if (x_task.maker) return x_task.maker->take(form);
  const std::lock_guard lock(x_mutex);
  if (x_pieces_taken == x_task.pieces.size()) return std::optional<Piece>();
  return std::optional<Piece>(Piece{x_task.pieces[x_pieces_taken++], {}, {}});
}

bool Rows::is_stopped() {
  if (x_stop.requested()) return true;
  return x_task.cancel != nullptr && x_task.cancel->requested();
}

Error Rows::stop_all(Error error, std::size_t reader) {
  const std::lock_guard lock(x_mutex);
  if (x_failure) return *x_failure;
  const auto who = x_readers > 1 ? "reader " + std::to_string(reader) + " of " +
                                       std::to_string(x_readers) + " read "
                                 : std::string("reading ");
  error = std::move(error).during("while " + who + x_task.what + " of " + x_task.shown);
  x_failure = std::move(error);
  x_stop.request();
  return *x_failure;
}

/// A reader more than there are servers has nothing to do.
Result<std::unique_ptr<ChunkReader>> Rows::make_reader(const std::vector<bool>& wanted) {
  std::optional<leat::postgres::Connection> server;
  std::size_t number = 0;
  {
    const std::lock_guard lock(x_mutex);
    number = ++x_servers_taken;
    if (number <= x_readers) server = std::move(x_task.servers[number - 1]);
  }
  auto reader = std::make_unique<Reader>(*this, wanted, std::move(server), number);
  TRY(reader->begin());
  return std::unique_ptr<ChunkReader>(std::move(reader));
}

}  // namespace leat::connectors::postgres
