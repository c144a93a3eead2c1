#include "run/profile_rows.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/names.hpp"
#include "engine/pass_watch.hpp"
#include "run/exact_number.hpp"
#include "run/failing_rows.hpp"

namespace leat::run {
namespace {

constexpr double kFactor = 3;  ///< x the distance of the quartiles.

bool is_number(const data::Schema& schema, const std::string& name) {
  const auto index = schema.find(name);
  return index && schema.columns[*index].type.is_numeric();
}

/// How far a fence may be off where numbers are larger than a DOUBLE can tell apart.
double rounding(const kernels::ColumnSummary& column, double farthest) {
  const bool is_floating = column.type == "DOUBLE" || column.type == "FLOAT";
  return is_floating || farthest < std::ldexp(1.0, 53) ? 0 : std::ldexp(farthest, -47);
}

/// Can any value lie beyond the quartiles by so much? No only where that is certain.
bool may_have_outliers(const kernels::ColumnSummary& column) {
  if (!column.min || !column.max) return false;
  const double min = std::strtod(column.min->c_str(), nullptr);
  const double max = std::strtod(column.max->c_str(), nullptr);
  if (min == max) return !std::isfinite(min) || *column.min != *column.max;
  if (!std::isfinite(min) || !std::isfinite(max) || column.quartile_bounds.size() != 4) return true;
  // The fences are nearest where the quartiles are nearest to each other.
  const double q1 = column.quartile_bounds[1];
  const double q3 = column.quartile_bounds[2];
  const double distance = std::max(0.0, q3 - q1);
  const double slack = rounding(column, std::max(std::abs(min), std::abs(max)));
  return min - slack < column.quartile_bounds[0] - kFactor * distance ||
         max + slack > column.quartile_bounds[3] + kFactor * distance;
}

class Profiler {
 public:
  Profiler(LiveRun& run, DatasetReport& dataset, const data::Schema& schema,
           const std::vector<Check>& checks, const std::vector<std::string>& hidden)
      : x_run(run), x_dataset(dataset), x_schema(schema) {
    for (const auto& check : checks) {
      const auto failing = failing_that_stay(check, dataset.outcome);
      if (failing == 0) continue;
      x_failing.push_back(failing_rows(check));
      x_failed_once += failing;
      // Of what `pii` has hidden the published rows tell nothing.
      if (x_failing.back().empty() || names_any(check, hidden)) x_can_look = false;
    }
  }

  /// `rows` null: they may not be looked at, and what statistics leave open is said to be unknown;
  /// so is what only the pass could tell.
  Status profile(const StageTarget* rows) {
    if (x_dataset.statistics.columns.size() < x_schema.size()) return {};  // Not all is measured.
    auto& profile = x_dataset.profile;
    profile.is_known = true;
    const auto& counts = x_dataset.outcome.counts;
    profile.total = counts.read - counts.above_records;
    profile.invalid = counts.quarantined - counts.above_records + counts.deduplicated;
    profile.cells = x_dataset.statistics.rows * x_schema.size();
    for (const auto& column : x_dataset.statistics.columns) {
      profile.columns.push_back({column.name, column.nulls, 0});
      profile.missing += column.nulls;
      if (is_number(x_schema, column.name) && may_have_outliers(column)) {
        x_suspects.push_back(profile.columns.size() - 1);
      }
    }
    // A row that was set aside may fail a check that lets pass as well: it counts once.
    const bool may_count_twice = x_failed_once > 0 && profile.invalid > 0;
    if (!x_suspects.empty() || x_failing.size() > 1 || may_count_twice) {
      if (rows != nullptr && x_can_look) return look(*rows);
      profile.knows_invalid = false;
      profile.knows_outliers = x_suspects.empty();
      return {};
    }
    profile.invalid += x_failed_once;
    return {};
  }

 private:
  std::string number_of(std::size_t suspect) const {
    const auto& column = x_dataset.statistics.columns[suspect];
    const auto index = x_schema.find(column.name);
    return exact_number(x_schema.columns[*index], column.min, column.max).sql;
  }

  /// The quartiles of the suspects, then the rows once more against them.
  Status look(const StageTarget& rows) {
    auto& profile = x_dataset.profile;
    profile.looked_again = true;
    std::string quartiles = "SELECT count(*)";  // One row, whatever comes behind it.
    std::string flags;
    std::string counts;
    std::string any = "false";
    for (std::size_t i = 0; i < x_suspects.size(); ++i) {
      const auto n = std::to_string(i);
      const auto value = number_of(x_suspects[i]);
      quartiles += ", quantile_cont(" + value +
                   ", [0.25::DOUBLE, 0.75::DOUBLE]) FILTER (isfinite(" + value + ")) AS leat_q" + n;
      const auto q1 = "leat_q" + n + "[1]";
      const auto q3 = "leat_q" + n + "[2]";
      flags += ", coalesce(NOT isfinite(" + value + ") OR " + value + " < " + q1 + " - 3 * (" + q3 +
               " - " + q1 + ") OR " + value + " > " + q3 + " + 3 * (" + q3 + " - " + q1 +
               "), false) AS leat_o" + n;
      counts += ", count(*) FILTER (leat_o" + n + ")";
      any += " OR leat_o" + n;
    }
    for (std::size_t i = 0; i < x_failing.size(); ++i) {
      flags += ", " + x_failing[i] + " AS leat_f" + std::to_string(i);
      any += " OR leat_f" + std::to_string(i);
    }
    TRY(const auto found,
        x_run.session->query("WITH leat_rows AS NOT MATERIALIZED (" + rows_of(rows, x_schema) +
                             "), leat_q AS (" + quartiles +
                             " FROM leat_rows), leat_flags AS "
                             "(SELECT 1" +
                             flags +
                             " FROM leat_rows, leat_q) SELECT count(*) "
                             "FILTER (" +
                             any + ")" + counts + " FROM leat_flags"));
    const auto count = [&](std::size_t cell) {
      return std::strtoull(found.rows.at(0).at(cell).value_or("0").c_str(), nullptr, 10);
    };
    profile.invalid += count(0);
    for (std::size_t i = 0; i < x_suspects.size(); ++i) {
      profile.columns[x_suspects[i]].outliers = count(i + 1);
    }
    return {};
  }

  LiveRun& x_run;
  DatasetReport& x_dataset;
  const data::Schema& x_schema;
  std::vector<std::string> x_failing;  ///< SQL, or empty where none could tell.
  bool x_can_look = true;
  std::uint64_t x_failed_once = 0;      ///< Rows that fail them, where there is one at most.
  std::vector<std::size_t> x_suspects;  ///< Columns that may have outliers.
};

}  // namespace

void add_profile(Profile& all, const Profile& slice) {
  if (!all.is_known || all.columns.size() != slice.columns.size()) {
    all = slice;
    return;
  }
  all.total += slice.total;
  all.invalid += slice.invalid;
  all.cells += slice.cells;
  all.missing += slice.missing;
  all.knows_invalid = all.knows_invalid && slice.knows_invalid;
  all.knows_outliers = all.knows_outliers && slice.knows_outliers;
  all.looked_again = all.looked_again || slice.looked_again;
  for (std::size_t i = 0; i < all.columns.size(); ++i) {
    all.columns[i].missing += slice.columns[i].missing;
    all.columns[i].outliers += slice.columns[i].outliers;
  }
}

Status profile_datasets(LiveRun& run, const Spools& kept, std::vector<DatasetReport>& datasets) {
  const engine::PassWatch watch(run.services.cancel, [&] { run.session->interrupt(); }, nullptr);
  for (auto& dataset : datasets) {
    const auto rows = kept.find(dataset.name);
    if (!dataset.measured) continue;
    const bool may_look = run.plan.policy.profile && rows != kept.end();
    const auto* source = run.plan.source(dataset.name);
    const auto* model = run.plan.model(dataset.name);
    Profiler profiler(run, dataset, source != nullptr ? source->schema : model->schema,
                      source != nullptr ? source->checks : model->checks,
                      source != nullptr ? source->visible.hidden : std::vector<std::string>());
    if (auto done = profiler.profile(may_look ? &rows->second : nullptr); !done.ok()) {
      return std::move(done).error().during("while profiling " + dataset.name);
    }
  }
  return {};
}

}  // namespace leat::run
