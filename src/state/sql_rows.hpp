#pragma once

#include <string>
#include <vector>

#include "state/sql_store.hpp"

namespace leat::state {

/// Columns as they stand in a SELECT and an INSERT, and a record as their cells, and back.
extern const char* const kRunColumns;  ///< Without the report.
/// Which of all runs it was, counted as they began: ids follow a clock, and that may be set back.
extern const char* const kRunNumber;
extern const char* const kStepColumns;
extern const char* const kPublishColumns;
extern const char* const kEventColumns;
extern const char* const kPauseColumns;
extern const char* const kLeaseColumns;

Cells cells_of(const RunRecord& run);
Cells cells_of(const StepRecord& step);
Cells cells_of(const PublishRecord& publish);
Cells cells_of(const EventRecord& event);
Cells cells_of(const Pause& pause);

/// The report stands behind the columns of a run, where it was asked for.
Result<RunRecord> run_of(const Cells& row);
Result<StepRecord> step_of(const Cells& row);
Result<PublishRecord> publish_of(const Cells& row);
EventRecord event_of(const Cells& row);
Pause pause_of(const Cells& row);

std::string micros(Instant instant);
/// 0 for what is no number: somebody else wrote it.
std::int64_t number_of(const std::string& text);

/// INSERT … ON CONFLICT (key) DO UPDATE; `columns` are in the order of the parameters;
/// the number of a run, which has none, stands last.
std::string upsert(const std::string& table, const std::string& columns, const std::string& key);

}  // namespace leat::state
