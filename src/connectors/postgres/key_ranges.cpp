#include "connectors/postgres/key_ranges.hpp"

#include <algorithm>
#include <system_error>

namespace leat::connectors::postgres {
namespace {

constexpr std::uint64_t kRowsFirst = 1'000;  ///< While nobody knows how long rows are.
constexpr std::uint64_t kGrowth = 8;         ///< One may have so many times the rows of the last.

constexpr std::uint64_t kRowsByMarks = 100'000;  ///< Fewer are quickly counted.
constexpr std::uint64_t kStepsMin = 5;  ///< A part of fewer marks has too many rows, or too few.

}  // namespace

KeyRanges::KeyRanges(const TableRead& read, Snapshot& snapshot, PartStore& parts, SealRule rule,
                     ServerColumn key)
    : x_read(read),
      x_snapshot(snapshot),
      x_parts(parts),
      x_rule(std::move(rule)),
      x_key(std::move(key)) {}

Result<std::optional<Piece>> KeyRanges::take(const std::string& form) {
  const std::lock_guard lock(x_mutex);
  if (!x_is_planned) TRY(plan_known(form));
  x_is_planned = true;
  if (!x_known.empty()) {
    auto known = std::move(x_known.front());
    x_known.pop_front();
    TRY(auto piece, read_known(std::move(known)));
    return std::optional<Piece>(std::move(piece));
  }
  if (x_is_done) return std::optional<Piece>();
  TRY(const auto bounds, cut(form));
  TRY(auto piece, ask_server(bounds));
  return std::optional<Piece>(std::move(piece));
}

void KeyRanges::note(std::uint64_t rows, std::uint64_t bytes, std::chrono::microseconds took) {
  const std::lock_guard lock(x_mutex);
  x_rows += rows;
  x_bytes += bytes;
  x_took += took;
}

/// Those that fit together; the others are read again.
Result<std::vector<SealedPart>> KeyRanges::usable_parts(const std::string& form) {
  std::vector<SealedPart> usable;
  for (auto& part : x_parts.parts()) {
    const auto& bounds = part.bounds;
    const bool is_behind = usable.empty() || usable.back().bounds.upto;
    const bool touches = usable.empty() || bounds.number != usable.back().bounds.number + 1 ||
                         bounds.after == usable.back().bounds.upto;
    if (bounds.form == form && is_behind && touches) {
      usable.push_back(std::move(part));
      continue;
    }
    TRY(x_parts.remove(part, bounds.form == form ? "it does not go on where the last one ends"
                                                 : "other columns of it are read now"));
  }
  return usable;
}

Status KeyRanges::plan_known(const std::string& form) {
  TRY(auto parts, usable_parts(form));
  for (auto& part : parts) {
    if (part.bounds.number != x_number) {
      x_known.push_back(
          {{x_number, x_behind, part.bounds.after, form, x_snapshot.name()}, std::nullopt});
    }
    x_number = part.bounds.number + 1;
    x_behind = part.bounds.upto;
    x_is_done = !part.bounds.upto;
    const auto bounds = part.bounds;
    x_known.push_back({bounds, std::move(part)});
  }
  return {};
}

Result<Piece> KeyRanges::read_known(Known known) {
  if (known.part) {
    TRY(auto sealed, x_parts.read(*known.part));
    if (sealed) return Piece{{}, std::move(sealed), {}};
    known.bounds.state = x_snapshot.name();
  }
  return ask_server(known.bounds);
}

Result<Piece> KeyRanges::ask_server(const PartBounds& bounds) {
  TRY(auto into, x_parts.begin(bounds));
  return Piece{"SELECT * FROM " + from() + " WHERE " + within(bounds), {}, std::move(into)};
}

std::uint64_t KeyRanges::rows_of_next() const {
  auto rows = x_rule.rows.value_or(UINT64_MAX);
  if (!x_rule.bytes && !x_rule.every) return rows;
  const auto at_most = x_rows_asked == 0 ? kRowsFirst : x_rows_asked * kGrowth;
  rows = std::min(rows, at_most);
  if (x_rows == 0) return rows;
  const auto share = [&](double limit, double used) {
    const double count = limit / std::max(used, 1.0) * double(x_rows);
    rows = std::min(rows, count < 1 ? 1 : count < 1e15 ? std::uint64_t(count) : UINT64_MAX);
  };
  if (x_rule.bytes) share(double(*x_rule.bytes), double(x_bytes));
  if (x_rule.every) share(double(x_rule.every->count()) * 1000, double(x_took.count()));
  return rows;
}

Result<PartBounds> KeyRanges::cut(const std::string& form) {
  PartBounds bounds{x_number, x_behind, {}, form, x_snapshot.name()};
  TRY(bounds.upto, end_of_next());
  ++x_number;
  x_behind = bounds.upto;
  x_is_done = !bounds.upto;
  if (!x_is_done) look_ahead();
  return bounds;
}

Result<std::optional<std::string>> KeyRanges::end_of_next() {
  if (x_ahead.valid()) return x_ahead.get();
  x_rows_asked = rows_of_next();
  TRY(const auto steps, marks_to(x_rows_asked));
  return steps == 0 ? key_of_row(x_rows_asked) : mark(steps);
}

/// A key that was counted lies between two marks nobody knows: from then on all are counted.
Result<std::size_t> KeyRanges::marks_to(std::uint64_t rows) {
  if (!x_marks && rows < kRowsByMarks) return std::size_t(0);
  if (!x_marks) {
    auto found = find_marks(x_snapshot.holder(), x_read, x_key, x_behind);
    if (!found.ok()) return explain(x_read, std::move(found).error());
    x_marks = std::move(found).value();
  }
  if (x_marks->rows_apart == 0) return std::size_t(0);
  const auto steps = rows / x_marks->rows_apart;
  if (steps >= kStepsMin) return std::size_t(std::min<std::uint64_t>(steps, SIZE_MAX));
  *x_marks = {};
  return std::size_t(0);
}

/// Nothing: what is left is no more than that.
std::optional<std::string> KeyRanges::mark(std::size_t steps) {
  auto& keys = x_marks->keys;
  if (keys.size() <= steps) return std::nullopt;
  auto found = std::move(keys[steps - 1]);
  keys.erase(keys.begin(), keys.begin() + std::ptrdiff_t(steps));
  while (!keys.empty() && keys.front() == found) keys.pop_front();
  return found;
}

/// On the connection that holds the snapshot, which has nothing else to do. How many rows are asked
/// for is known before the last ones are read where they alone count.
void KeyRanges::look_ahead() {
  const bool is_by_marks = x_marks && x_marks->rows_apart > 0;
  if (x_rule.bytes || x_rule.every || is_by_marks) return;
  try {
    x_ahead = std::async(std::launch::async, [this] { return key_of_row(x_rows_asked); });
  } catch (const std::system_error&) {
    x_ahead = {};  // No thread can be had: it is looked for when it is needed.
  }
}

/// By its index alone, where there is one.
Result<std::optional<std::string>> KeyRanges::key_of_row(std::uint64_t row) {
  const auto name = quote_identifier(x_key.name);
  auto found = x_snapshot.holder().query(
      "SELECT CAST(v AS text) FROM (SELECT " + name + " AS v FROM " + from() + " WHERE " +
      within({0, x_behind, {}, {}, {}}) + " ORDER BY 1 LIMIT 1 OFFSET " +
      std::to_string(std::min<std::uint64_t>(row - 1, INT64_MAX)) + ") AS one");
  if (!found.ok()) return explain(x_read, std::move(found).error());
  if (found->empty()) return std::optional<std::string>();
  return (*found)[0][0];
}

std::string KeyRanges::from() const { return "(" + base_select(x_read) + "\n) AS base"; }

std::string KeyRanges::literal(const std::string& key) const {
  return "CAST(" + quote_literal(key) + " AS " + x_key.type + ")";
}

std::string KeyRanges::within(const PartBounds& bounds) const {
  const auto name = quote_identifier(x_key.name);
  std::string sql = name + " IS NOT NULL";
  if (bounds.after) sql += " AND " + name + " > " + literal(*bounds.after);
  if (bounds.upto) sql += " AND " + name + " <= " + literal(*bounds.upto);
  return sql;
}

}  // namespace leat::connectors::postgres
