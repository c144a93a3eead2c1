#include "engine/pass_input.hpp"

#include <algorithm>
#include <utility>

#include "base/names.hpp"

namespace leat::engine {
namespace {

std::string column_list(const data::Schema& schema) {
  std::string list;
  for (const auto& column : schema.columns) {
    list += (list.empty() ? "" : ", ") + quote_identifier(column.name);
  }
  return list;
}

std::string or_null(const std::string& sql, const char* type) {
  return "CAST(" + (sql.empty() ? std::string("NULL") : sql) + " AS " + type + ")";
}

std::string call(const char* function, std::uint64_t handle, const std::string& before = {}) {
  return "SELECT * FROM " + (function + ("(" + before)) + std::to_string(handle) + "::UBIGINT)";
}

}  // namespace

Error books_do_not_close(const std::string& dataset, std::string_view left_name, std::uint64_t left,
                         std::string_view right_name, std::uint64_t right) {
  return Error(Fault::internal, "the books of " + dataset + " do not close")
      .with(std::string(left_name), std::to_string(left))
      .with(std::string(right_name), std::to_string(right));
}

Result<std::unique_ptr<OpenInput>> OpenInput::open(OpenSession& session, PassInput& input,
                                                   const PassContext& context,
                                                   FirstError& first_error) {
  auto opened = std::make_unique<OpenInput>(input);
  TRY(opened->x_judge, Judge::make(session.connection(), input.dataset, input.schema, input.checks,
                                   context.bad_rows));
  opened->x_judge->hide(input.hidden);
  if (auto* source = std::get_if<std::unique_ptr<ChunkSource>>(&input.read)) {
    opened->open_scan(session, **source, context, first_error);
  } else {
    opened->open_barrier(session, std::get<EngineScan>(input.read), first_error);
  }
  if (!input.project.empty()) {
    opened->x_select = "SELECT " + input.project + " FROM (" + opened->x_select + ")";
  }
  return opened;
}

void OpenInput::open_scan(OpenSession& session, ChunkSource& source, const PassContext& context,
                          FirstError& first_error) {
  const auto batch = std::clamp<std::size_t>(context.batch_rows, 1, kChunkRows);
  const ChunkScan::Limits limits{session.threads(), std::uint32_t(batch), context.cancel};
  x_scan.emplace(source, *x_judge, limits, first_error);
  x_registration.emplace(session.registry(), &*x_scan);
  x_select = call("leat_scan", x_registration->handle());
}

void OpenInput::open_barrier(OpenSession& session, const EngineScan& scan,
                             FirstError& first_error) {
  const auto columns = column_list(x_input.schema);
  if (!x_input.is_source && x_input.checks.empty()) {
    x_select = "SELECT " + columns + " FROM " + scan.from_sql;
    return;
  }
  const bool has_faults = !scan.fault_sql.empty();
  x_host.emplace(*x_judge,
                 JudgeHost::Duties{.has_place = true, .has_faults = has_faults, .measures = false},
                 first_error);
  x_barrier = {x_judge->table().view(), has_faults ? 3u : 2u, x_host->as_c()};
  x_registration.emplace(session.registry(), &std::as_const(x_barrier));
  const auto inner = "(SELECT " + columns + ", " + or_null(scan.file_sql, "VARCHAR") + ", " +
                     or_null(scan.record_sql, "BIGINT") +
                     (has_faults ? ", " + or_null(scan.fault_sql, "VARCHAR") : "") + " FROM " +
                     scan.from_sql + "), ";
  x_select = call("leat_barrier", x_registration->handle(), inner);
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
  } else if (x_host) {
    counts.read = x_host->rows_met();
    counts.passed_on = x_host->handed_on();
  }
  TRY(close(counts));
  return counts;
}

Status OpenInput::close(const DatasetCounts& counts) const {
  if (counts.read == counts.passed_on + counts.quarantined) return {};
  return books_do_not_close(x_input.dataset, "read", counts.read, "handed_on_and_set_aside",
                            counts.passed_on + counts.quarantined);
}

}  // namespace leat::engine
