#pragma once

#include <filesystem>
#include <memory>

#include "base/result.hpp"
#include "plan/plan.hpp"
#include "state/store.hpp"

namespace leat::app {

/// The store of the project of `where`, as leat.yml says: its own file, or a server's. It is made
/// where there is none; a file that is damaged is set aside.
Result<state::OpenedStore> open_store(const std::filesystem::path& where);
/// The same for a plan; a rehearsal has one of its own.
Result<state::OpenedStore> open_store(const plan::Plan& plan);

/// The same to look: null where nothing has been run yet.
Result<std::unique_ptr<state::Store>> find_store(const std::filesystem::path& where);

/// Can the project's own file not be read as a store? False where a server keeps it.
bool is_store_damaged(const std::filesystem::path& where);

/// Does somebody carry this run out, here or on another machine?
Result<bool> goes_on(state::Store& store, const state::RunRecord& run);

}  // namespace leat::app
