#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "state/store.hpp"

namespace leat::app {

/// The store of the project of `where`. Config error when nothing has been run there.
Result<std::unique_ptr<state::Store>> open_history(const std::filesystem::path& where);

/// Runs of the project of `where`, newest first. One whose process is gone is `crashed`, though the
/// next run of its pipeline only will note that.
Result<std::vector<state::RunRecord>> runs(const std::filesystem::path& where,
                                           const std::string& pipeline, std::size_t limit);
/// One run by the beginning of its id, or "last"; its report is the JSON of run::RunReport.
Result<state::RunRecord> find_run(const std::filesystem::path& where, const std::string& id_prefix);

}  // namespace leat::app
