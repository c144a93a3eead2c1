#include "run/judge_sets.hpp"

#include <algorithm>

#include "base/names.hpp"
#include "base/quantity.hpp"
#include "engine/pass_watch.hpp"
#include "kernels/fraction.hpp"
#include "run/measure.hpp"
#include "run/skips.hpp"

namespace leat::run {
namespace {

/// Where a value lies; both true where it keeps its bounds.
struct Sides {
  std::string value;
  std::string asked;
  std::string reason;
  bool not_below = false;
  bool not_above = false;

  bool is_like(const Sides& other) const {
    return not_below == other.not_below && not_above == other.not_above;
  }
};

/// The engine tells the sign of a NaN, which means nothing.
std::string shown(const std::optional<std::string>& value) {
  if (value == "-nan") return "nan";
  return value.value_or("null");
}

class SetJudge {
 public:
  SetJudge(LiveRun& run, const Spools& kept) : x_run(run), x_kept(kept) {}

  Status judge(DatasetReport& dataset, const Check& check, const SetTest& test) {
    auto outcome = blank_outcome(dataset.name, check);
    TRY(const auto sides, sides_or_reason(dataset, check, test));
    outcome.value = sides.value;
    outcome.asked = sides.asked;
    outcome.reason = sides.reason;
    if (!sides.not_below || !sides.not_above) {
      outcome.rows_failed = 1;
      outcome.verdict = verdict_of(check.on_fail);
      if (!test.examples_sql.empty()) add_examples(dataset, check, test);
    }
    dataset.outcome.checks.push_back(std::move(outcome));
    return {};
  }

 private:
  Result<Sides> sides_of(const DatasetReport& dataset, const Check& check, const SetTest& test) {
    if (const auto measured = measure(test, dataset)) {
      TRY(auto low, compare(test, "SELECT " + measured->low + " AS value", ""));
      if (measured->is_exact()) return low;
      TRY(const auto high, compare(test, "SELECT " + measured->high + " AS value", ""));
      if (low.is_like(high)) {
        low.value = measured->shown;
        return low;
      }
    }
    return compare(test, test.sql, tables(dataset.name, check));
  }

  /// Of values that the engine cannot compute nothing is measured: that is null, and fails.
  Result<Sides> sides_or_reason(const DatasetReport& dataset, const Check& check,
                                const SetTest& test) {
    auto sides = sides_of(dataset, check, test);
    if (sides.ok() || sides.error().fault() != Fault::data) return sides;
    const auto bounds = compare(test, "SELECT NULL AS value", tables(dataset.name, check));
    Sides none = bounds.ok() ? *bounds : Sides{"null", "", "", false, false};
    const auto& why = sides.error().message();  // Behind its first line it shows our SQL.
    none.reason = "it cannot be computed, " + why.substr(0, why.find('\n'));
    return none;
  }

  /// The datasets that a query may name, as common table expressions.
  std::string tables(const std::string& dataset, const Check& check) const {
    std::string with = "WITH ";
    auto names = check.consults;
    if (std::find(names.begin(), names.end(), dataset) == names.end()) names.push_back(dataset);
    for (const auto& name : names) {
      const auto& schema = x_run.plan.schema(name);
      const auto found = x_kept.find(name);
      if (found == x_kept.end() && !skipped(x_run, name)) continue;
      with += quote_identifier(name) + " AS NOT MATERIALIZED (" +
              (found == x_kept.end() ? "FROM " + no_rows(schema).from_sql
                                     : rows_of(found->second, schema)) +
              "), ";
    }
    return with + std::string(kJudgedRows) + " AS NOT MATERIALIZED (SELECT * FROM " +
           quote_identifier(dataset) + ") ";
  }

  /// With all digits, by ourselves: no type of the engine has room for them.
  Result<Sides> compare_exactly(const SetTest& test, const std::string& value,
                                const std::string& with) {
    TRY(const auto table,
        x_run.session->query(with + "SELECT CAST(value AS VARCHAR) FROM (" + value + ")"));
    if (table.rows.size() != 1) return not_one_value(table.rows.size());
    const auto& text = table.rows.front().front();
    Sides sides{shown(text), asked(test, test.min, test.max), "", text.has_value(),
                text.has_value()};
    if (!text) return sides;
    const auto number = kernels::Fraction::parse(*text);
    if (number) sides.value = number->text();
    const auto order = [&](const std::string& bound) -> std::optional<int> {
      if (*text == "inf") return 1;  // An end that is open.
      if (*text == "-inf") return -1;
      return number ? number->compare(bound) : std::nullopt;
    };
    const int edge = test.exclusive ? 1 : 0;
    if (test.min) {
      TRY(const int low, known(order(*test.min), *text));
      sides.not_below = low >= edge;
    }
    if (test.max) {
      TRY(const int high, known(order(*test.max), *text));
      sides.not_above = high <= -edge;
    }
    return sides;
  }

  static Result<int> known(const std::optional<int>& order, const std::string& text) {
    if (order) return *order;
    return Error(Fault::internal, "a check measured what is no number").with("value", text);
  }

  static Error not_one_value(std::size_t count) {
    return Error(Fault::internal,
                 "a check yields " + std::to_string(count) + " values instead of one");
  }

  Result<Sides> compare(const SetTest& test, const std::string& value, const std::string& with) {
    if (test.is_exact) return compare_exactly(test, value, with);
    const std::string compared = test.age_max ? "CAST(value AS TIMESTAMP)" : "value";
    const auto min = test.age_max ? oldest(*test.age_max) : test.min;
    const auto side = [&](const std::optional<std::string>& bound, const std::string& than) {
      if (!bound) return std::string("value IS NOT NULL");
      return "coalesce(" + compared + (than + (test.exclusive ? " " : "= ")) + *bound + ", false)";
    };
    const auto bound = [](const std::optional<std::string>& sql) {
      return ", CAST(" + sql.value_or("NULL") + " AS VARCHAR)";
    };
    TRY(const auto table,
        x_run.session->query(with + "SELECT CAST(value AS VARCHAR), " + side(min, " >") + ", " +
                             side(test.max, " <") + bound(min) + bound(test.max) + " FROM (" +
                             value + ")"));
    if (table.rows.size() != 1) return not_one_value(table.rows.size());
    const auto& row = table.rows.front();
    return Sides{shown(row[0]), asked(test, row[3], row[4]), "", row[1] == "true",
                 row[2] == "true"};
  }

  static std::string asked(const SetTest& test, const std::optional<std::string>& min,
                           const std::optional<std::string>& max) {
    if (test.age_max) return "no older than " + format_duration(Micros(*test.age_max));
    if (min && min == max) return "exactly " + *min;
    const std::string low = test.exclusive ? "more than " : "at least ";
    const std::string high = test.exclusive ? "less than " : "at most ";
    if (min && max) return low + *min + " and " + high + *max;
    if (min) return low + *min;
    return max ? high + *max : "";
  }

  std::string oldest(std::chrono::milliseconds age) const {
    auto text = format_instant(x_run.services.clock->now() - age);
    text.pop_back();  // The Z.
    return "CAST('" + text + "' AS TIMESTAMP)";
  }

  /// For people: no reason to stop when they cannot be shown.
  void add_examples(DatasetReport& dataset, const Check& check, const SetTest& test) {
    const auto shown = x_run.session->query(tables(dataset.name, check) +
                                            "SELECT CAST(to_json(one) AS VARCHAR) FROM (" +
                                            test.examples_sql + "\n) AS one LIMIT 3");
    if (!shown.ok()) return;
    engine::CheckTally tally;
    tally.id = check.id;
    for (const auto& row : shown->rows) tally.examples.push_back(row[0].value_or("null"));
    dataset.outcome.tallies.push_back(std::move(tally));
  }

  LiveRun& x_run;
  const Spools& x_kept;
};

const std::vector<Check>& checks_of(const plan::Plan& plan, const std::string& dataset) {
  const auto* source = plan.source(dataset);
  return source != nullptr ? source->checks : plan.model(dataset)->checks;
}

}  // namespace

Status judge_sets(LiveRun& run, const Spools& kept, std::vector<DatasetReport>& datasets) {
  const engine::PassWatch watch(run.services.cancel, [&] { run.session->interrupt(); }, nullptr);
  SetJudge judge(run, kept);
  for (auto& dataset : datasets) {
    for (const auto& check : checks_of(run.plan, dataset.name)) {
      const auto* test = std::get_if<SetTest>(&check.test);
      if (test == nullptr) continue;
      if (auto done = judge.judge(dataset, check, *test); !done.ok()) {
        return std::move(done).error().during("while judging " + check.id + " of " + dataset.name);
      }
    }
  }
  return {};
}

}  // namespace leat::run
