#pragma once

#include <string>
#include <vector>

#include "connectors/postgres/encode.hpp"
#include "connectors/postgres/table.hpp"
#include "core/meet_columns.hpp"
#include "core/sink.hpp"

namespace leat::connectors::postgres {

/// How the rows of a plan go into a table.
struct Fit {
  PublishPlan plan;  ///< With the table's own spelling of its columns.
  MetColumns met;
  std::vector<WireColumn> wires;   ///< One a column of the plan.
  std::vector<std::string> casts;  ///< As Carriage::cast, one a column.
  std::vector<PgType> types;       ///< One a column of the plan, as the table has it.
  std::vector<std::pair<std::size_t, data::Type>> travels_as;
  bool has_casts = false;
  bool is_same = false;  ///< `replace`: the table stays, and its rows go.

  /// Where rows meet only in some columns, one that is cast may bring what the table's rules forbid
  /// to a row that is there already.
  bool loses_rules(std::size_t column) const {
    return !plan.options.update.empty() && !casts[column].empty();
  }
};

/// Errors    config  the table's columns are others and may not be, as meet_columns says; a
///                   column cannot be written or compared.
Result<Fit> fit(const PublishPlan& plan, const FoundTable& there, const std::string& place);

/// Columns for CREATE TABLE, with their types.
std::string declare(const std::vector<data::Column>& columns);

}  // namespace leat::connectors::postgres
