#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "data/kernel_args.hpp"
#include "data/schema.hpp"

namespace leat {

enum class OnFail { warn, quarantine, hold, fail };
std::string_view name_of(OnFail on_fail);

/// How loud a failing check is.
enum class Severity { low, medium, high, critical };
std::string_view name_of(Severity severity);

enum class Dimension { completeness, accuracy, consistency, timeliness, validity };
std::string_view name_of(Dimension dimension);

/// How a row check is judged, and so what it costs (architecture, section 2).
enum class CheckClass { stateless, keyed, set };
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

/// A measure of the whole dataset and the bounds it must keep.
struct SetTest {
  std::string measure;  ///< "row_count"
  std::optional<double> min;
  std::optional<double> max;
  std::optional<double> equal;
};

/// One rule about a dataset, checked and ready to be judged.
struct Check {
  std::string id;    ///< Unique in its dataset: "range(poverty_rate)".
  std::string name;  ///< The author's, or the id.
  std::string kind;  ///< "range"
  std::string description;
  std::variant<RowTest, KeyTest, SetTest> test;
  std::string where_sql;  ///< Judged only where this is true; empty: every row.
  OnFail on_fail = OnFail::quarantine;
  Dimension dimension = Dimension::validity;
  Severity severity = Severity::medium;
  /// Of row checks: the share of judged rows that has to pass; nothing: all of them. Failing rows
  /// are treated as `on_fail` says all the same; below the share `quarantine` holds the publish.
  std::optional<double> mostly;
  /// Says what is wrong with a failing row: "population is null", "{value}" is replaced.
  std::string message;

  CheckClass check_class() const;
};

}  // namespace leat
