#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "connectors/sqlite/table_columns.hpp"
#include "core/sink.hpp"

namespace leat::connectors::sqlite {

/// The columns of a table as a plan sees them: of the plan's own type where that one's values stay
/// what they are in it.
std::vector<data::Column> as_ours(const std::vector<TableColumn>& there, const PublishPlan& plan);

/// A staged value as it is compared: numbers as numbers, whatever they waited as.
std::string staged_value(std::size_t index, const data::Type& type);

/// The rows of the attached stage by the names of their columns, to stand behind FROM.
std::string staged_rows(const data::Schema& schema, const std::string& where = "",
                        const std::string& beside = "");

/// An instant in UTC, as a value of this type is written into a table.
std::string text_of(Instant instant, const data::Type& type);

/// The same of the present moment, as SQL.
std::string now_sql(const data::Type& type);

/// What SQLite keeps as text because its numbers would round it has no order there.
/// Errors    config  the strategy asks which of two such values is greater.
Status require_order(const PublishPlan& plan);

}  // namespace leat::connectors::sqlite
