#pragma once

#include <filesystem>
#include <string>

#include "app/project.hpp"
#include "run/runner.hpp"
#include "state/store.hpp"

namespace leat::app {

/// Tests steer it by LEAT_TEST_BATCH_ROWS, LEAT_TEST_BLOCK_BYTES and LEAT_TEST_STOP_AFTER_SLICE.
run::RunOptions run_options(const LoadOptions& load);

Result<state::OpenedStore> open_store(const std::filesystem::path& state);

run::RunServices services_of(state::Store& store);

/// The file of a pipeline of the project of `where`.
Result<std::filesystem::path> pipeline_file(const std::filesystem::path& where,
                                            const std::string& pipeline);

}  // namespace leat::app
