#include "engine/judge.hpp"

#include <algorithm>
#include <utility>

#include "engine/engine_fault.hpp"

namespace leat::engine {
namespace {

constexpr std::size_t kExamples = 3;
constexpr std::string_view kDecode = "decode";

void add_tally(CheckTally& to, const CheckTally& from) {
  to.judged += from.judged;
  to.failed += from.failed;
  for (const auto& example : from.examples) {
    if (to.examples.size() < kExamples) to.examples.push_back(example);
  }
}

void add_counts(DatasetCounts& to, const DatasetCounts& from) {
  to.read += from.read;
  to.quarantined += from.quarantined;
  to.undecodable += from.undecodable;
  to.above_records += from.above_records;
  to.deduplicated += from.deduplicated;
  to.passed_on += from.passed_on;
  for (std::size_t i = 0; i < to.checks.size(); ++i) add_tally(to.checks[i], from.checks[i]);
}

Error no_room_for_keys(const Check& check) {
  return Error(Fault::external, "the keys of " + check.id + " need more than half of the memory")
      .hint("raise `resources.memory`");
}

std::vector<CheckTally> empty_tallies(const std::vector<CompiledCheck>& checks) {
  std::vector<CheckTally> tallies(checks.size());
  for (std::size_t i = 0; i < checks.size(); ++i) tallies[i].id = checks[i].check.id;
  return tallies;
}

}  // namespace

Result<std::unique_ptr<Judge>> Judge::make(OpenSession& session, std::string dataset,
                                           const data::Schema& schema,
                                           const std::vector<Check>& checks, BadRowSink* bad_rows,
                                           Look look) {
  TRY(auto table, EngineTable::make(session.connection(), dataset, schema));
  auto judge = std::make_unique<Judge>(std::move(dataset), schema, std::move(table));
  TRY(judge->x_checks, compile_checks(session, judge->x_table, schema, checks, look));
  judge->x_bad_rows = bad_rows;
  return judge;
}

Judge::~Judge() = default;

void Judge::hide(const std::vector<std::string>& columns) {
  for (const auto& name : columns) {
    const auto column = x_schema.find(name);
    if (!column) continue;
    x_hidden[*column] = true;
    x_hides = true;
  }
}

std::vector<bool> Judge::reads() const {
  std::vector<bool> reads(x_schema.size());
  for (const auto& check : x_checks) {
    for (const auto column : check.reads) reads[column] = true;
  }
  return reads;
}

Result<LocalJudge*> Judge::open_local() {
  TRY(auto local, LocalJudge::open(*this));
  const std::lock_guard lock(x_mutex);
  x_locals.push_back(std::move(local));
  return x_locals.back().get();
}

Result<DatasetCounts> Judge::finish() {
  DatasetCounts total;
  total.dataset = x_dataset;
  total.checks = empty_tallies(x_checks);
  CheckTally decode;
  decode.id = kDecode;
  for (const auto& local : x_locals) {
    TRY(local->flush());
    add_counts(total, local->counts());
    add_tally(decode, local->decode_tally());
  }
  TRY(count_keys(total));
  if (decode.failed > 0) total.checks.push_back(std::move(decode));
  return total;
}

LocalJudge::LocalJudge(const Judge& judge)
    : x_judge(judge),
      x_table(judge.table().view()),
      x_views(judge.schema().size()),
      x_fails(judge.checks().size()),
      x_broken(judge.checks().size()) {
  x_counts.checks = empty_tallies(judge.checks());
}

Result<std::unique_ptr<LocalJudge>> LocalJudge::open(const Judge& judge) {
  auto local = std::make_unique<LocalJudge>(judge);
  for (const auto& check : judge.checks()) {
    Runs runs;
    if (check.sql) {
      TRY(runs.sql, BoundCondition::Run::open(*check.sql));
    }
    if (check.where) {
      TRY(runs.where, BoundCondition::Run::open(*check.where));
    }
    local->x_runs.push_back(std::move(runs));
    local->x_hands.push_back(check.count == nullptr ? nullptr : &check.count->open_hand());
  }
  return local;
}

Result<std::uint32_t> LocalJudge::judge(const JudgedRows& rows, const RowOrigin& origin,
                                        std::uint32_t* kept) {
  look_at(rows);
  mark_faults(rows);
  for (std::size_t i = 0; i < x_fails.size(); ++i) TRY(judge_check(i, rows));
  x_counts.read += rows.rows;
  std::uint32_t stay = rows.rows;
  x_dropped.remove(x_bad);
  x_counts.deduplicated += x_dropped.count();
  if (x_bad.any()) TRY(set_aside(rows, origin));
  if (x_bad.any() || x_dropped.any()) {
    stay = 0;
    auto good = RowBits::first(rows.rows);
    good.remove(x_bad).remove(x_dropped).each([&](std::uint32_t row) { kept[stay++] = row; });
  }
  x_counts.passed_on += stay;
  return stay;
}

void LocalJudge::look_at(const JudgedRows& rows) {
  const auto& columns = x_judge.schema().columns;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    x_views[i] = rows.vectors[i] == nullptr ? data::ColumnView{}
                                            : data::view_column(rows.vectors[i], columns[i].type);
  }
}

void LocalJudge::mark_faults(const JudgedRows& rows) {
  x_bad = {};
  x_dropped = {};
  x_faulty = {};
  x_above = {};
  x_lost_cells.clear();
  if (rows.faults.empty()) return;
  for (const auto& fault : rows.faults) {
    x_faulty.set(fault.row);
    if (fault.is_above_records) x_above.set(fault.row);
    x_lost_cells.emplace_back(fault.row, x_judge.schema().find(fault.column));
  }
  x_bad = x_faulty;
  x_decode.failed += x_faulty.count() - x_above.count();
}

Status LocalJudge::judge_check(std::size_t index, const JudgedRows& rows) {
  const auto& check = x_judge.checks()[index];
  x_broken[index].clear();
  auto judged = RowBits::first(rows.rows);
  if (!x_lost_cells.empty()) leave_out_faults(check, judged);
  if (check.where) TRY(restrict_to_where(index, rows, judged));
  if (check.is_keyed()) {
    TRY(find_duplicates(index, rows, judged));
  } else if (check.verdict) {
    find_verdicts(index, rows, judged);
  } else {
    TRY(find_failures(index, rows, judged));
  }
  auto& fails = x_fails[index];
  for (const auto& [row, why] : x_broken[index]) {
    if (judged.test(row)) fails.set(row);
  }
  auto& tally = x_counts.checks[index];
  tally.judged += judged.count();
  if (!fails.any()) return {};
  tally.failed += fails.count();
  if (check.check.on_fail == OnFail::quarantine) x_bad |= fails;
  if (check.check.on_fail == OnFail::deduplicate) x_dropped |= fails;
  return give_examples(tally, fails, rows);
}

/// A cell that could not be decoded is null, but not a null of the source: nothing is said of it.
void LocalJudge::leave_out_faults(const CompiledCheck& check, RowBits& judged) const {
  RowBits lost;
  for (const auto& [row, column] : x_lost_cells) {
    const bool read =
        !column || std::find(check.reads.begin(), check.reads.end(), *column) != check.reads.end();
    if (read) lost.set(row);
  }
  judged.remove(lost);
}

Status LocalJudge::restrict_to_where(std::size_t index, const JudgedRows& rows, RowBits& judged) {
  TRY(x_runs[index].where->judge(rows.vectors, rows.rows, x_answer));
  auto asked = x_answer.yes;
  for (const auto& [row, why] : x_answer.unanswered) asked.set(row);
  judged &= asked;
  x_broken[index] = std::move(x_answer.unanswered);
  return {};
}

Status LocalJudge::find_failures(std::size_t index, const JudgedRows& rows, const RowBits& judged) {
  const auto& check = x_judge.checks()[index];
  auto& fails = x_fails[index];
  if (check.kernel != nullptr) {
    fails = {};
    check.kernel->judge(x_views[check.kernel_column], rows.rows, fails.words.data());
  } else {
    TRY(x_runs[index].sql->judge(rows.vectors, rows.rows, x_answer));
    fails = x_answer.no;
    x_broken[index].merge(x_answer.unanswered);
  }
  fails &= judged;
  return {};
}

/// Where the verdict is null the row is not judged, unless `where` could not be asked about it.
void LocalJudge::find_verdicts(std::size_t index, const JudgedRows& rows, RowBits& judged) {
  const auto verdict = data::view_column(rows.verdicts[*x_judge.checks()[index].verdict],
                                         {data::TypeId::boolean, 0, 0, {}});
  RowBits said;
  auto& fails = x_fails[index];
  fails = {};
  for (std::uint32_t row = 0; row < rows.rows; ++row) {
    const bool broken = !x_broken[index].empty() && x_broken[index].count(row) > 0;
    if (!broken && !verdict.is_valid(row)) continue;
    said.set(row);
    if (!broken && !verdict.as<bool>()[row]) fails.set(row);
  }
  judged &= said;
  fails &= judged;
}

Status LocalJudge::find_duplicates(std::size_t index, const JudgedRows& rows, RowBits& judged) {
  const auto& check = x_judge.checks()[index];
  judged.remove(x_bad).remove(x_dropped);
  x_key.clear();
  for (const auto column : check.key_columns) {
    const auto& view = x_views[column];
    x_key.push_back(view);
    if (view.validity == nullptr) continue;
    for (std::uint32_t word = 0; word < (rows.rows + 63) / 64; ++word) {
      judged.words[word] &= view.validity[word];
    }
  }
  x_fails[index] = {};
  auto* hand = x_hands[index];
  const bool had_room = hand != nullptr ? hand->add(x_key, rows.rows, judged.words.data())
                                        : check.keys->insert(x_key, rows.rows, judged.words.data(),
                                                             x_fails[index].words.data());
  return had_room ? Status() : no_room_for_keys(check.check);
}

Status LocalJudge::give_examples(CheckTally& tally, const RowBits& fails,
                                 const JudgedRows& rows) const {
  if (tally.examples.size() >= kExamples) return {};
  std::vector<std::uint32_t> failing;
  fails.each([&](std::uint32_t row) { failing.push_back(row); });
  for (const auto row : failing) {
    if (tally.examples.size() >= kExamples) break;
    TRY(auto json, row_json(row, rows));
    tally.examples.push_back(std::move(json));
  }
  return {};
}

}  // namespace leat::engine
