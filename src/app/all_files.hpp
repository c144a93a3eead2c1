#pragma once

#include "base/cancel.hpp"
#include "io/files.hpp"

namespace leat::app {

/// The disk of this machine, and files behind http:// and https://, for all that builds sources
/// and sinks. What is fetched lies unnamed in the folder of temporary files (`TMPDIR`).
io::FileSystem& all_files();

/// From now on fetching stops where the token asks for it. `cancel` outlives the process' work.
void heed_while_fetching(const CancelToken& cancel);

}  // namespace leat::app
