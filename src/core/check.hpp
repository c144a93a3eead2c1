#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "data/kernel_args.hpp"
#include "data/schema.hpp"

namespace leat {

/// `deduplicate` drops the row and counts it; only of checks that find repeated keys.
enum class OnFail { warn, quarantine, deduplicate, hold, fail };
std::string_view name_of(OnFail on_fail);
/// Do failing rows leave the load?
constexpr bool takes_out(OnFail on_fail) {
  return on_fail == OnFail::quarantine || on_fail == OnFail::deduplicate;
}

/// How loud a failing check is.
enum class Severity { low, medium, high, critical };
std::string_view name_of(Severity severity);

enum class Dimension { completeness, accuracy, consistency, timeliness, validity };
std::string_view name_of(Dimension dimension);

/// How a row check is judged, and so what it costs (architecture, section 2).
enum class CheckClass { stateless, keyed, ordered, two_pass, set };
std::string_view name_of(CheckClass check_class);

/// A row check that judges one row by itself.
///
/// Promise   `sql` and the kernel say the same of every row: true or null passes, false fails.
///           Where the kernel table has no entry for the column's physical type, `sql` is judged.
struct RowTest {
  std::string kernel;  ///< Name in the kernel table: "range"; empty: only `sql`.
  std::string column;  ///< The one column a kernel looks at.
  data::KernelArgs args;
  std::string sql;  ///< A boolean expression over the dataset's columns, for the engine.
};

/// A row check that needs the other rows: is this key seen for the first time?
/// Rows with a null in the key are not judged.
struct KeyTest {
  std::vector<std::string> columns;
};

/// Columns of another dataset, as a check names them.
struct OtherColumns {
  std::string dataset;
  std::vector<std::string> columns;
  Place place;
  int length = 1;
};

/// What stands in CompareTest::sql for the order that a source has its rows in (where none is
/// known, as of a model: the order of all its values), for that order backwards, and for the rows
/// of the other dataset.
inline constexpr std::string_view kOwnOrder =
    "\x01"
    "own order\x01";
inline constexpr std::string_view kOwnOrderDown =
    "\x01"
    "own order down\x01";
inline constexpr std::string_view kOtherRows =
    "\x01"
    "other rows\x01";

/// A row check that looks at a row beside others, of its own dataset or of another one.
///
/// Promise   judged among the rows that all checks of the other kinds leave; several of this kind
///           are judged side by side, but those that are `alone`.
struct CompareTest {
  CheckClass check_class = CheckClass::keyed;
  /// An expression over the dataset's columns, windows included: true passes, false fails, null is
  /// not judged. `where` is part of it.
  std::string sql;
  std::vector<std::string> columns;  ///< Whose values a message shows.
  bool needs_order = false;          ///< Has no meaning for rows without an order of their own.
  std::optional<OtherColumns> other;
  /// Judged before those side by side, and one after the other: what one takes out the next does
  /// not see.
  bool alone = false;
};

/// The name by which the SQL of a SetTest means the rows that it judges.
constexpr std::string_view kJudgedRows = "leat_rows";

/// A measure of the whole dataset and the bounds it must keep.
///
/// Promise   `known`, `measure` and `sql` are ways to one value, tried in this order. Statistics of
///           the pass answer only where they are certain on which side of each bound the value
///           lies; where they are not, and where there is no measure, the rows are queried.
/// Missing   a value that is null fails.
struct SetTest {
  std::string known;    ///< An SQL literal: the value is known before any row; empty: it is not.
  std::string measure;  ///< What the statistics hold: "row_count", "null_share"; empty: nothing.
  std::vector<std::string> columns;  ///< That the measure is about.
  double share = 0;                  ///< Of a quantile: 0.5 is the median.
  /// A SELECT of one row and one column `value`, over kJudgedRows and what the check consults.
  /// Empty: the measure is always certain.
  std::string sql;
  /// A SELECT whose rows show what is wrong; empty: nothing to show.
  std::string examples_sql;
  /// The part of it that the author wrote, to be bound and searched for datasets it names.
  std::string author_sql;
  /// A SELECT of what the rows are compared with, where its types matter: the plan binds it and
  /// hands its columns to `meet`, which writes the SQL anew.
  std::string other_sql;
  std::function<void(SetTest& test, const data::Schema& other)> meet;
  std::optional<std::string> min;  ///< An SQL literal.
  std::optional<std::string> max;
  bool exclusive = false;  ///< The bounds themselves fail.
  /// `value` is a number that is known with all its digits, as kernels::Fraction reads it, and so
  /// it is compared; the bounds are plain numbers.
  bool is_exact = false;
  /// Of a sum, a mean, a quantile: the pass adds up and parts the values of the column, which is
  /// one of kernels::has_gauge; `splits` are the bounds, where values are to be parted.
  bool is_gauged = false;
  std::vector<std::string> splits;
  /// Instead of `min`: the value is a time that may lie so far before the start of the run.
  std::optional<std::chrono::milliseconds> age_max;

  /// Do statistics of its columns say something that a gauge does not?
  bool needs_statistics() const { return !is_gauged || measure == "quantile"; }
};

/// One rule about a dataset, checked and ready to be judged.
struct Check {
  std::string id;    ///< Unique in its dataset: "range(poverty_rate)".
  std::string name;  ///< The author's, or the id.
  std::string kind;  ///< "range"
  std::string description;
  std::variant<RowTest, KeyTest, CompareTest, SetTest> test;
  std::vector<std::string> consults;  ///< Other datasets that the test looks at.
  std::string where_sql;              ///< Judged only where this is true; empty: every row.
  OnFail on_fail = OnFail::quarantine;
  Dimension dimension = Dimension::validity;
  Severity severity = Severity::medium;
  /// Of row checks: the share of judged rows that has to pass; nothing: all of them. Failing rows
  /// are treated as `on_fail` says all the same; where they leave, too few hold the publish.
  std::optional<double> mostly;
  /// Says what is wrong with a failing row: "population is null", "{value}" is replaced.
  std::string message;

  CheckClass check_class() const;
};

}  // namespace leat
