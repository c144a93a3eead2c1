#include "connectors/postgres/sealed_source.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/quantity.hpp"
#include "connectors/postgres/held_tables.hpp"
#include "connectors/postgres/key_ranges.hpp"
#include "connectors/postgres/row_reader.hpp"

namespace leat::connectors::postgres {
namespace {

class SealedSource final : public Source {
 public:
  SealedSource(TableRead read, SealRule rule, PartStore& parts, const Clock& clock)
      : x_read(std::move(read)), x_rule(std::move(rule)), x_parts(parts), x_clock(clock) {}

  Result<data::Schema> schema() override {
    TRY(look());
    return schema_of(x_columns);
  }

  Result<std::optional<Slice>> next_slice(const Position& from, const SliceLimits&) override {
    const auto past = inputs_of(from, {});
    TRY(require_kind(past, Input::Kind::table, "a table"));
    auto begun = begin();
    if (!begun.ok()) return explain(x_read, std::move(begun).error());
    auto now = input_now();
    Slice slice;
    slice.after = position_of({now});
    if (inputs_between(past, {std::move(now)}).empty()) return std::optional<Slice>();
    slice.description = described(x_read);
    return std::optional<Slice>(std::move(slice));
  }

  Result<SliceRead> read(const Slice&, const ReadContext& context) override {
    auto task = task_of(x_read, x_columns, context);
    const auto readers =
        std::max<std::size_t>(1, std::min<std::size_t>(x_read.readers, context.threads));
    for (int attempt = 1; task.servers.empty(); ++attempt) {
      if (attempt > kSnapshotAttempts) return rewritten_meanwhile(x_read);
      if (attempt > 1 || !x_snapshot) {
        // Keys, identity and what lies sealed as well: it may be another table.
        if (auto begun = begin(); !begun.ok()) return explain(x_read, std::move(begun).error());
      }
      auto joined = x_snapshot->join_all_and_look(x_read, x_columns, readers);
      if (!joined.ok()) return explain(x_read, std::move(joined).error());
      task.servers = std::move(joined).value();
    }
    task.maker = std::make_unique<KeyRanges>(x_read, *x_snapshot, x_parts, x_rule, *x_key);
    task.clock = &x_clock;
    return SliceRead(std::unique_ptr<ChunkSource>(std::make_unique<Rows>(std::move(task))));
  }

  /// Of the snapshot that was read: it is another one where the first was of no use.
  Result<Position> position_after(const Slice& slice) override {
    return x_snapshot ? position_of({input_now()}) : slice.after;
  }

  std::vector<std::string> take_warnings() override { return std::exchange(x_warnings, {}); }

 private:
  Status look() {
    if (!x_columns.empty()) return {};
    TRY(x_columns, look_at_columns(x_read));
    return {};
  }

  /// A snapshot, and what lies sealed.
  Status begin() {
    TRY(look());
    x_snapshot.reset();
    x_warnings.clear();
    TRY(x_snapshot, Snapshot::take(x_read));
    TRY(x_key, find_server_column(x_snapshot->holder(), x_read, x_rule.key, "`seal`"));
    TRY(require_keys());
    TRY(const auto identity, find_identity());
    TRY(x_parts.open(identity));
    x_state = state();
    const auto parts = x_parts.parts();
    if (parts.empty()) return warn_of_index();
    std::uint64_t rows = 0;
    for (const auto& part : parts) rows += part.rows;
    x_warnings.push_back(described(x_read) + ": goes on behind " + format_count(rows) +
                         " rows in " + format_count(parts.size()) +
                         (parts.size() == 1 ? " part" : " parts") +
                         " that an earlier run has sealed, the last " + parts.back().sealed_at +
                         "; they are as they stood when they were read");
    return {};
  }

  Status require_keys() {
    TRY(const auto found,
        x_snapshot->holder().query("SELECT 1 FROM (" + base_select(x_read) + "\n) AS base WHERE " +
                                   quote_identifier(x_key->name) + " IS NULL LIMIT 1"));
    if (found.empty()) return {};
    return Error(Fault::data,
                 "it has rows without a `" + x_key->name + "`, which no sealed part would have")
        .hint("cut it by another column: `seal: {key: …}`");
  }

  /// What makes it another table though its name is the same: who dropped it and made it anew may
  /// have put other rows into it.
  Result<std::string> find_identity() {
    nlohmann::json all{{"place", x_read.shown}, {"table", x_read.table.shown()},
                       {"query", x_read.query}, {"where", x_read.where},
                       {"key", x_key->name},    {"key_type", x_key->type}};
    for (const auto& column : x_columns) {
      all["columns"].push_back({column.name, data::sql_of(column.type), column.sql});
    }
    auto& server = x_snapshot->holder();
    TRY(const auto database, server.query("SELECT oid FROM pg_catalog.pg_database WHERE datname = "
                                          "pg_catalog.current_database()"));
    all["database"] = database.empty() ? "" : database[0][0].value_or("");
    if (!x_read.table.table.empty()) {
      TRY(const auto table, server.query("SELECT CAST(CAST(" + quote_literal(x_read.table.sql()) +
                                         " AS pg_catalog.regclass) AS pg_catalog.oid)"));
      all["oid"] = table[0][0].value_or("");
    }
    return all.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }

  Status warn_of_index() {
    if (x_read.table.table.empty()) return {};
    TRY(const auto found,
        x_snapshot->holder().query(
            "SELECT 1 FROM pg_catalog.pg_index AS i JOIN pg_catalog.pg_attribute AS a ON "
            "a.attrelid = i.indrelid AND a.attnum = i.indkey[0] WHERE i.indisvalid AND i.indpred "
            "IS NULL AND i.indrelid = CAST(" +
            quote_literal(x_read.table.sql()) +
            " AS pg_catalog.regclass) AND a.attname = " + quote_literal(x_key->name) + " LIMIT 1"));
    if (!found.empty()) return {};
    x_warnings.push_back(described(x_read) + " has no index that begins with `" + x_key->name +
                         "`: the server looks at the whole of it for each part that is sealed");
    return {};
  }

  /// Rows of two snapshots are those of the older one to whom asks whether anything has changed.
  std::string state() const {
    for (const auto& part : x_parts.parts()) {
      if (part.bounds.state != x_snapshot->name()) return part.bounds.state;
    }
    return x_snapshot->name();
  }

  Input input_now() const {
    auto now = input_of(x_read);
    now.state = x_state;
    return now;
  }

  TableRead x_read;
  SealRule x_rule;
  PartStore& x_parts;
  const Clock& x_clock;
  std::vector<ReadColumn> x_columns;
  std::optional<Snapshot> x_snapshot;
  std::string x_state;  ///< As the position names it.
  std::optional<ServerColumn> x_key;
  std::vector<std::string> x_warnings;
};

}  // namespace

std::unique_ptr<Source> open_sealed_source(TableRead read, SealRule rule, PartStore& parts,
                                           const Clock& clock) {
  return std::make_unique<SealedSource>(std::move(read), std::move(rule), parts, clock);
}

}  // namespace leat::connectors::postgres
