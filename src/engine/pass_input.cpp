#include "engine/pass_input.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/names.hpp"
#include "engine/compared_keys.hpp"
#include "engine/proofs.hpp"

namespace leat::engine {
namespace {

std::string or_null(const std::string& sql, const char* type) {
  return "CAST(" + (sql.empty() ? std::string("NULL") : sql) + " AS " + type + ")";
}

std::string call(const char* function, std::uint64_t handle, const std::string& before = {},
                 const std::string& without = {}) {
  const auto columns = without.empty() ? "*" : "* EXCLUDE (" + without + ")";
  return "SELECT " + columns + " FROM " + (function + ("(" + before)) + std::to_string(handle) +
         "::UBIGINT)";
}

/// The first of kScanPlaceColumns, behind other columns.
std::string place_list(const EngineScan& scan, std::size_t columns) {
  const std::array<std::string, kScanPlaceColumns.size()> places{or_null(scan.file_sql, "VARCHAR"),
                                                                 or_null(scan.record_sql, "BIGINT"),
                                                                 or_null(scan.order_sql, "BIGINT")};
  std::string list;
  for (std::size_t i = 0; i < columns; ++i) {
    list += ", " + places[i] + " AS " + quote_identifier(kScanPlaceColumns[i]);
  }
  return list;
}

}  // namespace

Result<std::unique_ptr<OpenInput>> OpenInput::open(OpenSession& session, PassInput& input,
                                                   const Pass& pass, const PassContext& context,
                                                   FirstError& first_error) {
  auto opened = std::make_unique<OpenInput>(input);
  TRY(opened->x_judged, opened->leave_out_proved(session));
  if (pass.compare_keys) opened->x_judged = compared_keys(std::move(opened->x_judged));
  TRY(opened->x_judge,
      Judge::make(session, input.dataset, input.schema, opened->x_judged, context.bad_rows));
  opened->x_judge->hide(input.hidden);
  if (auto* source = std::get_if<std::unique_ptr<ChunkSource>>(&input.read)) {
    opened->open_scan(session, **source, context, first_error);
  } else {
    TRY(opened->open_barrier(session, std::get<EngineScan>(input.read), first_error));
  }
  if (SecondLook::is_needed(opened->x_judged)) {
    TRY(opened->look_again(session, pass.consulted, context, first_error));
  }
  if (!input.project.empty()) {
    opened->x_select = "SELECT " + input.project + " FROM (" + opened->x_select + ")";
  }
  return opened;
}

void OpenInput::open_scan(OpenSession& session, ChunkSource& source, const PassContext& context,
                          FirstError& first_error) {
  const auto batch = std::clamp<std::size_t>(context.batch_rows, 1, kChunkRows);
  const ChunkScan::Limits limits{session.threads(), std::uint32_t(batch), context.cancel,
                                 SecondLook::is_needed(x_judged), x_input.named.has_value()};
  x_scan.emplace(source, *x_judge, limits, first_error);
  x_registration.emplace(session.registry(), &*x_scan);
  x_select = call("leat_scan", x_registration->handle(), "", kScanNothing);
}

Result<std::vector<Check>> OpenInput::leave_out_proved(OpenSession& session) {
  const auto* scan = std::get_if<EngineScan>(&x_input.read);
  if (scan == nullptr || !scan->facts) return x_input.checks;
  TRY(const auto proved, proved_checks(session, x_input.schema, x_input.checks, scan->facts));
  std::vector<Check> open;
  for (std::size_t i = 0; i < proved.size(); ++i) {
    if (proved[i]) x_proved.push_back(x_input.checks[i].id);
    if (!proved[i]) open.push_back(x_input.checks[i]);
  }
  return open;
}

/// May a row leave, of which then all has to be told?
bool OpenInput::sets_aside(const EngineScan& scan) const {
  return !scan.fault_sql.empty() ||
         std::any_of(x_judged.begin(), x_judged.end(),
                     [](const Check& check) { return takes_out(check.on_fail); });
}

std::optional<std::vector<std::size_t>> OpenInput::needed_columns(const EngineScan& scan) const {
  if (!x_input.named || sets_aside(scan) || SecondLook::is_needed(x_judged)) return std::nullopt;
  auto reads = x_judge->reads();
  for (const auto& name : *x_input.named) {
    if (const auto column = x_input.schema.find(name)) reads[*column] = true;
  }
  std::vector<std::size_t> needed;
  for (std::size_t i = 0; i < reads.size(); ++i) {
    if (reads[i]) needed.push_back(i);
  }
  return needed;
}

/// Where rows are compared their place goes on with them; where none is set aside none is needed.
Status OpenInput::open_barrier(OpenSession& session, const EngineScan& scan,
                               FirstError& first_error) {
  if (!x_input.is_source && x_judged.empty()) {
    x_select = "SELECT " + column_list(x_input.schema) + " FROM " + scan.from_sql;
    return {};
  }
  const bool is_compared = SecondLook::is_needed(x_judged);
  JudgeHost::Duties duties;
  duties.columns = needed_columns(scan);
  duties.place_columns = is_compared ? kScanPlaceColumns.size() : sets_aside(scan) ? 2 : 0;
  duties.has_faults = !scan.fault_sql.empty();
  const std::size_t faults = duties.has_faults ? 1 : 0;
  x_host.emplace(*x_judge, duties, first_error);
  x_barrier = {x_judge->table().view(), duties.place_columns + faults, x_host->as_c()};
  auto list = column_list(x_input.schema);
  if (duties.columns) {
    data::Schema few;
    for (const auto column : *duties.columns) few.columns.push_back(x_input.schema.columns[column]);
    list = column_list(few);
    if (few.columns.empty()) {
      few.columns.push_back({kNoColumn, {data::TypeId::boolean, 0, 0, {}}});
      list = std::string("true AS ") + kNoColumn;
    }
    TRY(see_as(session, few));
  } else if (is_compared) {
    TRY(see_as(session, with_place(x_input.schema, kScanPlaceColumns, true)));
    x_barrier.hidden = faults;
  }
  x_registration.emplace(session.registry(), &std::as_const(x_barrier));
  const auto inner = "(SELECT " + list + place_list(scan, duties.place_columns) +
                     (duties.has_faults ? ", " + or_null(scan.fault_sql, "VARCHAR") : "") +
                     " FROM " + scan.from_sql + "), ";
  x_select = call("leat_barrier", x_registration->handle(), inner);
  return {};
}

Status OpenInput::see_as(OpenSession& session, const data::Schema& columns) {
  TRY(auto table, EngineTable::make(session.connection(), x_input.dataset, columns));
  x_table.emplace(std::move(table));
  x_barrier.table = x_table->view();
  return {};
}

Status OpenInput::look_again(OpenSession& session, const Consulted& consulted,
                             const PassContext& context, FirstError& first_error) {
  const auto* source = std::get_if<std::unique_ptr<ChunkSource>>(&x_input.read);
  SecondLook::Task task{x_input.dataset, x_input.schema, x_judged, context.bad_rows, consulted};
  task.hidden = x_input.hidden;
  if (source != nullptr) {
    task.files = source->get();
    task.place_columns = kPlaceColumns;
    task.order = {kPlaceColumns[0], kPlaceColumns[1]};
  } else {
    task.place_columns = kScanPlaceColumns;
    if (!std::get<EngineScan>(x_input.read).record_sql.empty()) {
      task.order = {kScanPlaceColumns[2], kScanPlaceColumns[1]};
    }
  }
  TRY(x_looks, engine::look_again(session, std::move(task), first_error, x_select));
  return {};
}

Status OpenInput::gather(OpenSession& session) {
  const auto table = quote_identifier("leat judged " + x_input.dataset);
  TRY(session.execute("CREATE TEMP TABLE " + table + " AS " + x_select));
  x_select = "SELECT * FROM temp." + table;
  return {};
}

PassProgress OpenInput::progress() const {
  PassProgress progress;
  progress.dataset = x_input.dataset;
  if (x_scan) {
    const auto& source = *std::get<std::unique_ptr<ChunkSource>>(x_input.read);
    progress.records = source.records_claimed();
    progress.bytes = source.bytes_claimed();
    progress.bytes_total = source.bytes_total();
  } else if (x_host) {
    progress.records = x_host->rows_met();
  }
  return progress;
}

Result<DatasetCounts> OpenInput::finish() {
  if (x_scan) TRY(x_scan->drain());
  TRY(auto counts, x_judge->finish());
  if (x_scan) {
    counts.read = x_scan->source().records_claimed();
    counts.passed_on = x_scan->handed_on();
    TRY(x_scan->source().verify_unchanged());
    counts.said = x_scan->source().said();
  } else if (x_host) {
    counts.read = x_host->rows_met();
    counts.passed_on = x_host->handed_on();
  }
  TRY(close(counts));
  for (const auto& id : x_proved) counts.checks.push_back({id, counts.read, 0, {}});
  for (const auto& look : x_looks) TRY(look->merge(counts));
  return counts;
}

Status OpenInput::close(const DatasetCounts& counts) const {
  const auto placed = counts.passed_on + counts.quarantined + counts.deduplicated;
  if (counts.read == placed) return {};
  return books_do_not_close(x_input.dataset, "read", counts.read, "handed_on_and_set_aside",
                            placed);
}

}  // namespace leat::engine
