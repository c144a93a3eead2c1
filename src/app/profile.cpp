#include "app/profile.hpp"

#include <algorithm>

#include "app/all_files.hpp"
#include "app/column_scan.hpp"
#include "app/near_types.hpp"
#include "app/preview.hpp"
#include "base/clock.hpp"
#include "base/names.hpp"
#include "core/tells_sample.hpp"
#include "engine/pass.hpp"
#include "io/files.hpp"
#include "io/streams.hpp"
#include "run/failing_rows.hpp"

namespace leat::app {
namespace {

/// What the engine reads by itself needs no copy: it is scanned where it lies.
Result<std::optional<std::string>> scan_of(const plan::Plan& plan, engine::Session& session) {
  const BuildContext context{plan.root, plan.state / "tmp", &all_files(), &system_clock(),
                             &session};
  TRY(auto source, plan.sources.front().spec->build(context));
  TRY(const auto slice, source->next_slice(Position{}, SliceLimits{}));
  if (!slice) return std::optional<std::string>();
  TRY(const auto read, source->read(*slice, ReadContext{}));
  const auto* scan = std::get_if<EngineScan>(&read);
  return scan ? std::optional(scan->from_sql) : std::nullopt;
}

/// Those of a run, in a pass that keeps nothing.
Result<kernels::Summary> statistics_of(engine::Session& session, const std::string& rows_sql,
                                       const data::Schema& schema, const CancelToken& cancel) {
  engine::Pass pass;
  pass.dataset = "rows";
  pass.schema = schema;
  pass.inputs.push_back({"rows", schema, EngineScan{rows_sql, "", ""}, {}, false});
  pass.select = "SELECT * FROM \"rows\"";
  engine::PassContext context;
  context.session = &session;
  context.cancel = &cancel;
  TRY(auto report, engine::run_pass(pass, context));
  return std::move(report.statistics);
}

/// True for the rows that fail a check which lets them pass, as far as a check can say so in SQL;
/// empty where none can.
std::string failing_sql(const std::vector<Check>& checks) {
  std::string fails;
  for (const auto& check : checks) {
    const bool is_lenient =
        !takes_out(check.on_fail) && !std::holds_alternative<SetTest>(check.test);
    const auto sql = is_lenient ? run::failing_rows(check) : "";
    if (!sql.empty()) fails += (fails.empty() ? "" : " OR ") + sql;
  }
  return fails.empty() ? "" : "(" + fails + ") AS " + quote_identifier(kFails);
}

/// Checks see what `pii` hides: so rows are marked before it does, and go on with the mark.
void mark_before_hiding(plan::Plan& plan, const std::string& dataset, const std::string& mark) {
  for (auto& source : plan.sources) {
    if (source.name != dataset) continue;
    source.visible.select_list += ", " + mark;
    source.schema.columns.push_back({kFails, {data::TypeId::boolean, 0, 0, {}}, true});
    source.visible.schema = source.schema;
  }
}

void note_columns(const plan::Plan& plan, const std::string& dataset, Profile& out) {
  for (auto& column : out.columns) {
    auto note = plan.note(dataset, column.name);
    column.units = std::move(note.units);
    column.description = std::move(note.description);
  }
}

Status look_into(plan::Plan plan, const std::string& dataset, const CancelToken& cancel,
                 const run::RunEvents& events, Profile& out) {
  const auto* source = plan.source(dataset);
  const auto checks = source ? source->checks : plan.model(dataset)->checks;
  const auto schema = plan.schema(dataset);
  const auto mark = failing_sql(checks);
  const bool hides = source != nullptr && !source->visible.hidden.empty() && !mark.empty();
  if (hides) mark_before_hiding(plan, dataset, mark);
  const auto reader = [&](engine::Session& session, const std::string& rows_sql,
                          const kernels::Summary& statistics) -> Status {
    const auto marked_sql = hides          ? rows_sql
                            : mark.empty() ? std::string()
                                           : "(SELECT *, " + mark + " FROM " + rows_sql + ")";
    TRY(measure_columns(session, rows_sql, schema, statistics, marked_sql, out));
    if (out.dialect) TRY(find_near_types(session, rows_sql, out));
    return suggest_checks(session, rows_sql, out);
  };
  TRY(const auto report, look_at(plan, dataset, cancel, events, reader));
  note_columns(plan, dataset, out);
  for (const auto& one : report.datasets) {
    if (one.name != dataset) continue;
    const auto& counts = one.outcome.counts;
    out.set_aside = counts.quarantined - counts.above_records + counts.deduplicated;
    out.total += out.set_aside;
    for (const auto& check : checks) {
      const bool is_silent = run::failing_rows(check).empty();
      out.failing_exact =
          out.failing_exact && !(is_silent && run::failing_that_stay(check, one.outcome) > 0);
    }
  }
  return {};
}

Status profile_file(const std::string& what, const LoadOptions& options, const CancelToken& cancel,
                    const run::RunEvents& events, Profile& out) {
  TRY(const auto endpoint, read_source(what));
  out.connector = endpoint.connector;
  out.dialect = endpoint.dialect;
  TRY(const auto plan, plan_source("profile", endpoint, options));
  const auto* tells = dynamic_cast<const TellsSample*>(plan.sources.front().spec.get());
  if (tells != nullptr) out.sample = tells->sample();
  const auto& schema = plan.sources.front().schema;
  engine::SessionOptions with;
  with.threads = plan.resources.threads;
  with.memory_bytes = plan.resources.memory_bytes;
  TRY(auto session, engine::Session::open(with));
  TRY(const auto scan, scan_of(plan, *session));
  if (!scan) return look_into(plan, kEndpointRows, cancel, events, out);
  TRY(const auto statistics, statistics_of(*session, *scan, schema, cancel));
  TRY(measure_columns(*session, *scan, schema, statistics, "", out));
  return suggest_checks(*session, *scan, out);
}

Status profile_node(const std::filesystem::path& where, const LoadOptions& options,
                    const std::string& what, const CancelToken& cancel,
                    const run::RunEvents& events, Profile& out) {
  TRY(const auto place, find_node(where, options, what));
  TRY(const auto plan, Planner(options).plan(place.file, true));
  return look_into(plan, place.node, cancel, events, out);
}

}  // namespace

std::uint64_t Profile::missing() const {
  std::uint64_t all = 0;
  for (const auto& column : columns) all += column.missing;
  return all;
}

double Profile::completeness() const {
  const auto cells = measured() * columns.size();
  return cells == 0 ? 100 : 100 * double(cells - missing()) / double(cells);
}

Result<Profile> profile(const std::filesystem::path& where, const LoadOptions& options,
                        const std::string& what, const CancelToken& cancel,
                        const run::RunEvents& events) {
  io::process_streams().allow(cancel);
  Profile out;
  out.what = what;
  const auto began = system_clock().steady();
  TRY(names_a_file(what) ? profile_file(what, options, cancel, events, out)
                         : profile_node(where, options, what, cancel, events, out));
  out.elapsed = system_clock().steady() - began;
  return out;
}

}  // namespace leat::app
