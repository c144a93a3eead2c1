#include "clients/cursor/cursor_source.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/names.hpp"
#include "base/quantity.hpp"
#include "clients/cursor/mark.hpp"
#include "clients/cursor/part_rows.hpp"
#include "core/chain.hpp"

namespace leat::cursor {
namespace {

using SpecJson = nlohmann::json;

/// A slice before it has a position.
struct Cut {
  Mark mark;
  bool takes_last = false;  ///< Every row at the last value is read, none is remembered.
  bool more = false;
};

Range from_on(const std::optional<Value>& value, bool with) {
  Range range;
  range.from = value;
  range.with_from = with;
  return range;
}

Range at(const Value& value) {
  Range range;
  range.from = value;
  range.to = value;
  return range;
}

class CursorSource final : public Source {
 public:
  CursorSource(std::unique_ptr<Tables> tables, Cursor cursor)
      : x_tables(std::move(tables)), x_cursor(std::move(cursor)) {}

  Result<data::Schema> schema() override { return x_tables->schema(); }

  Result<std::optional<Slice>> next_slice(const Position& from,
                                          const SliceLimits& limits) override {
    TRY(const auto past, mark_of(from));
    TRY(auto table, x_tables->open());
    TRY(require_values(*table));
    TRY(auto cut, x_cursor.looks_back() ? look_back(*table, past, limits)
                                        : cut_at_last(*table, past, limits));
    if (!cut) return std::optional<Slice>();
    Slice slice;
    slice.after = position_of({input_with(cut->mark)});
    slice.spec = SpecJson{{"from", past ? to_json(*past) : ""},
                          {"to", to_json(cut->mark)},
                          {"takes_last", cut->takes_last}}
                     .dump();
    slice.description = x_tables->shown() + describe(*cut);
    slice.more = cut->more;
    return std::optional<Slice>(std::move(slice));
  }

  Result<SliceRead> read(const Slice& slice, const ReadContext& context) override {
    const auto spec = SpecJson::parse(slice.spec, nullptr, false);
    const auto from = mark_from_json(spec.value("from", ""));
    const auto to = mark_from_json(spec.value("to", ""));
    if (!to) return Error(Fault::internal, "a slice of a cursor without an end");
    TRY(auto table, x_tables->open());
    TRY(auto parts,
        x_cursor.looks_back()
            ? window_parts(*table, from, *to, context)
            : boundary_parts(*table, from, *to, spec.value("takes_last", false), context));
    return SliceRead(chain(std::move(parts)));
  }

  std::vector<std::string> take_warnings() override { return std::exchange(x_warnings, {}); }

 private:
  std::string describe(const Cut& cut) const {
    if (!cut.mark.value) return ", empty";
    return ", " + x_cursor.column + " up to " + cut.mark.value->text;
  }

  Input input_with(const Mark& mark) const {
    auto input = x_tables->input();
    input.state = "[" + to_json(mark) + "]";
    return input;
  }

  Error other_position(const std::string& what) const {
    return Error(Fault::config, "the sink has read " + what + ", and its source is " +
                                    x_tables->shown() + " with a cursor on `" + x_cursor.column +
                                    "` now")
        .hint("nothing was changed; give the sink another name and another target to start afresh");
  }

  /// Queries may change: what goes on from the last value is theirs to say.
  static bool is_same_rows(const Input& a, const Input& b) {
    const auto is_query = [](const Input& one) { return one.part.starts_with("query: "); };
    return a.place == b.place && (a.part == b.part || (is_query(a) && is_query(b)));
  }

  Result<std::optional<Mark>> mark_of(const Position& position) const {
    const auto inputs = inputs_of(position, {});
    if (inputs.empty()) return std::optional<Mark>();
    if (auto kind = require_kind(inputs, Input::Kind::table, "a cursor"); !kind.ok()) {
      return std::move(kind).error();
    }
    const auto own = x_tables->input();
    for (const auto& input : inputs) {
      if (!is_same_rows(input, own)) continue;
      const auto state = SpecJson::parse(input.state, nullptr, false);
      auto mark = state.is_array() && state.size() == 1 ? mark_from_json(state[0].dump())
                                                        : std::optional<Mark>();
      if (!mark) return other_position("all of " + x_tables->shown() + " without a cursor");
      if (!is_same_name(mark->column, x_cursor.column)) {
        return other_position("by a cursor on `" + mark->column + "`");
      }
      return mark;
    }
    return other_position(inputs.front().part + " of " + inputs.front().place);
  }

  Status require_values(Table& table) const {
    TRY(const bool has_nulls, table.has_nulls());
    if (!has_nulls) return {};
    return Error(Fault::data, x_tables->shown() + " has rows without a `" + x_cursor.column +
                                  "`, which a cursor cannot tell from those that were read")
        .hint("give them one where they stand, or read a `query` that does: coalesce(" +
              x_cursor.column + ", …), or leaves them out: WHERE " + x_cursor.column +
              " IS NOT NULL");
  }

  Status require_order(const Value& value) const {
    const auto text = to_lower(value.text);
    if (text != "infinity" && text != "inf" && text != "nan") return {};
    return Error(Fault::data, "the greatest `" + x_cursor.column + "` of " + x_tables->shown() +
                                  " is " + value.text + ", after which nothing can be new")
        .hint("leave such rows out by a `query`");
  }

  /// The last value of the slice, and whether greater ones follow. Nothing: none is greater than
  /// the one that was read last.
  Result<std::optional<std::pair<Value, bool>>> last_value(Table& table, const Range& new_ones,
                                                           const SliceLimits& limits) const {
    using Last = std::optional<std::pair<Value, bool>>;
    TRY(const auto greatest, table.greatest(new_ones));
    if (!greatest) return Last();
    TRY(require_order(*greatest));
    if (!limits.rows) return Last({*greatest, false});
    TRY(const auto cut, table.value_of_row(new_ones, *limits.rows));
    if (!cut) return Last({*greatest, false});
    TRY(const auto after, table.greatest(from_on(cut, false)));
    return Last({*cut, after.has_value()});
  }

  Result<std::optional<Cut>> nothing_yet(const std::optional<Mark>& past) const {
    if (past) return std::optional<Cut>();
    Cut empty;
    empty.mark.column = x_cursor.column;
    return std::optional<Cut>(std::move(empty));
  }

  Result<std::optional<Cut>> cut_at_last(Table& table, const std::optional<Mark>& past,
                                         const SliceLimits& limits) {
    const auto old = past ? past->value : std::nullopt;
    TRY(const auto last, last_value(table, from_on(old, false), limits));
    if (!last && !old) return nothing_yet(past);
    if (!last && past->is_closed) return std::optional<Cut>();
    Cut cut;
    cut.mark.column = x_cursor.column;
    cut.mark.value = last ? last->first : *old;
    cut.more = last && last->second;
    TRY(const auto rows, table.count(at(*cut.mark.value), kRowsAtLastMax + 1));
    if (rows > kRowsAtLastMax) return cut_before(table, past, limits, std::move(cut));
    TRY(mark_rows(table, last ? nullptr : &*past, cut.mark));
    if (!last && without(cut.mark.hashes, past->hashes).empty()) return std::optional<Cut>();
    return std::optional<Cut>(std::move(cut));
  }

  /// Too many rows at the last value to remember each: where a greater one follows they are all
  /// there; else they wait for it.
  Result<std::optional<Cut>> cut_before(Table& table, const std::optional<Mark>& past,
                                        const SliceLimits& limits, Cut cut) {
    if (cut.more || !limits.to_go_on) {
      cut.mark.is_closed = cut.more;
      cut.takes_last = true;
      return std::optional<Cut>(std::move(cut));
    }
    x_warnings.push_back("more than " + format_count(kRowsAtLastMax) + " rows of " +
                         x_tables->shown() + " have the greatest " + x_cursor.column + ", " +
                         cut.mark.value->text + ": they are read when a greater one is there");
    TRY(const bool has_rows, has_rows_before(table, past, *cut.mark.value));
    if (!has_rows) return nothing_yet(past);
    return std::optional<Cut>(std::move(cut));
  }

  Result<bool> has_rows_before(Table& table, const std::optional<Mark>& past,
                               const Value& value) const {
    auto range = from_on(past ? past->value : std::nullopt, false);
    range.to = value;
    range.with_to = false;
    TRY(const auto between, table.greatest(range));
    if (between) return true;
    if (!past || !past->value || past->is_closed) return false;
    TRY(const auto greater, table.greatest(from_on(past->value, false)));
    if (!greater) return false;
    Mark now;
    now.value = past->value;
    TRY(const auto rows, table.count(at(*now.value), kRowsAtLastMax + 1));
    if (rows > kRowsAtLastMax) return true;
    TRY(mark_rows(table, &*past, now));
    return !without(now.hashes, past->hashes).empty();
  }

  /// Hashes all rows at the mark's value, by the columns that `like` names, where it does.
  Status mark_rows(Table& table, const Mark* like, Mark& mark) const {
    TRY(const auto columns, x_tables->schema());
    mark.columns = like && !like->hashes.empty() ? like->columns : columns_of(columns);
    TRY(const auto hash, RowHash::of(mark.columns, columns));
    const auto keep = [&](const RowTexts& row) {
      mark.hashes.push_back(hash(row));
      return false;
    };
    TRY(read_all(table, at(*mark.value), keep));
    std::sort(mark.hashes.begin(), mark.hashes.end());
    return {};
  }

  Status read_all(Table& table, const Range& range, const KeepRow& keep) const {
    TRY(const auto columns, x_tables->schema());
    TRY(auto rows, table.rows(range, keep, ReadContext()));
    TRY(auto reader, rows->make_reader(std::vector<bool>(columns.size(), true)));
    const std::vector<duckdb_vector> nowhere(columns.size(), nullptr);
    RowBatch batch;
    batch.columns = nowhere;
    for (;;) {
      TRY(const auto count, reader->next(batch));
      if (count == 0) return {};
    }
  }

  Result<Window> look_at_window(Table& table, const Value& value) const {
    TRY(const auto columns, x_tables->schema());
    TRY(const auto hash, RowHash::of(columns_of(columns), columns));
    TRY(const auto low, table.below(value));
    auto range = from_on(low, true);
    range.to = value;
    Window window;
    const auto keep = [&](const RowTexts& row) {
      ++window.rows;
      window.sum += std::stoull(hash(row), nullptr, 16);
      return false;
    };
    TRY(read_all(table, range, keep));
    return window;
  }

  Result<std::optional<Cut>> look_back(Table& table, const std::optional<Mark>& past,
                                       const SliceLimits& limits) const {
    const auto old = past ? past->value : std::nullopt;
    TRY(const auto last, last_value(table, from_on(old, false), limits));
    if (!last && !old) return nothing_yet(past);
    Cut cut;
    cut.mark.column = x_cursor.column;
    cut.mark.value = last ? last->first : *old;
    cut.more = last && last->second;
    TRY(cut.mark.window, look_at_window(table, *cut.mark.value));
    if (!last && past->window == cut.mark.window) return std::optional<Cut>();
    return std::optional<Cut>(std::move(cut));
  }

  /// Everything from as far below as the cursor looks back.
  Result<Parts> window_parts(Table& table, const std::optional<Mark>& from, const Mark& to,
                             const ReadContext& context) const {
    Parts parts;
    if (!to.value) return parts;
    Range range;
    range.to = to.value;
    if (from && from->value) {
      TRY(range.from, table.below(*from->value));
    }
    TRY(auto rows, table.rows(range, {}, context));
    parts.push_back(std::move(rows));
    return parts;
  }

  /// The rows at the last value that were not read, those between, and those at the new last one.
  Result<Parts> boundary_parts(Table& table, const std::optional<Mark>& from, const Mark& to,
                               bool takes_last, const ReadContext& context) const {
    Parts parts;
    if (!to.value) return parts;
    TRY(const auto columns, x_tables->schema());
    const auto old = from ? from->value : std::nullopt;
    const auto read = from ? from->hashes : std::vector<std::string>();
    const bool stays = old == to.value;
    if (!stays && !read.empty()) {
      TRY(auto rows, new_rows(table, at(*old), *from, columns, context));
      parts.push_back(std::move(rows));
    }
    if (!stays) {
      auto between = from_on(old, read.empty() && !(from && from->is_closed));
      between.to = to.value;
      between.with_to = takes_last;
      TRY(auto rows, table.rows(between, {}, context));
      parts.push_back(std::move(rows));
    }
    if (!to.hashes.empty()) {
      const auto wanted = stays ? without(to.hashes, read) : to.hashes;
      TRY(auto rows, named_rows(table, at(*to.value), to, wanted, columns, context));
      parts.push_back(std::move(rows));
    }
    return parts;
  }

  std::unique_ptr<Tables> x_tables;
  Cursor x_cursor;
  std::vector<std::string> x_warnings;
};

}  // namespace

std::unique_ptr<Source> open_source(std::unique_ptr<Tables> tables, Cursor cursor) {
  return std::make_unique<CursorSource>(std::move(tables), std::move(cursor));
}

}  // namespace leat::cursor
