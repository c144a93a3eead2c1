#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/catalog.hpp"
#include "core/check_options.hpp"

namespace leat::checks::sets {

using Name = ColumnName;

/// What the long form of every set check may say. A breach holds the publish by default.
struct SetOptions : CheckOptions {
  SetOptions() { on_fail = OnFail::hold; }
};

/// `warn`, `hold`, `fail`: a dataset cannot go to quarantine.
config::EnumNames<OnFail> on_fail_names();

template <typename O>
std::vector<config::TableLine<O>> set_options(std::vector<config::TableLine<O>> own) {
  return with_check_options(std::move(own), on_fail_names());
}

/// Lines for `column` or `columns` of O, whose `columns` is a list of names.
template <typename O>
void add_column_lines(std::vector<config::TableLine<O>>& lines) {
  lines.push_back(
      config::option("columns", &O::columns, "The columns, or \"*\" for all that it fits."));
  lines.push_back(config::option("column", &O::columns, "The column."));
}

/// Tells when both `column` and `columns` are there, or, with `required`, none. False: told.
bool check_column_keys(const config::Node& value, std::string_view kind, bool required,
                       config::Findings& findings);

/// The rows that are judged, as SQL: all of them, or those for which `where` is true.
std::string judged_rows(const CheckOptions& options);

/// "CAST(0.9 AS DOUBLE)"
std::string double_literal(double value);

/// A number of an author as an SQL literal; a finding, and nothing, when it is none.
std::optional<std::string> number_literal(const Name& number, config::Findings& findings);

/// Is `max` below `min`, both as authors write numbers or days? Told at `max`: no value passes.
bool refuse_crossed(const std::optional<Name>& min, const std::optional<Name>& max,
                    config::Findings& findings);

/// The only column of that name; nothing was found: a finding.
const data::Column* find_column(const Name& name, const data::Schema& schema,
                                config::Findings& findings);

}  // namespace leat::checks::sets
