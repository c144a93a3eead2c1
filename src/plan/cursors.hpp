#pragma once

#include <optional>

#include "plan/draft.hpp"
#include "plan/load.hpp"
#include "plan/pipeline_keys.hpp"

namespace leat::plan {

/// What `cursor` of the source `node` says; nothing when it is wrong, which was told.
std::optional<FileCursor> cursor_of(const CursorKeys& keys, const config::Node& node,
                                    config::Findings& findings);

/// The source reads by its cursor from here on.
void add_cursor(const FileSource& file, DraftSource& source, config::Findings& findings);

/// The column is there, and its values have an order that can be gone on from.
void judge_cursor_column(const FileSource& file, const DraftSource& source,
                         config::Findings& findings);

/// Who takes the new rows must do so in a way that loses and doubles none.
void judge_cursors(const LoadedPipeline& loaded, const Plan& plan, config::Findings& findings);

}  // namespace leat::plan
