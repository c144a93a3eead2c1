#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "io/files.hpp"
#include "run/run_lease.hpp"
#include "state/store.hpp"

namespace leat::app {

/// No run and no replay of a pipeline goes on while it lives, here or on another machine.
struct HeldPipeline {
  std::unique_ptr<io::FileLock> lock;
  std::unique_ptr<state::Store> store;   ///< Null where nothing has been run yet.
  std::unique_ptr<run::RunLease> lease;  ///< Null without a store.
};

/// Errors   busy  one goes on.
Result<HeldPipeline> hold_pipeline(const std::filesystem::path& where, const std::string& pipeline);

}  // namespace leat::app
