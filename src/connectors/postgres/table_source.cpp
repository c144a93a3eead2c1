#include "connectors/postgres/table_source.hpp"

#include <algorithm>

#include "connectors/postgres/held_tables.hpp"
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
    for (int attempt = 1; attempt <= kSnapshotAttempts; ++attempt) {
      if (!x_snapshot) TRY(take_snapshot());
      auto rows = read_snapshot(context);
      if (!rows.ok()) return explain(x_read, std::move(rows).error());
      if (*rows) return SliceRead(std::move(rows).value());
      x_snapshot.reset();
    }
    return rewritten_meanwhile(x_read);
  }

  /// Of the snapshot that was read: it is another one where the first was of no use.
  Result<Position> position_after(const Slice& slice) override {
    if (!x_snapshot) return slice.after;
    auto now = input_of(x_read);
    now.state = x_snapshot->name();
    return position_of({now});
  }

 private:
  /// Nothing: it is of no use.
  Result<std::unique_ptr<ChunkSource>> read_snapshot(const ReadContext& context) {
    auto task = task_of(x_read, *x_columns, context);
    const auto readers = std::min<std::size_t>(x_read.readers, context.threads);
    TRY(task.pieces, split(x_snapshot->holder(), x_read, readers));
    const auto count = std::max<std::size_t>(1, std::min(readers, task.pieces.size()));
    TRY(task.servers, x_snapshot->join_all(x_read, *x_columns, count));
    if (task.servers.empty()) return std::unique_ptr<ChunkSource>();
    return std::unique_ptr<ChunkSource>(std::make_unique<Rows>(std::move(task)));
  }

  Status look() {
    TRY(x_columns, look_at_columns(x_read));
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
