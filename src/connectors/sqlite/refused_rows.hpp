#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "clients/sqlite/database.hpp"
#include "connectors/sqlite/table_rules.hpp"
#include "core/meet_columns.hpp"
#include "core/sink.hpp"

namespace leat::connectors::sqlite {

/// What rows are tried in.
struct RowTrial {
  sqlite3* database;  ///< Within a transaction that is rolled back then; the stage is attached.
  const PublishPlan& plan;
  const MetColumns& met;
  const TableRules& rules;
  std::string table;
  std::string now;                ///< SQL; as of a Meeting.
  std::function<Status()> shape;  ///< Makes the table what the rows go into.
};

struct TriedRow {
  std::int64_t row = 0;  ///< Of the stage.
  RefusedRow refused;
};

/// Does with the rows what a publish would do, and tells which of them the table does not take: all
/// at once, and where it refuses that, in blocks that are halved until those rows stand alone.
///
/// Promise   without them it takes the others, all at once. What our own rules refuse of the batch
///           is left to the publish to tell.
/// Errors    config    a trigger keeps rows, or undoes more than its row.
///           data      only together the rows are refused, or too many of them are.
Result<std::vector<TriedRow>> try_rows(const RowTrial& trial);

/// Takes rows out of the attached stage.
Status take_out(sqlite3* database, const std::vector<TriedRow>& rows, std::size_t from = 0);

}  // namespace leat::connectors::sqlite
