#pragma once

#include <functional>
#include <memory>

#include "io/files.hpp"

namespace leat::state {

/// The lock beside a store. Whoever has the store open holds it shared; whoever moves the store
/// away holds it alone: SQLite's files must not change places under somebody who has them open.
std::filesystem::path lock_path(const std::filesystem::path& store);

/// Lies beside a store that somebody has met a broken page in: the next that writes looks for it.
std::filesystem::path damage_mark(const std::filesystem::path& store);

/// Waits a moment for somebody who moves the store away. Errors: busy when that takes too long.
Result<std::unique_ptr<io::FileLock>> keep_in_place(io::FileSystem& files,
                                                    const std::filesystem::path& store);

/// Waits a moment for those who have the store open, as long as `is_still_wanted` says so; null
/// when it no longer does. Errors: busy when that takes too long.
Result<std::unique_ptr<io::FileLock>> have_alone(io::FileSystem& files,
                                                 const std::filesystem::path& store,
                                                 const std::function<bool()>& is_still_wanted);

}  // namespace leat::state
