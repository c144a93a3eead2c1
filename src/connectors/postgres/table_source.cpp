#include "connectors/postgres/table_source.hpp"

#include <algorithm>

#include "connectors/postgres/row_reader.hpp"
#include "connectors/postgres/split.hpp"

namespace leat::connectors::postgres {
namespace {

class TableSource final : public Source {
 public:
  explicit TableSource(TableRead read) : x_read(std::move(read)) {}

  Result<data::Schema> schema() override {
    TRY(look());
    return schema_of(*x_columns);
  }

  /// A new snapshot. Where nothing at all was written in the server since, its name is the same.
  Result<std::optional<Slice>> next_slice(const Position& from, const SliceLimits&) override {
    const auto past = inputs_of(from, {});
    TRY(require_kind(past, Input::Kind::table, "a table"));
    auto now = input_of(x_read);
    TRY(take_snapshot());
    now.state = x_snapshot->name();
    Slice slice;
    slice.after = position_of({now});
    if (inputs_between(past, {std::move(now)}).empty()) {
      x_snapshot.reset();
      return std::optional<Slice>();
    }
    slice.description = described(x_read);
    return std::optional<Slice>(std::move(slice));
  }

  Result<SliceRead> read(const Slice&, const ReadContext& context) override {
    if (!x_columns) TRY(look());
    if (!x_snapshot) TRY(take_snapshot());
    auto task = task_of(x_read, *x_columns, context);
    const auto readers = std::min<std::size_t>(x_read.readers, context.threads);
    auto pieces = split(x_snapshot->holder(), x_read, readers);
    if (!pieces.ok()) return explain(x_read, std::move(pieces).error());
    task.pieces = std::move(pieces).value();
    const auto count = std::max<std::size_t>(1, std::min(readers, task.pieces.size()));
    TRY(task.servers, join_all(x_snapshot, x_read, *x_columns, count));
    if (auto done = x_snapshot->let_go(); !done.ok()) {
      return explain(x_read, std::move(done).error());
    }
    std::unique_ptr<ChunkSource> rows = std::make_unique<Rows>(std::move(task));
    return SliceRead(std::move(rows));
  }

 private:
  /// By the connection that is at the table already, if there is one: see join_all.
  Status look() {
    if (!x_snapshot) {
      TRY(x_columns, look_at_columns(x_read));
      return {};
    }
    auto found = find_columns(x_snapshot->holder(), x_read);
    if (!found.ok()) return explain(x_read, std::move(found).error());
    x_columns = std::move(found).value();
    return {};
  }

  Status take_snapshot() {
    x_snapshot.reset();
    auto taken = Snapshot::take(x_read);
    if (!taken.ok()) return explain(x_read, std::move(taken).error());
    x_snapshot = std::move(taken).value();
    return {};
  }

  TableRead x_read;
  std::optional<std::vector<ReadColumn>> x_columns;
  std::optional<Snapshot> x_snapshot;
};

}  // namespace

Input input_of(const TableRead& read) {
  Input input;
  input.kind = Input::Kind::table;
  input.place = read.shown;
  input.part = read.table.table.empty() ? "query: " + read.query : read.table.shown();
  return input;
}

std::unique_ptr<Source> open_table_source(TableRead read) {
  return std::make_unique<TableSource>(std::move(read));
}

}  // namespace leat::connectors::postgres
