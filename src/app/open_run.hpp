#pragma once

#include <filesystem>
#include <string>

#include "app/project.hpp"
#include "app/state_store.hpp"
#include "run/runner.hpp"
#include "state/store.hpp"

namespace leat::app {

/// Tests steer it by LEAT_TEST_BATCH_ROWS, LEAT_TEST_BLOCK_BYTES, LEAT_TEST_STOP_AFTER_SLICE and
/// LEAT_TEST_LEASE_MS.
run::RunOptions run_options(const LoadOptions& load);

run::RunServices services_of(state::Store& store);

/// Where no run has begun that would tell: what the machine denies is told to the state all the
/// same. What cannot be noted changes nothing.
void note_grave(const std::filesystem::path& file, const LoadOptions& options, const Error& error);

/// The file of a pipeline of the project of `where`.
Result<std::filesystem::path> pipeline_file(const std::filesystem::path& where,
                                            const std::string& pipeline);

}  // namespace leat::app
