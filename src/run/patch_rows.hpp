#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "run/rows_by_column.hpp"

namespace leat::run {

/// By publish id and row: the values of all columns, a JSON object of texts and nulls.
using PatchedValues = std::map<std::string, std::map<std::uint64_t, std::string>>;

/// New values by SQL over the columns and `quarantine`: `set` are columns with expressions,
/// `where` says of which rows; empty: of all.
///
/// Errors   config  no such column, an expression that does not fit; a value that cannot be told
///                  would stay as it is.
Result<PatchedValues> patch_by_sql(LiveRun& run, const RowsByColumn& rows,
                                   const data::Schema& columns,
                                   const std::vector<std::pair<std::string, std::string>>& set,
                                   const std::string& where);

/// The values in a file that `edit_sql` was written to, of the rows in which they are others now.
/// CSV, or JSON objects.
Result<PatchedValues> patch_by_file(LiveRun& run, const RowsByColumn& rows,
                                    const data::Schema& columns,
                                    const std::filesystem::path& edited);

/// Publish ids and numbers of the rows for which `where` is true; empty: of all.
Result<std::vector<std::pair<std::string, std::uint64_t>>> rows_where(LiveRun& run,
                                                                      const RowsByColumn& rows,
                                                                      const std::string& where);

/// What people edit: a SELECT of publish_id, row, failed_checks, message, the columns, and raw.
/// Where a column has such a name, that of ours begins with `quarantine_`.
std::string edit_sql(const RowsByColumn& rows, const data::Schema& columns);

}  // namespace leat::run
