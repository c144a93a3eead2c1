#pragma once

#include <string>

#include "base/result.hpp"
#include "engine/session.hpp"

namespace leat::engine {

/// Makes the next checkpoint of an attached database file leave the blocks alone that the file is
/// read by until then, so that a kill at any moment leaves one that opens: the engine writes parts
/// of them anew where they lie (MetadataManager::Flush of DuckDB).
///
/// Calls     once it is attached, and again before it is detached or committed to: a checkpoint
///           makes parts free again.
/// Errors    internal  there is no such database, or it has no file.
Status keep_live_blocks(Session& session, const std::string& attached);

}  // namespace leat::engine
